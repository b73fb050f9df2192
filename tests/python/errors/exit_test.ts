import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { SystemExit, systemExitStatus } from "../../../src/python/errors.ts";
import { askPython, pythonTest } from "../../helpers/python.ts";
import { test } from "../../suite.ts";

/** A code in JavaScript and in Python, and what it makes of a process. */
const CASES: [code: unknown, python: string, status: number, text?: string][] = [
  [undefined, "None", 0],
  [null, "None", 0],
  [true, "True", 1],
  [false, "False", 0],
  [3, "3", 3],
  [256, "256", 0],
  [-1, "-1", 255],
  [2 ** 32 + 5, "2**32 + 5", 5],
  [5n, "5", 5],
  [2n ** 63n - 1n, "2**63 - 1", 255],
  [2n ** 70n, "2**70", 255],
  ["no input", "'no input'", 1, "no input"],
  ["", "''", 1, ""],
  [[1, 2], "[1, 2]", 1, "[1, 2]"],
  [2.5, "2.5", 1, "2.5"],
  [NaN, "float('nan')", 1, "nan"],
  [{ a: "b" }, "{'a': 'b'}", 1, "{'a': 'b'}"],
  [new Error("boom"), "Exception('boom')", 1, "boom"],
];

function exitWith(code: unknown): SystemExit {
  return new SystemExit(...(code === undefined ? [] : [code]));
}

test("systemExitStatus", () => {
  for (const [code, python, status, text] of CASES) {
    const wanted = text === undefined ? { status } : { status, text };
    deepStrictEqual(systemExitStatus(exitWith(code)), wanted, python);
  }
});

pythonTest("systemExitStatus is what sys.exit makes of its argument", async () => {
  // One fork a case, as each ends its process.
  const source = `
import json, os, subprocess, sys
ends = []
for code in json.loads(sys.argv[1]):
    r = subprocess.run([sys.executable, "-S", "-c", "import sys; sys.exit(%s)" % code],
                       stderr=subprocess.PIPE, universal_newlines=True)
    # With other codes there may be a complaint about an integer that is too large.
    ends.append([r.returncode, r.stderr if r.returncode == 1 else ""])
print(json.dumps(ends))`;
  const ours = CASES.map(([code]) => systemExitStatus(exitWith(code))).map(
    ({ status, text }) => {
      return [status, text === undefined ? "" : `${text}\n`];
    },
  );
  deepStrictEqual(ours, await askPython(source, [CASES.map(([, python]) => python)]));
});

pythonTest("several arguments are the code and, as a tuple, the text", async () => {
  const error = new SystemExit(1, 2);
  deepStrictEqual([error.code, error.args, error.message], [[1, 2], [1, 2], "(1, 2)"]);
  const ours = systemExitStatus(error);
  const source = `
import json, subprocess, sys
r = subprocess.run([sys.executable, "-S", "-c", "raise SystemExit(1, 2)"],
                   stderr=subprocess.PIPE, universal_newlines=True)
print(json.dumps([r.returncode, r.stderr]))`;
  deepStrictEqual([ours.status, `${ours.text}\n`], await askPython(source));
  strictEqual(systemExitStatus(new SystemExit([1, 2])).text, "[1, 2]");
});

test("SystemExit's code, text and args", () => {
  deepStrictEqual(new SystemExit().args, []);
  strictEqual(new SystemExit().code, null);
  strictEqual(new SystemExit().message, "");
  deepStrictEqual(new SystemExit(null).args, [null]);
  strictEqual(new SystemExit(3).code, 3);
  strictEqual(new SystemExit(3).message, "3");
  strictEqual(new SystemExit("bye").message, "bye");
});
