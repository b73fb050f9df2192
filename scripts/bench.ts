/**
 * Speed on each runtime against CPython's, in the same run:
 * `deno task bench [runtime or program]...`, such as `deno task bench bun queues`.
 *
 * The programs are those of `scripts/bench/`. Each is run {@linkcode ROUNDS} times, and in
 * every round by CPython and all runtimes in turn, so that a slow moment of the machine
 * meets them all; what is printed are the medians, and what is in brackets is how many
 * times CPython's figure that is. Rates depend on the machine: look at the ratios.
 *
 * With the program `redis` what is in brackets is how many times the figure of the client
 * library, or of BullMQ, in the same column that is.
 *
 * With the program `pool` other packages' pools are measured too, on Node; there what is in
 * brackets is how many times their figure ours is.
 *
 * - `--json=FILE` also writes all figures to a file.
 * - `--compare=FILE` also prints what came of it against such a file: in brackets is how
 *   many times as good a figure is as the stored one. CPython's say how the machine was.
 * - `--with=FILE` has nothing measured: `--compare` takes the later figures from this file.
 * - `--without=NAME[,NAME]` measures the runtimes twice in each round, with and without these
 *   mechanisms of `src/runtime/switches.ts`, and nobody else; what is printed, as Markdown, is
 *   how many times as good a figure is with them. `--without=all` does so for each in turn.
 * - `--observed` measures the runtimes twice in each round, the second time with
 *   `MULTIPROCESSING_INSPECT=1`, and nobody else; what is in brackets is how many times the
 *   other figure that is.
 *
 * `python3` on the `PATH` is the measure; `PYTHON` in the environment names another. The
 * runtimes run what a user has: the package installed from its tarball.
 *
 * @module
 */
import { resolve } from "node:path";
import { type Case, type Section, SECTIONS } from "./bench/cases.ts";
import { printComparison } from "./bench/compare.ts";
import { ALL_ON, gainsAsMarkdown, parseWithout, type Variant } from "./bench/gains.ts";
import {
  circumstances,
  readRecord,
  type Run,
  toRecord,
  writeRecord,
} from "./bench/record.ts";
import { type Column, median, printTable } from "./bench/table.ts";
import { compile, layProject } from "./compile_tests.ts";
import { installPackages, layStandardLibrary } from "./node_modules.ts";
import { pack } from "./pack.ts";
import { filesUnder, mustRun, ROOT, run } from "./project.ts";
import { findRuntime } from "./runtimes.ts";
import { noServer } from "../tests/redis/server.ts";

/** The environment of a program that is looked at while it runs. */
const OBSERVED = { ...ALL_ON, MULTIPROCESSING_INSPECT: "1" };

/** How often everything is measured; `ROUNDS` in the environment says otherwise. */
const ROUNDS = Number(Deno.env.get("ROUNDS")) || 5;

/** The package for tasks on Redis that `redis` compares with. */
const BULLMQ = "bullmq@6.7.0";

/** The runtimes that are measured. */
const RUNTIMES = ["deno", "bun", "node24", "node26"] as const;

/** Who is measured: what runs a program, and what came of it. */
interface Contestant extends Run {
  /** What it does without; undefined where that is nothing. */
  without?: Variant;
  /** Runs a program; gives what it prints. */
  run: (program: string, args: string[]) => Promise<string>;
}

const wanted = (name: string, all: readonly string[]) => {
  const chosen = Deno.args.filter((arg) => all.includes(arg));
  return chosen.length === 0 || chosen.includes(name);
};
const programs = SECTIONS.map(({ program }) => program);
const options = parseOptions();
const before = options.compare === undefined ? undefined : readRecord(options.compare);
if (before !== undefined && options.with !== undefined) {
  printComparison(before, readRecord(options.with));
  Deno.exit();
}
const variants = options.without === undefined ? [] : chooseVariants(options.without);
const sections = SECTIONS.filter(({ program }) => wanted(program, programs));
const temporary = await Deno.makeTempDir({ prefix: "pystd-bench-" });
try {
  const began = circumstances(ROUNDS);
  const contestants = await gather();
  for (const section of sections) await measureSection(section, contestants);
  const rows = sections.flatMap(({ cases }) => Object.entries(cases));
  const columns = contestants.map(columnOf);
  const python = columns.find(({ name }) => name.startsWith("Python"));
  let peers: Column[] = [];
  if (variants.length > 0) printGains(rows, contestants);
  else if (options.observed) printObserved(rows, columns);
  else {
    printTable(rows, columns.filter(({ figures }) => figures.size > 0), python);
    peers = await comparePools(columns.filter((column) => column !== python));
  }
  const record = toRecord(began, sections, contestants, peers);
  if (options.json !== undefined) writeRecord(options.json, record);
  if (before !== undefined) {
    console.log();
    printComparison(before, record);
  }
} finally {
  await Deno.remove(temporary, { recursive: true });
}

/** The options; those that name files, as seen from where the task was started. */
function parseOptions(): Partial<
  Record<"json" | "compare" | "with" | "without" | "observed", string>
> {
  const found: Record<string, string> = {};
  for (const arg of Deno.args) {
    const [, name, value] = /^--(json|compare|with|without)=(.+)$/.exec(arg) ?? [];
    if (name === "without") found[name] = value!;
    else if (arg === "--observed") found.observed = "yes";
    else if (name !== undefined) {
      found[name] = resolve(Deno.env.get("INIT_CWD") ?? ".", value!);
    } else if (![...programs, ...RUNTIMES].includes(arg)) {
      console.error(`neither a runtime, a program nor an option: ${arg}`);
      Deno.exit(2);
    }
  }
  if (found.with !== undefined && found.compare === undefined) {
    console.error("--with=FILE needs --compare=FILE");
    Deno.exit(2);
  }
  return found;
}

function chooseVariants(text: string): Variant[] {
  const chosen = parseWithout(text);
  if (chosen !== undefined) return chosen;
  console.error(`not the names of mechanisms: ${text}`);
  Deno.exit(2);
}

async function measureSection(
  { program, cases, apart, alone }: Section,
  all: Contestant[],
): Promise<void> {
  if (program === "redis" && noServer !== false) {
    console.log(`${program}: not measured, as ${noServer}`);
    return;
  }
  const contestants = alone
    ? all.filter(({ name }) => !name.startsWith("Python"))
    : all;
  const runs = apart ? Object.keys(cases).map((name) => [name]) : [[]];
  for (let round = 1; round <= ROUNDS; round++) {
    console.error(`${program}, round ${round} of ${ROUNDS}`);
    for (const args of runs) {
      for (const contestant of contestants) await measure(contestant, program, args);
    }
  }
}

async function gather(): Promise<Contestant[]> {
  await installPackages();
  const found: Contestant[] = [];
  const isAlone = variants.length > 0 || options.observed !== undefined;
  const python = isAlone ? undefined : await findPython();
  if (python !== undefined) found.push(python);
  else if (!isAlone) console.log("no python3: nothing to compare with");
  const folder = await installTarball();
  if (sections.some(({ program }) => program === "redis")) await installBullMQ(folder);
  for (const name of RUNTIMES) {
    if (!wanted(name, RUNTIMES)) continue;
    found.push(await fromTarball(name, folder));
    for (const variant of variants.filter(({ isOn }) => isOn(name))) {
      const title = `${name} without ${variant.title}`;
      found.push({
        ...await fromTarball(name, folder, title, variant.env),
        without: variant,
      });
    }
    if (options.observed) {
      found.push(await fromTarball(name, folder, `${name} observed`, OBSERVED));
    }
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
      version: stdout.trim(),
      run: (program, args) =>
        mustRun([command, `scripts/bench/${program}.py`, ...args]),
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

/** The package that pools on a server are compared with. */
async function installBullMQ(folder: string): Promise<void> {
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  await mustRun(["npm", "install", ...flags, BULLMQ], { cwd: folder, timeout: 300 });
  layStandardLibrary(`${folder}/node_modules`); // npm takes away what it does not know
}

async function fromTarball(
  name: typeof RUNTIMES[number],
  folder: string,
  title: string = name,
  env: Record<string, string> = ALL_ON,
): Promise<Contestant> {
  const program = await findRuntime(name);
  const command = [program, ...name === "deno" ? ["run", "-A"] : []];
  return {
    name: title,
    version: (await mustRun([program, "--version"])).split("\n")[0]!,
    run: (program, args) =>
      mustRun([...command, `scripts/bench/${program}.js`, ...args], {
        cwd: folder,
        env,
      }),
    figures: new Map(),
  };
}

async function measure(
  { run, figures }: Contestant,
  program: string,
  args: string[],
): Promise<void> {
  const rates = JSON.parse(await run(program, args));
  for (const [name, rate] of Object.entries<number>(rates)) {
    figures.set(name, [...figures.get(name) ?? [], rate]);
  }
}

function columnOf({ name, figures }: Contestant): Column {
  const medians = [...figures].map(([name, all]) => [name, median(all)] as const);
  return { name, figures: new Map(medians) };
}

/** What the mechanisms gain that some contestants do without. */
function printGains(rows: [string, Case][], contestants: Contestant[]): void {
  const full = contestants.filter(({ without }) => without === undefined);
  const measurements = full.map((own) => ({
    runtime: own.name,
    all: columnOf(own),
    without: new Map(
      contestants.flatMap((other) =>
        other.without !== undefined && other.name.startsWith(`${own.name} without `)
          ? [[other.without, columnOf(other)] as const]
          : []
      ),
    ),
  }));
  console.log(gainsAsMarkdown(rows, variants, measurements));
}

/** What it costs each runtime that somebody looks. */
function printObserved(rows: [string, Case][], columns: Column[]): void {
  const titles = rows.map(([name, { title }]): [string, Case] => [name, { title }]);
  for (const own of columns) {
    const observed = columns.find(({ name }) => name === `${own.name} observed`);
    if (observed === undefined) continue;
    printTable(titles, [own, observed], own);
    console.log();
  }
}

/**
 * Other packages' pools, on Node, and how many times their figures ours are; gives theirs.
 */
async function comparePools(ours: Column[]): Promise<Column[]> {
  const section = sections.find(({ program }) => program === "pool");
  if (section === undefined) return [];
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
  return peers;
}
