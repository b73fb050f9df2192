/**
 * Cases that run twice: with mapped memory, and with files.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { random } from "../kill/items.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { programs, PYTHON, run } from "./generated.ts";

const PROGRAMS = Number(process.env["CTYPES_PROGRAMS"] ?? 1500);
const SEED = Number(process.env["CTYPES_SEED"] ?? 20261129);

/** Registers them. */
export function addGenerated(): void {
  pythonTest("generated programs: each step as in CPython", async () => {
    const next = random(SEED);
    const all = programs(PROGRAMS, (below) => Math.floor(next() * below));
    const stdin = JSON.stringify(all);
    const theirs: string[][] = await askPython(PYTHON, [], { stdin });
    let steps = 0;
    for (const [i, program] of all.entries()) {
      const ours = run(program);
      steps += ours.length;
      for (const [n, line] of ours.entries()) {
        const where = `${JSON.stringify(program.slice(0, n + 1))} (program ${i})`;
        strictEqual(line, theirs[i]![n], where);
      }
    }
    ok(steps > PROGRAMS);
    deepStrictEqual(theirs.length, all.length);
  }, { leaks: "arenas stay open until the process ends" });
}
