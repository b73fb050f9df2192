/**
 * Runs many generated programs in CPython and on the runtimes, and compares what each of
 * their steps comes to: `deno task differential [OPTION]...`. A program with a difference
 * is made smaller and printed in both languages.
 *
 * | option | what it says |
 * | --- | --- |
 * | `--runtimes=deno,bun,node24` | where the programs run, from the sources |
 * | `--lines=100000` | lines that are compared on each runtime, at least |
 * | `--seconds=N` | ends earlier, after the runs that have begun |
 * | `--seed=N` | the same number gives the same programs; by chance if not given |
 * | `--kinds=NAME,…` | kinds of `tests/differential/kinds/mod.ts` |
 * | `--shown=10` | differences that are printed, and made smaller, at most |
 * | `--jobs=2` | programs that run at the same time |
 *
 * @module
 */
import { pythonVersions } from "../tests/helpers/python.ts";
import { DECLARED, type Declared } from "../tests/differential/declared.ts";
import { emit } from "../tests/differential/emit.ts";
import { KINDS, programsOf, UNSETTLED } from "../tests/differential/kinds/mod.ts";
import type { Program } from "../tests/differential/program.ts";
import {
  compare,
  type Difference,
  outline,
  pythonSide,
  runBoth,
  runtimeSide,
  type Side,
} from "../tests/differential/run.ts";
import { shrink } from "../tests/differential/shrink.ts";
import { findRuntime, type RuntimeId, RUNTIMES } from "./runtimes.ts";
import { ROOT } from "./project.ts";

const options = new Map(
  Deno.args.map((arg) => {
    const [, name, value] = /^--(\w+)=(.*)$/.exec(arg) ?? [];
    if (name === undefined) throw new Error(`not an option: ${arg}`);
    return [name, value!];
  }),
);
const seed = Number(options.get("seed") ?? Date.now() % 1_000_000);
const wanted = Number(options.get("lines") ?? 100_000);
const seconds = Number(options.get("seconds") ?? Infinity);
const most = Number(options.get("shown") ?? 10);
const kinds = options.get("kinds")?.split(",") ?? Object.keys(KINDS);
const runtimes = (options.get("runtimes") ?? "deno,bun,node24").split(
  ",",
) as RuntimeId[];
const unknown = [
  ...runtimes.filter((one) => !RUNTIMES.includes(one)),
  ...kinds.filter((one) => !(one in KINDS || one in UNSETTLED)),
];
if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(", ")}`);

const python = pythonVersions().find(({ version }) => version.startsWith("3.13."));
if (python === undefined) throw new Error("no CPython 3.13 on this machine");
const theirSide = pythonSide(python);

/** The command line of each runtime, without the program. */
async function commandOf(runtime: RuntimeId): Promise<string[]> {
  const path = await findRuntime(runtime);
  return runtime === "deno"
    ? [path, "run", "-A", `--config=${ROOT}/deno.json`]
    : [path];
}

/** What was compared on a runtime. */
interface Count {
  lines: number;
  programs: number;
  differences: number;
  milliseconds: number;
  side: Side;
}

const counts = new Map<string, Count>();
for (const runtime of runtimes) {
  const side = runtimeSide(await commandOf(runtime));
  counts.set(runtime, { lines: 0, programs: 0, differences: 0, milliseconds: 0, side });
}
const declared = new Map<Declared, number>();
const perKind = new Map<string, number>();
const shown = new Set<string>();
let pythonMilliseconds = 0;

async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const begin = performance.now();
  return [await run(), performance.now() - begin];
}

/** One run of a kind: in CPython once, and on each runtime. */
async function compareRun(kind: string, n: number): Promise<void> {
  const programs = programsOf(kind, seed, n);
  const emitted = emit(programs);
  const [theirs, time] = await timed(() => theirSide(emitted));
  pythonMilliseconds += time;
  perKind.set(
    kind,
    (perKind.get(kind) ?? 0) + Object.keys(theirs.lines).length,
  );
  for (const [runtime, count] of counts) {
    const [ours, time] = await timed(() => count.side(emitted));
    count.milliseconds += time;
    count.lines += Object.keys(ours.lines).length;
    count.programs += programs.length;
    const differences = compare(emitted, programs, theirs, ours, declared);
    count.differences += differences.length;
    for (const one of differences) await report(runtime, n, programs, one, count.side);
  }
}

/** Prints a difference, with the smallest program that shows it. */
async function report(
  runtime: string,
  n: number,
  programs: Program[],
  found: Difference,
  side: Side,
): Promise<void> {
  const program = programs[found.program]!;
  if (shown.has(outline(found)) || shown.size >= most) return;
  shown.add(outline(found));
  const where = `${runtime}, ${program.kind}, run ${n}, step ${found.key}`;
  const lines = `  CPython: ${found.theirs}\n  here:    ${found.ours}`;
  console.log(`\n${where}: ${found.code.py}\n${lines}`);
  const smallest = await shrink(
    program,
    found,
    (programs) => runBoth(programs, theirSide, side),
  );
  if (smallest === undefined) return console.log("  not again, when run alone");
  const { py, ts } = emit([smallest]);
  console.log(`\nThe smallest program for ${where}:\n\n${py}\n${ts}`);
}

const begin = performance.now();
const late = () => performance.now() - begin > seconds * 1000;
const isDone = () => [...counts.values()].every(({ lines }) => lines >= wanted);
function* runs(): Generator<[string, number]> {
  for (let n = 0;; n++) for (const kind of kinds) yield [kind, n];
}
const all = runs();
/** Several work at the same time: what each waits for leaves a processor idle. */
async function worker(): Promise<void> {
  while (!late() && !isDone()) {
    await compareRun(...all.next().value as [string, number]);
  }
}
await Promise.all(Array.from({ length: Number(options.get("jobs") ?? 2) }, worker));

const round = (milliseconds: number) => Math.round(milliseconds / 1000);
console.log(`\nseed ${seed}, ${round(performance.now() - begin)} s`);
for (const [kind, lines] of perKind) console.log(`  ${kind}: ${lines} lines`);
console.log(`CPython ${python.version}: ${round(pythonMilliseconds)} s`);
for (const [runtime, { lines, programs, differences, milliseconds }] of counts) {
  const speed = Math.round(lines / (milliseconds / 1000));
  console.log(
    `${runtime}: ${lines} lines of ${programs} programs, ${differences} differences, ` +
      `${round(milliseconds)} s, ${speed} lines/s`,
  );
}
for (const one of DECLARED) {
  if (!kinds.some((kind) => one.kind.test(kind))) continue;
  const times = declared.get(one) ?? 0;
  console.log(`declared: ${times} times: ${one.reason}`);
  if (times === 0) console.log("  never: a leftover?");
}
if ([...counts.values()].some(({ differences }) => differences > 0)) Deno.exit(1);
