/**
 * Speed on each runtime against CPython's, in the same run:
 * `deno task bench [runtime or program]...`, such as `deno task bench bun queues`.
 *
 * The programs are those of `scripts/bench/`. Each is run {@linkcode ROUNDS} times, and in
 * every round by CPython and all runtimes in turn, so that a slow moment of the machine
 * meets them all; what is printed are the medians, and what is in brackets is how many
 * times CPython's figure that is. Rates depend on the machine: look at the ratios.
 *
 * With the program `pool` other packages' pools are measured too, on Node; there what is in
 * brackets is how many times their figure ours is.
 *
 * `python3` on the `PATH` is the measure; `PYTHON` in the environment names another. The
 * runtimes run what a user has: the package installed from its tarball.
 *
 * @module
 */
import { SECTIONS } from "./bench/cases.ts";
import { type Column, median, printTable } from "./bench/table.ts";
import { compile, layProject } from "./compile_tests.ts";
import { installPackages } from "./node_modules.ts";
import { pack } from "./pack.ts";
import { filesUnder, mustRun, ROOT, run } from "./project.ts";
import { findRuntime } from "./runtimes.ts";

/** How often everything is measured; `ROUNDS` in the environment says otherwise. */
const ROUNDS = Number(Deno.env.get("ROUNDS")) || 5;

/** The runtimes that are measured. */
const RUNTIMES = ["deno", "bun", "node24"] as const;

/** Who is measured: what runs a program, and what came of it. */
interface Contestant {
  name: string;
  /** Runs a program; gives what it prints. */
  run: (program: string) => Promise<string>;
  /** All figures of a case, one a round. */
  figures: Map<string, number[]>;
}

const wanted = (name: string, all: readonly string[]) => {
  const chosen = Deno.args.filter((arg) => all.includes(arg));
  return chosen.length === 0 || chosen.includes(name);
};
const programs = SECTIONS.map(({ program }) => program);
const sections = SECTIONS.filter(({ program }) => wanted(program, programs));

const temporary = await Deno.makeTempDir({ prefix: "pystd-bench-" });
try {
  const contestants = await gather();
  for (const { program } of sections) {
    for (let round = 1; round <= ROUNDS; round++) {
      console.error(`${program}, round ${round} of ${ROUNDS}`);
      for (const contestant of contestants) await measure(contestant, program);
    }
  }
  const rows = sections.flatMap(({ cases }) => Object.entries(cases));
  const columns = contestants.map(columnOf);
  const python = columns.find(({ name }) => name.startsWith("Python"));
  printTable(rows, columns, python);
  await comparePools(columns.filter((column) => column !== python));
} finally {
  await Deno.remove(temporary, { recursive: true });
}

async function gather(): Promise<Contestant[]> {
  await installPackages();
  const found: Contestant[] = [];
  const python = await findPython();
  if (python !== undefined) found.push(python);
  else console.log("no python3: nothing to compare with");
  const folder = await installTarball();
  for (const name of RUNTIMES) {
    if (wanted(name, RUNTIMES)) found.push(await fromTarball(name, folder));
  }
  return found;
}

async function findPython(): Promise<Contestant | undefined> {
  const command = Deno.env.get("PYTHON") ?? "python3";
  try {
    const { code, stdout } = await run([command, "--version"]);
    if (code !== 0) return undefined;
    return {
      name: stdout.trim(),
      run: (program) => mustRun([command, `scripts/bench/${program}.py`]),
      figures: new Map(),
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** A project that has the package installed, and the programs compiled. */
async function installTarball(): Promise<string> {
  const folder = `${temporary}/project`;
  await Deno.mkdir(`${folder}/scripts/bench`, { recursive: true });
  await layProject(folder, await pack(temporary));
  for (const path of filesUnder("scripts/bench", ".ts")) {
    const code = compile(await Deno.readTextFile(`${ROOT}/${path}`), path);
    await Deno.writeTextFile(`${folder}/${path.replace(/\.ts$/, ".js")}`, code);
  }
  return folder;
}

async function fromTarball(
  name: typeof RUNTIMES[number],
  folder: string,
): Promise<Contestant> {
  const command = [await findRuntime(name), ...name === "deno" ? ["run", "-A"] : []];
  return {
    name,
    run: (program) =>
      mustRun([...command, `scripts/bench/${program}.js`], { cwd: folder }),
    figures: new Map(),
  };
}

async function measure({ run, figures }: Contestant, program: string): Promise<void> {
  const rates = JSON.parse(await run(program));
  for (const [name, rate] of Object.entries<number>(rates)) {
    figures.set(name, [...figures.get(name) ?? [], rate]);
  }
}

function columnOf({ name, figures }: Contestant): Column {
  const medians = [...figures].map(([name, all]) => [name, median(all)] as const);
  return { name, figures: new Map(medians) };
}

/** Other packages' pools, on Node, and how many times their figures ours are. */
async function comparePools(ours: Column[]): Promise<void> {
  const section = sections.find(({ program }) => program === "pool");
  if (section === undefined) return;
  console.error("pool, other packages");
  const node = await findRuntime("node24");
  const printed = JSON.parse(await mustRun([node, "scripts/bench/peers.ts"]));
  const peers = Object.entries<Record<string, number>>(printed).map((
    [name, rates],
  ) => ({ name, figures: new Map(Object.entries(rates)) }));
  for (const own of ours) {
    console.log();
    printTable(Object.entries(section.cases), [own, ...peers], own, true);
  }
}
