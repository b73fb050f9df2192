/** Tests of src/pool/progress.ts: bars on a terminal, which Python's `pty` provides, and off it. */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { bar } from "../../src/pool/progress.ts";
import { raises, wrong } from "../cpython/helpers/checks.ts";
import { pythonTest, runPython } from "../helpers/python.ts";
import { outputOf, programCommand } from "../helpers/run.ts";
import { test } from "../suite.ts";

const PROGRAM = "tests/children/progress_bars.ts";

/** What the program prints, whatever stderr is. */
const PRINTED = ["20", "20 20", "20", "20", "false", "RangeError: no"];

/** Runs `sys.argv[2:]` on a terminal of `sys.argv[1]` columns, and shows what it shows. */
const ON_TERMINAL = `
import fcntl, os, pty, struct, sys, termios
columns, command = int(sys.argv[1]), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execvp(command[0], command)
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
sys.exit(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
`;

/** What a terminal shows in the end: a line that is written anew hides what it was. */
function shown(output: string): string[] {
  return output.replaceAll("\r\n", "\n").split("\n").map((line) => {
    let text = "";
    // deno-lint-ignore no-control-regex -- the codes that clear a line
    for (const piece of line.split(/\r|\x1b\[2K/)) {
      text = piece === "" ? (line.endsWith("\x1b[2K") ? "" : text) : piece;
    }
    // deno-lint-ignore no-control-regex -- colors
    return text.replaceAll(/\x1b\[\d*[mK]/g, "");
  });
}

test("bar: nothing is drawn where stderr is no terminal", async () => {
  deepStrictEqual((await outputOf(PROGRAM)).trim().split("\n"), PRINTED);
});

pythonTest("bar: on a terminal it ends with what was done", async () => {
  const command = programCommand(PROGRAM);
  const { stdout, code } = await runPython(ON_TERMINAL, ["70", ...command]);
  strictEqual(code, 0);
  const lines = shown(stdout);
  const bars = lines.filter((line) => /it|x\/s/.test(line));
  const wanted = [
    /^whole: 100%\|█+\| 20\/20 \[00:0\d<00:00, [\d.]+it\/s\]$/,
    /^open: 20it \[00:0\d, [\d.]+it\/s\]$/,
    /^told: 100%\|█+\| 20\/20 \[00:0\d<00:00, [\d.]+x\/s\]$/,
    /^ {2}0%\| +\| 0\/1 \[00:0\d<\?, \?it\/s\]$/,
    /^left: {3}0%\| +\| 0\/1 \[00:0\d<\?, \?it\/s\]$/,
  ];
  strictEqual(bars.length, wanted.length, lines.join("\n"));
  wanted.forEach((pattern, i) => match(bars[i]!, pattern));
  const others = lines.filter((line) => line !== "" && !bars.includes(line));
  deepStrictEqual(others, PRINTED);
  doesNotMatch(stdout, /never|empty|off/); // what never began is not drawn
  match(stdout, /gone/);
});

pythonTest("bar: it is no wider than the terminal", async () => {
  const command = programCommand(PROGRAM);
  const { stdout } = await runPython(ON_TERMINAL, ["56", ...command]);
  const bars = shown(stdout).filter((line) => /it|x\/s/.test(line));
  for (const line of bars) strictEqual(line.length < 56, true, line);
  match(bars[0]!, /^whole: 100%\|█{5,14}\| 20\/20 \[/);
});

test("bar: it counts, drawn or not; wrong options raise", async () => {
  const counter = bar("some", { total: 3 });
  deepStrictEqual([counter.n, counter.total], [0, 3]);
  counter(2, null);
  deepStrictEqual([counter.n, counter.total], [2, 3]);
  counter(4, 5);
  deepStrictEqual([counter.n, counter.total], [4, 5]);
  counter.close();
  counter.close();
  const text = "total must be a number that is not negative, or None";
  await raises(() => bar({ total: -1 }), "TypeError", text);
  await raises(() => bar({ total: wrong("3") }), "TypeError", text);
  await raises(
    () => bar(wrong({ describe: "x" })),
    "TypeError",
    /^bar\(\) got an unexpected keyword argument 'describe'/,
  );
});
