/** Wrong arguments of `register`, beside CPython's. */
import { deepStrictEqual } from "node:assert/strict";
import { BaseManager } from "../../src/managers.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";

const WRONG: readonly (readonly unknown[])[] = [
  [5],
  [null],
  [true],
  [2.5],
  [5, null, null, null, null, false],
  ["x", null, null, null, { f: 5 }],
  ["x", null, null, null, 5],
  ["x", null, null, ["a"], { f: null }],
  [""],
];

function register(args: readonly unknown[]): string {
  class Manager extends BaseManager {}
  try {
    Manager.register(...args as Parameters<typeof BaseManager.register>);
    return "taken";
  } catch (error) {
    return String(error);
  }
}

pythonTest("register raises what CPython's does", async () => {
  const source = `
import json, sys
from multiprocessing.managers import BaseManager
answers = []
for args in json.loads(sys.argv[1]):
    class Manager(BaseManager): pass
    try:
        Manager.register(*args)
        answers.append("taken")
    except Exception as error:
        answers.append("%s: %s" % (type(error).__name__, error))
print(json.dumps(answers))`;
  const theirs = await askPython(source, [WRONG]) as string[];
  const told = (answers: string[]) => WRONG.map((args, i) => [args, answers[i]]);
  deepStrictEqual(told(WRONG.map(register)), told(theirs));
});

test("what cannot be the list of exposed methods is refused at once", () => {
  deepStrictEqual(
    register(["x", null, null, 5]),
    "TypeError: 'int' object is not iterable",
  );
});
