/**
 * Checks of the programs in `examples/`: what they and their CPython twins print.
 *
 * @module
 */
import { deepStrictEqual } from "node:assert/strict";
import { pythonTest, runTwin } from "../helpers/python.ts";
import { runProgram, type RunResult } from "../helpers/run.ts";
import { test } from "../suite.ts";

/** One program that exists in both languages. */
export interface Example {
  /** `examples/<name>.ts` and `examples/python/<name>.py`. */
  name: string;
  /** What it prints, as {@linkcode plain} writes it. */
  lines: string[];
  /** Its lines always come in this order: nothing is printed side by side. */
  ordered?: true;
  /** Replaces what differs from run to run, such as process ids. */
  mask?: (text: string) => string;
}

/**
 * Tests a program and its twin. `env` is added to the program's environment, and `how` tells
 * what is then different.
 */
export function testExample(
  example: Example,
  env: Record<string, string> = {},
  how = "",
): void {
  const { name } = example;
  test(`examples/${name}.ts prints what its CPython twin prints${how}`, async () => {
    check(example, await runProgram(`examples/${name}.ts`, { env }));
  });
  if (how !== "") return; // the twin is the same
  pythonTest(`examples/python/${name}.py prints the same on CPython`, async () => {
    // Unbuffered, Python writes a line in several pieces, which other processes part.
    const env = { PYTHONUNBUFFERED: undefined };
    check(example, await runTwin(`examples/python/${name}.py`, [], { env }));
  });
}

/** Compares what a program has printed with an example's lines. */
export function check({ lines, ordered, mask }: Example, result: RunResult): void {
  const { stdout, stderr, code } = result;
  const text = plain(stdout);
  const printed = (mask?.(text) ?? text).trimEnd().split("\n");
  const inOrder = (all: string[]) => ordered ? all : all.toSorted();
  deepStrictEqual(
    { printed: inOrder(printed), stderr, code },
    { printed: inOrder(lines), stderr: "", code: 0 },
  );
}

/**
 * One spelling for the values that Python, Deno, Bun and Node print each in their own:
 * `True` or `true`, quotes of either kind or none, blanks in lists and objects (Bun
 * prints an object on several lines).
 */
function plain(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(/\bTrue\b/g, "true")
    .replace(/\bFalse\b/g, "false")
    .replace(/\bNone\b/g, "null")
    .replace(/["']/g, "")
    .replace(/([[{])\s+/g, "$1")
    .replace(/,?\s*([\]}])/g, "$1")
    .replace(/, /g, ",")
    .replace(/(\{[^{}]*\})/g, (object) => object.replaceAll(": ", ":"));
}

/** Names process ids A, B, C… as they first appear, so that equal ones stay equal. */
export function maskPids(text: string): string {
  const seen: string[] = [];
  return text.replace(/(?<=pid=|parent=|parent process: |process id: )\d+/g, (pid) => {
    if (!seen.includes(pid)) seen.push(pid);
    return "ABC"[seen.indexOf(pid)] ?? pid;
  });
}

/** The numbers below `length`. */
export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
