/**
 * Speed on each runtime against CPython's, in the same run:
 * `deno task bench [runtime or program]...`, such as `deno task bench bun queues`.
 *
 * The programs are those of `scripts/bench/`. Each is run {@linkcode ROUNDS} times, and in
 * every round by CPython and all runtimes in turn, so that a slow moment of the machine
 * meets them all; what is printed are the medians, and what is in brackets is how many
 * times CPython's figure that is. Rates depend on the machine: look at the ratios.
 *
 * `python3` on the `PATH` is the measure; `PYTHON` in the environment names another.
 * Deno and Bun run the TypeScript sources, Node the package installed from its tarball, as
 * its users do: to strip the types anew in each process would take longer than all else.
 *
 * @module
 */
import { SECTIONS } from "./bench/cases.ts";
import { compile, layProject } from "./compile_tests.ts";
import { installPackages } from "./node_modules.ts";
import { pack } from "./pack.ts";
import { filesUnder, mustRun, ROOT, run } from "./project.ts";
import { findRuntime } from "./runtimes.ts";

/** How often everything is measured; `ROUNDS` in the environment says otherwise. */
const ROUNDS = Number(Deno.env.get("ROUNDS")) || 5;

/** The runtimes that are measured. */
const RUNTIMES = ["deno", "bun", "node24"] as const;

/** One column of the table: what runs a program, and what came of it. */
interface Contestant {
  name: string;
  /** Runs a program; gives what it prints, or undefined if there is no such program. */
  run: (program: string) => Promise<string> | undefined;
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
  printTable(contestants);
} finally {
  await Deno.remove(temporary, { recursive: true });
}

async function gather(): Promise<Contestant[]> {
  await installPackages();
  const found: Contestant[] = [];
  const python = await findPython();
  if (python !== undefined) found.push(python);
  else console.log("no python3: nothing to compare with");
  if (wanted("deno", RUNTIMES)) {
    const command = [Deno.execPath(), "run", "-A", "--no-check"];
    found.push(fromSources("deno", command));
  }
  if (wanted("bun", RUNTIMES)) {
    found.push(fromSources("bun", [await findRuntime("bun")]));
  }
  if (wanted("node24", RUNTIMES)) found.push(await fromTarball());
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

function fromSources(name: string, command: string[]): Contestant {
  return {
    name,
    run: (program) => mustRun([...command, `scripts/bench/${program}.ts`]),
    figures: new Map(),
  };
}

async function fromTarball(): Promise<Contestant> {
  const node = await findRuntime("node24");
  const folder = `${temporary}/project`;
  await Deno.mkdir(`${folder}/scripts/bench`, { recursive: true });
  await layProject(folder, await pack(temporary));
  for (const path of filesUnder("scripts/bench", ".ts")) {
    const code = compile(await Deno.readTextFile(`${ROOT}/${path}`), path);
    await Deno.writeTextFile(`${folder}/${path.replace(/\.ts$/, ".js")}`, code);
  }
  return {
    name: "node24",
    run: (program) => mustRun([node, `scripts/bench/${program}.js`], { cwd: folder }),
    figures: new Map(),
  };
}

async function measure({ run, figures }: Contestant, program: string): Promise<void> {
  const printed = await run(program);
  if (printed === undefined) return;
  for (const [name, rate] of Object.entries<number>(JSON.parse(printed))) {
    figures.set(name, [...figures.get(name) ?? [], rate]);
  }
}

function printTable(contestants: Contestant[]): void {
  const [first] = contestants;
  const python = first?.name.startsWith("Python") ? first : undefined;
  const head = ["", ...contestants.map(({ name }) => name)];
  const rows = sections.flatMap(({ cases }) =>
    Object.entries(cases).map(([name, { title, like }]) => {
      const base = python && median(python.figures.get(like ?? name));
      const cells = contestants.map((one) =>
        one === python
          ? cell(median(one.figures.get(name)), undefined)
          : cell(median(one.figures.get(name)), base)
      );
      return [title, ...cells];
    })
  );
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length))
  );
  for (const row of [head, ...rows]) {
    const [title, ...cells] = row.map((text, column) =>
      column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)
    );
    console.log([title, ...cells].join("  ").trimEnd());
  }
}

function median(figures: number[] | undefined): number | undefined {
  if (figures === undefined) return undefined;
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function cell(rate: number | undefined, base: number | undefined): string {
  if (rate === undefined) return "";
  const digits = rate < 100 ? 1 : 0;
  const text = rate.toLocaleString("en", { maximumFractionDigits: digits });
  return base === undefined ? text : `${text} (${(rate / base).toFixed(2)}×)`;
}
