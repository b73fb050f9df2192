/** The count of CPython's cases: that none can be missing, and that its table is CPython's. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { listCases, missingCases, type Table } from "../../scripts/cases.ts";
import table from "../../scripts/cpython_cases.json" with { type: "json" };
import type { Case } from "../../scripts/junit.ts";
import { ROOT } from "../../scripts/project.ts";
import { pythonVersions } from "../helpers/python.ts";
import { runCommand } from "../helpers/run.ts";
import { test } from "../suite.ts";

const SMALL: Table = {
  python: "3.13.0",
  cases: {
    _TestLock: {
      test_lock: ["processes", "threads"],
      test_gone: ["processes"],
    },
    TestWait: { test_wait: [] },
    _TestContainers: { test_list: ["manager"] },
  },
};
const REASONS = { "_TestLock.test_gone": "it is gone" };

const ran = (...names: string[]): Case[] =>
  names.map((name) => ({ name, result: "passed", error: "" }));

const ALL = [
  ...["_TestLock.test_lock (processes)", "_TestLock.test_lock (threads)"],
  ...["TestWait.test_wait", "_TestContainers.test_list"],
];

test("each case of CPython's that has no test is named", () => {
  const more = ["_TestLock.test_lock_of_3_14", "something else"];
  deepStrictEqual(missingCases(ran(...ALL, ...more), SMALL, REASONS), []);
  for (const name of ALL) {
    const others = ALL.filter((one) => one !== name);
    const [problem, ...rest] = missingCases(ran(...others), SMALL, REASONS);
    ok(problem?.includes(name), problem);
    deepStrictEqual(rest, []);
  }
});

test("a test's name may say more than the case's", () => {
  const names = ["TestWait.test_wait, unmapped", "_TestLock.test_lock, twice"];
  const found = missingCases(ran(...names, ...ALL.slice(1)), SMALL, REASONS);
  deepStrictEqual(found, []); // the second is that of processes
});

test("a reason must be that of a case, which has no test", () => {
  const unknown = { ...REASONS, "_TestLock.test_locks": "no such thing" };
  const [problem] = missingCases(ran(...ALL), SMALL, unknown);
  match(problem!, /^_TestLock\.test_locks is said not to apply, but CPython has no/);
  const there = { ...REASONS, "TestWait.test_wait": "why" };
  const [other] = missingCases(ran(...ALL), SMALL, there);
  strictEqual(other, "TestWait.test_wait is said not to apply, but is there");
});

test("the list tells what became of each case, the worst of its tests", () => {
  const some = ran(ALL[0]!, "TestWait.test_wait, slow", "TestWait.test_wait");
  some[1]!.result = "failed";
  const lines = listCases(some, SMALL, REASONS).map((line) => line.replace(/ +/, " "));
  deepStrictEqual(lines, [
    "passed _TestLock.test_lock (processes)",
    "MISSING _TestLock.test_lock (threads)",
    "not applicable _TestLock.test_gone (processes): it is gone",
    "failed TestWait.test_wait",
    "MISSING _TestContainers.test_list (manager)",
  ]);
});

const python = pythonVersions().find(({ version }) => version === table.python);

test("the table of cases is CPython's", async () => {
  const script = `${ROOT}/scripts/cpython_cases.py`;
  const { stdout, stderr } = await runCommand([python!.command, script, "--print"]);
  strictEqual(stderr, "");
  deepStrictEqual(JSON.parse(stdout), table);
}, { skip: python === undefined && `no CPython ${table.python}` });
