/** Compares tables of wrong calls with CPython 3.13, where it is at hand. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { pythonVersions, runPython } from "../helpers/python.ts";
import { test } from "../suite.ts";

/** The outcome of a call, the call in Python, the same call here. */
export type Row<A extends unknown[] = []> = [
  outcome: string,
  python: string,
  call: (...args: A) => unknown,
];

const python = pythonVersions().find((one) => one.version.startsWith("3.13."));

/** A test that runs `source`, which prints the outcome of each expression in its argument. */
export function compareTables(
  name: string,
  tables: Record<string, readonly (readonly [string, string, unknown])[]>,
  source: string,
): void {
  test(name, async () => {
    const rows = Object.values(tables).flat();
    const calls = JSON.stringify(rows.map(([, python]) => python));
    const { stdout, stderr, code } = await runPython(source, [calls], { python });
    strictEqual(code, 0, stderr);
    deepStrictEqual(
      stdout.trimEnd().split("\n"),
      rows.map(([outcome, python]) => `${python}: ${outcome}`),
    );
  }, { skip: python === undefined && "no CPython 3.13 on this machine" });
}
