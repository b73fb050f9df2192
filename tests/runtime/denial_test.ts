/** Tests of src/runtime/denial.ts: what a runtime does not allow can be caught. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { withDenial } from "../../src/runtime/denial.ts";
import { runProgram } from "../helpers/run.ts";
import { DENO } from "../helpers/groups.ts";
import { runtimeName, test } from "../suite.ts";

/** Flags that allow everything but the network. */
const FLAGS: Record<string, string[][]> = {
  deno: [
    ["--no-prompt", "--allow-run", "--allow-read=."],
    ["--no-prompt", "--allow-run", "--allow-read", "--allow-write", "--allow-env"],
    ["--no-prompt", "--allow-run", "--allow-read", "--allow-net=example.org"],
    ["--no-prompt", "-A", "--deny-net"],
  ],
  node: [[
    ...["--permission", "--allow-child-process"],
    ...["--allow-fs-read=*", "--allow-fs-write=*"],
  ]],
};

const REFUSED =
  /^.+ PermissionError: \[Errno (1|13)\] (Operation not permitted|Permission denied)$/;

const hasPermissions = runtimeName === "deno" ||
  process.allowedNodeEnvironmentFlags.has("--allow-net");

for (const host of ["127.0.0.1", "localhost", "::1"]) {
  test(
    `all that uses the network rejects where that is not allowed: ${host}`,
    async () => {
      const ways = FLAGS[runtimeName]!;
      for (const flags of host === "127.0.0.1" ? ways : ways.slice(0, 1)) {
        const { stdout, code } = await runProgram("tests/children/no_network.ts", {
          args: [host],
          flags,
        });
        const lines = stdout.trimEnd().split("\n");
        strictEqual(code, 0, stdout);
        strictEqual(lines.pop(), "end");
        strictEqual(lines.length, 8);
        for (const line of lines) ok(REFUSED.test(line), `${flags}: ${line}`);
      }
    },
    { skip: !hasPermissions && "this runtime has no permission for the network" },
  );
}

DENO.test(
  "a host that is allowed by its name or its address can be listened at",
  async () => {
    for (const allowed of ["127.0.0.1", "127.0.0.1:0"]) {
      const { stdout } = await runProgram("tests/children/no_network.ts", {
        args: ["127.0.0.1"],
        flags: [...FLAGS.deno![0]!, `--allow-net=${allowed}`],
      });
      strictEqual(stdout.split("\n")[0], "Listener by port worked");
    }
  },
);

test("withDenial: the runtimes' refusals get the system's code, others stay", () => {
  const refusals = [
    Object.assign(new Error("Requires net access"), { name: "NotCapable" }),
    Object.assign(new Error("restricted"), { code: "ERR_ACCESS_DENIED" }),
  ];
  for (const refusal of refusals) {
    const { code, message, cause } = withDenial(refusal) as Error & { code: string };
    deepStrictEqual([code, message, cause], ["EACCES", refusal.message, refusal]);
  }
  const missing = Object.assign(new Error(), { code: "ENOENT" });
  for (const other of [new Error("x"), missing, "text"]) {
    strictEqual(withDenial(other), other);
  }
});
