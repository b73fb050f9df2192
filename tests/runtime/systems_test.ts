/** What differs on other systems than this one, as far as it can be simulated here. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { exitCode, killChild } from "../../src/runtime/deno.ts";
import { runProgram } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

for (
  const [name, family, kind] of [
    ["win32", "AF_INET", "object"],
    ["darwin", "AF_UNIX", "string"],
  ] as const
) {
  test(`managers and listeners have addresses that ${name} knows`, async () => {
    const { stdout, stderr } = await runProgram("tests/children/other_system.ts", {
      args: [name],
    });
    const expected = [family, [kind, kind], 1, [1, "ü"]];
    strictEqual(stdout.trim(), JSON.stringify(expected), stderr);
  });
}

test("on Deno, codes of Windows are no signals, and the end that we sent is one", () => {
  const status = (code: number, signal: Deno.Signal | null = null) => ({
    code,
    signal,
  });
  const table: [ReturnType<typeof status>, number | undefined, boolean, number][] = [
    [status(0), undefined, false, 0],
    [status(255), undefined, false, 255],
    [status(143, "SIGTERM"), 15, false, -15],
    [status(1), 15, false, 1],
    [status(1), 15, true, -15],
    [status(0), 15, true, 0],
    [status(-1073741819), undefined, true, 3221225477],
    [status(-2147483648), undefined, true, 2147483648],
  ];
  for (const [ended, by, isWindows, code] of table) {
    strictEqual(exitCode(ended, by, isWindows), code);
  }
});

test(
  "on Deno, a signal that the system lacks is told, and a child that is gone is not",
  () => {
    const sent: string[] = [];
    const child = { kill: (name?: Deno.Signal) => void sent.push(name!) };
    for (const signal of [2, 15, 9]) strictEqual(killChild(child, signal, true), true);
    for (const signal of [2, 15, 9]) strictEqual(killChild(child, signal, false), true);
    deepStrictEqual(sent, [
      ...["SIGKILL", "SIGKILL", "SIGKILL"],
      ...["SIGINT", "SIGTERM", "SIGKILL"],
    ]);
    const failing = (message: string) => ({
      kill() {
        throw new TypeError(message);
      },
    });
    strictEqual(killChild(failing("Child process has already terminated"), 9), false);
    throws(() => killChild(failing("unsupported signal"), 10), TypeError);
  },
  { skip: runtimeName !== "deno" && "about Deno's errors" },
);
