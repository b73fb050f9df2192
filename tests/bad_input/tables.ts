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

/** Rows with the same outcome: what is called in Python, and the same call here. */
export function rows<A extends unknown[] = []>(
  outcome: string,
  calls: Record<string, (...args: A) => unknown>,
): Row<A>[] {
  return Object.entries(calls).map(([python, call]) => [outcome, python, call]);
}

/** Calls a method with arguments that its type forbids. */
export function call(object: object, method: string, ...args: unknown[]): unknown {
  return Reflect.apply(Reflect.get(object, method) as () => unknown, object, args);
}

/** A constructor called with arguments that its type forbids. */
export function make(Maker: unknown, ...args: unknown[]): unknown {
  return Reflect.apply(Maker as () => unknown, undefined, args);
}

/** An error of CPython's: no integer. */
export function integer(type: string): string {
  return `TypeError: '${type}' object cannot be interpreted as an integer`;
}

/** The same: so many arguments, counted with `self`. */
export function takes(
  what: string,
  least: number,
  most: number,
  given: number,
): string {
  const range = least === most ? `${most}` : `from ${least} to ${most}`;
  const plural = least === most && most === 1 ? "" : "s";
  return `TypeError: ${what}() takes ${range} positional argument${plural} but ` +
    `${given} were given`;
}

/** The same: a name that no argument has. */
export function unexpected(what: string, name: string, meant?: string): string {
  return `TypeError: ${what}() got an unexpected keyword argument '${name}'` +
    (meant === undefined ? "" : `. Did you mean '${meant}'?`);
}

/** The same: an argument that must be there. */
export function missing(what: string, name: string): string {
  return `TypeError: ${what}() missing 1 required positional argument: '${name}'`;
}

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
