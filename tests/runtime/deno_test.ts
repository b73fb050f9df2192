/** Tests of src/runtime/deno.ts. */
import { deepStrictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { offerSocket, readPreamble } from "../../src/runtime/speed/deno_socket.ts";
import { runProgram } from "../helpers/run.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { runtimeName, test } from "../suite.ts";

turnAllOn();

const skip = runtimeName !== "deno" && "only Deno needs sockets";

test(
  "a child whose root is gone before it said anything removes the socket's place",
  async () => {
    const offered = offerSocket()!;
    offered.accepted.catch(() => {});
    const { path } = readPreamble(offered.preamble)!;
    const { stdout, stderr, code } = await runProgram("tests/children/read_stdin.ts", {
      stdin: offered.preamble,
    });
    const isThere = existsSync(dirname(path));
    offered.close();
    deepStrictEqual({ stdout, stderr, code, isThere }, {
      ...{ stdout: "0\n", stderr: "", code: 0 },
      isThere: false,
    });
  },
  { skip },
);
