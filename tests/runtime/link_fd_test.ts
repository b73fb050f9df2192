import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { takesLink } from "../../src/runtime/link_fd.ts";
import { programCommand, runCommand } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

test("takesLink: Deno, and what may be Deno, is given the link by stdin", () => {
  for (const own of [undefined, "node", "/usr/bin/node20", "C:\\x\\bun.exe", "bun"]) {
    strictEqual(takesLink({ executable: own }), true, own);
  }
  for (const other of ["deno", "/usr/bin/deno", "/home/node/deno", "wrapper.sh", ""]) {
    strictEqual(takesLink({ executable: other }), false, other);
  }
});

test("linkDescriptor moves a pipe off stdin, which is empty then", async () => {
  const program = programCommand("tests/children/link_from_stdin.ts");
  const script = 'printf "for the link" | "$@"';
  const { stdout, stderr } = await runCommand(["sh", "-c", script, "sh", ...program]);
  strictEqual(stderr, "");
  deepStrictEqual(JSON.parse(stdout), [true, "for the link", 0, 0]);
}, { skip: runtimeName === "deno" && "Deno has another way: speed/deno_socket.ts" });
