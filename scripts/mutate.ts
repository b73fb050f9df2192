/**
 * Asks of the tests whether they see faults: `deno task mutate [--filter=PART]`.
 *
 * Each mutant of mutants.ts is a small fault in one source file, and names the tests that
 * must fail with it. It is built into a copy of the tree, and those tests run there, on
 * this Deno. The report has a line for each mutant, `killed` or `SURVIVED`, and a total;
 * the exit code is 1 if one survives, or if a mutant's place is no longer there.
 *
 * The same tests run without any mutant first: a test that fails anyway proves nothing.
 *
 * `--filter=PART` chooses mutants by a part of their name or file. `JOBS=4` in the
 * environment runs that many at a time; without it one runs after the other.
 *
 * Nothing is written but a temporary folder.
 *
 * @module
 */
import { killLeftovers, MARK } from "./leftovers.ts";
import { GONE, type Mutant, MUTANTS } from "./mutants.ts";
import { limiter, ROOT, run } from "./project.ts";

/** Seconds for the tests of one mutant; one that hangs them is killed. */
const TIMEOUT = 120;

/** What the tests read, beside `node_modules`, which the copies share. */
const TREE = ["deno.json", "mod.ts", "src", "tests", "examples", "scripts"];

/** What became of a mutant. */
type Verdict = "killed" | "SURVIVED" | "MISPLACED" | "BROKEN";

/** How the tests of a mutant ended. */
interface TestRun {
  readonly passed: boolean;
  /** Whether there were any, and they could be loaded. */
  readonly ran: boolean;
  /** The first test that failed, or why the run did. */
  readonly reason: string;
  readonly output: string;
}

const filters = Deno.args.filter((arg) => arg.startsWith("--filter="))
  .map((arg) => arg.slice("--filter=".length));
const chosen = MUTANTS.filter(({ name, file }) =>
  filters.every((part) => name.includes(part) || file.includes(part))
);
const temporary = await Deno.makeTempDir({ prefix: "pystd-mutate-" });
const slot = limiter(Number(Deno.env.get("JOBS")) || 1);
try {
  Deno.exitCode = await main();
} finally {
  await Deno.remove(temporary, { recursive: true });
}

async function main(): Promise<number> {
  const unsound = await testWithout();
  let killed = 0;
  const total = chosen.length;
  await Promise.all(chosen.map((mutant, index) =>
    slot(async () => {
      const [verdict, reason] = unsound.has(keyOf(mutant))
        ? ["BROKEN", "see above"] as const
        : await judge(mutant, `${temporary}/${index}`);
      if (verdict === "killed") killed++;
      const { name, file } = mutant;
      console.log(`${verdict.padEnd(9)} ${name} (${file})${reason && ` - ${reason}`}`);
    })
  ));
  if (filters.length === 0) {
    for (const { name, why } of GONE) console.log(`gone      ${name}: ${why}`);
  }
  console.log(`${killed} of ${total} killed`);
  return killed === total ? 0 : 1;
}

/** Runs every mutant's tests on the tree as it is; gives those that fail there. */
async function testWithout(): Promise<Set<string>> {
  const folder = `${temporary}/plain`;
  await copyTree(folder);
  const unsound = new Set<string>();
  const kinds = new Map(chosen.map((mutant) => [keyOf(mutant), mutant]));
  await Promise.all([...kinds].map(([key, mutant]) =>
    slot(async () => {
      const { passed, ran, output } = await runTests(mutant, folder);
      if (passed && ran) return;
      unsound.add(key);
      console.log(`without any mutant, ${key} ${ran ? "fails" : "has no test"}`);
      if (ran) console.log(output);
    })
  ));
  return unsound;
}

function keyOf({ tests, only = "" }: Mutant): string {
  return `${tests.join(" ")} ${only}`.trim();
}

async function judge(
  mutant: Mutant,
  folder: string,
): Promise<[verdict: Verdict, reason: string]> {
  await copyTree(folder);
  try {
    const path = `${folder}/${mutant.file}`;
    const text = await Deno.readTextFile(path);
    const parts = text.split(mutant.text);
    if (parts.length !== 2) return ["MISPLACED", `${parts.length - 1} places`];
    await Deno.writeTextFile(path, parts.join(mutant.replacement));
    const { passed, ran, reason } = await runTests(mutant, folder);
    if (!ran) return ["BROKEN", "nothing could be loaded"]; // no fault, but nonsense
    return passed ? ["SURVIVED", ""] : ["killed", `by: ${reason}`];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runTests(mutant: Mutant, folder: string): Promise<TestRun> {
  const mark = crypto.randomUUID();
  const { tests, only } = mutant;
  const filter = only === undefined ? [] : [`--filter=${only}`];
  const command = [Deno.execPath(), "test", "-A", "--no-check", ...filter, ...tests];
  const env = { NO_COLOR: "1", [MARK]: mark };
  const result = await run(command, { cwd: folder, env, timeout: TIMEOUT });
  const left = await killLeftovers(mark);
  const isParsed = !result.output.includes("could not be parsed");
  const ran = result.late || (isParsed && / test(s|) from /.test(result.output) &&
    !/\b0 passed \| 0 failed/.test(result.output));
  const failed = /^(.+) \.\.\. .*FAILED/m.exec(result.output)?.[1];
  return {
    passed: result.code === 0 && !result.late && left.length === 0,
    ran,
    reason: failed ?? (result.late ? "its time was over" : left[0] ?? "exit code"),
    output: result.output,
  };
}

/** Copies what the tests read; packages are only linked to. */
async function copyTree(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for (const name of TREE) await copy(`${ROOT}/${name}`, `${folder}/${name}`);
  await Deno.symlink(`${ROOT}/node_modules`, `${folder}/node_modules`);
}

async function copy(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    await copy(`${from}/${name}`, `${to}/${name}`);
  }
}
