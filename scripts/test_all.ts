/**
 * Runs the tests on every runtime and fails if one fails, or if the runtimes do not run
 * the same tests: `deno task test [path or part of a path]...`.
 *
 * | column | what runs |
 * | --- | --- |
 * | `deno` | the tests compiled, against the package installed from its tarball, with all permissions and Deno's leak checks: a child of the sources loads each file by itself, and takes twice as long to start |
 * | `bun` | the TypeScript files on Bun |
 * | `node24` | as `deno`, on Node 24 |
 * | `node26` | those among them that are about memory that processes share: Node 26 can map it; and about executables |
 * | `node20` | those among them that depend on the runtime: not what only computes or decides, what compares with CPython, what is refused, what is done by chance, or the examples |
 * | `plain` | on Node 24 without all that is there for speed, as on macOS and Windows: `MULTIPROCESSING_PLAIN=1`, which does without `/dev/shm` too, and no `mkfifo`; those among them in which such a mechanism has a part |
 * | `bun-npm` | a few of the compiled files on Bun |
 * | `deno-ts`, `node24-ts` | a few of the TypeScript files on Deno, where the tools of others are, and on Node 24, which strips the types itself |
 *
 * Beside these, if no path is given: on Deno, the examples in the doc comments are run (what
 * stands behind `is_main` is only compiled), and `tests/wire` must pass without any
 * permission, as that layer does nothing but compute. The types in the tarball must be whole,
 * what is built in must have its licence, and Deno must find nothing wrong with the package
 * for JSR. A run of everything also fails if `deno task check` does.
 *
 * Random tests are shorter than in a file that is run by itself: see `FEWER` in
 * `scripts/columns.ts`, which also tells what each column is spared, and why.
 *
 * - `--only=deno,bun` chooses columns.
 * - `--filter=TEXT` chooses the tests with this in their name, in all columns; of the files
 *   whose source has the text, or of all if none has.
 * - `--cases` prints what became of each of CPython's cases in each column: see `cases.ts`.
 * - `--slowest` or `--slowest=N` prints which 20 or N files took longest, and in which
 *   column.
 * - `JOBS=4` in the environment runs that many files at a time; without it there are as
 *   many as processors.
 *
 * A column that runs all of `tests/cpython` fails if one of CPython's cases is missing.
 *
 * Every file gets a process of its own and 300 seconds, or `--timeout=SECONDS`. If it is not
 * over then, all its processes are asked what they do, and killed: see `dumps.ts`. When a
 * file's runner has ended, so must everything that it started. What each failed test says stands where it ran; the
 * names of all that failed stand at the end, each with its column and the first line of
 * its error. The last line is `N passed, N failed`.
 *
 * Nothing is written but `node_modules/`, a temporary folder, and the runners of
 * `tests/tools` in the cache directory of the user.
 *
 * @module
 */
import { buildForJsr } from "./build_jsr.ts";
import { BUILT_IN, BUNDLE } from "./bundle.ts";
import { listCases, missingCases } from "./cases.ts";
import { NODE_ONLY } from "./bundle_node.ts";
import { layProject } from "./compile_tests.ts";
import { checkDeclarations } from "./declarations.ts";
import {
  type Column,
  COLUMNS,
  COMMANDS,
  FILE_TIMEOUT,
  pathWithout,
} from "./columns.ts";
import {
  type Case,
  count,
  type Counts,
  describe,
  firstLine,
  NONE,
  readCases,
  sum,
  total,
} from "./junit.ts";
import { installPackages } from "./node_modules.ts";
import { pack, TARBALL } from "./pack.ts";
import {
  type CommandResult,
  config,
  filesUnder,
  limiter,
  ROOT,
  run,
} from "./project.ts";
import { findRuntime } from "./runtimes.ts";
import { lateText, runTestFile } from "./test_file.ts";

const temporary = await Deno.makeTempDir({ prefix: "pystd-test-" });
const slot = limiter(Number(Deno.env.get("JOBS")) || navigator.hardwareConcurrency);

/** What the tests and all that they start find in their environment. */
const ENVIRONMENT: Record<string, string> = {
  NO_COLOR: "1",
  // Node strips the types of each file anew in each process, unless it may keep them.
  NODE_COMPILE_CACHE: `${temporary}/node`,
  // What CPython prints is asked for once for all columns.
  TEST_MEMORY: `${temporary}/memory`,
  [TARBALL]: `${temporary}/package.tgz`,
};

/** How one file did in one column. */
interface Outcome {
  file: string;
  counts: Counts;
}

/** What a run is asked for. */
interface Choice {
  columns: Column[];
  files: string[];
  /** A part of the names of the tests; empty for all. */
  filter: string;
  /** How many of the slowest files to name. */
  slowest: number;
  /** Whether to tell what became of CPython's cases. */
  cases: boolean;
  /** Seconds for a file. */
  timeout: number;
}

/** A line for everything that failed: file, test, column, error. */
const failures: string[] = [];

/** The tests of CPython's cases that ran in each column. */
const cpython = new Map<string, Case[]>();

/** How many seconds each file took in each column. */
const durations: { what: string; seconds: number }[] = [];

const choice = choose(Deno.args);

async function main(): Promise<number> {
  const { columns, files, filter, slowest } = choice;
  if (columns.length === 0 || files.length === 0) {
    console.error("there is no such column, or no test file has such a name");
    return 1;
  }
  for (const { name } of columns) cpython.set(name, []);
  await installPackages();
  ENVIRONMENT["TEST_RUNTIMES"] = JSON.stringify(await programsOf(columns));
  const tarball = lazy(packForAll);
  const installed = lazy(async () => await install(await tarball()));
  const work = columns.map((column) =>
    runColumn(column, files.filter(column.files), installed)
  );
  const isAllFiles = files.length === all().length && filter === "";
  const isWhole = columns.length === COLUMNS.length && isAllFiles;
  const checks = isWhole ? runChecks() : undefined;
  const extra: Promise<Counts>[] = checks === undefined ? [] : [checks];
  if (isAllFiles) {
    if (columns.some(({ name }) => name === "deno")) {
      extra.push(runDocs(), runWireWithoutPermissions());
    }
    if (columns.some((column) => column.installed)) {
      extra.push(
        checkTypes(installed),
        checkContents(installed),
        checkForJsr(tarball),
      );
    }
  }
  const outcomes = await Promise.all(work);
  const extraCounts = await Promise.all(extra);
  const counts = outcomes.map((column) => sum(column.map((outcome) => outcome.counts)));
  console.log();
  for (const [i, { name }] of columns.entries()) {
    if (outcomes[i]!.length === 0) continue; // no file of this column was chosen
    console.log(`${name.padEnd(11)} ${describe(counts[i]!)}`);
  }
  if (checks !== undefined) {
    console.log(`${"check".padEnd(11)} ${describe(await checks)}`);
  }
  const unequal = compare(columns, outcomes, files) + checkCases(columns, files);
  durations.sort((a, b) => b.seconds - a.seconds);
  for (const { what, seconds } of durations.slice(0, slowest)) {
    console.log(`${seconds.toFixed(1).padStart(11)} s ${what}`);
  }
  for (const failure of failures) console.log(`failed: ${failure}`);
  const result = sum([...counts, ...extraCounts, { ...NONE, failed: unequal }]);
  console.log(describe(result));
  return result.failed > 0 || total(result) === 0 ? 1 : 0;
}

/** Every test file, found by walking. */
function all(): string[] {
  return filesUnder("tests", "_test.ts");
}

function choose(args: string[]): Choice {
  const option = (name: string) =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const only = option("only")?.split(",");
  const parts = args.filter((arg) => !arg.startsWith("--"));
  const filter = option("filter") ?? "";
  const files = all().filter((path) =>
    parts.length === 0 || parts.some((part) => path.includes(part.replace(/^\.\//, "")))
  );
  const naming = files.filter((path) =>
    Deno.readTextFileSync(`${ROOT}/${path}`).includes(filter)
  );
  return {
    columns: COLUMNS.filter(({ name }) => only?.includes(name) ?? true),
    files: naming.length > 0 ? naming : files,
    filter,
    cases: args.includes("--cases"),
    timeout: Number(option("timeout") ?? FILE_TIMEOUT),
    slowest: Number(option("slowest") ?? (args.includes("--slowest") ? 20 : 0)),
  };
}

/** Runs every file of a column; waits for the runtime and the tarball if need be. */
async function runColumn(
  column: Column,
  files: string[],
  installed: () => Promise<string>,
): Promise<Outcome[]> {
  if (files.length === 0) return [];
  let place: Place;
  try {
    place = {
      program: await findRuntime(column.runtime),
      cwd: column.installed ? await installed() : ROOT,
      env: environmentOf(column),
    };
  } catch (error) {
    const file = "(preparation)";
    return [{ file, counts: reportOne(column.name, file, String(error)) }];
  }
  return Promise.all(
    files.map((file) =>
      slot(async () => ({ file, counts: await runFile(column, place, file) }))
    ),
  );
}

/** The programs of the columns' runtimes, for tests that use several at once. */
async function programsOf(columns: Column[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  await Promise.all(columns.map(async ({ runtime }) => {
    try {
      found[runtime] = await findRuntime(runtime);
    } catch {
      // A column that cannot be had says so itself.
    }
  }));
  return found;
}

/** What a column's commands are run with. */
interface Place {
  program: string;
  cwd: string;
  env: Record<string, string>;
}

function environmentOf({ name, env, without }: Column): Record<string, string> {
  const all: Record<string, string> = { ...ENVIRONMENT, ...env };
  if (without) all["PATH"] = pathWithout(without, `${temporary}/bin-${name}`);
  return all;
}

async function runFile(
  column: Column,
  { program, cwd, env }: Place,
  file: string,
): Promise<Counts> {
  const base = `${temporary}/${column.name}-${file.replaceAll("/", "-")}`;
  const xml = `${base}.xml`;
  const path = column.installed ? file.replace(/\.ts$/, ".js") : file;
  const start = performance.now();
  const result = await runTestFile(
    [program, ...COMMANDS[column.runtime](path, xml, choice.filter)],
    { cwd, env, timeout: choice.timeout, dumps: `${base}.txt` },
  );
  const cases = judge(result, xml, path);
  if (isCPython(file)) cpython.get(column.name)?.push(...cases);
  const { left } = result;
  if (left.length > 0) {
    const error = `still running after the tests:\n${left.join("\n")}`;
    cases.push({ name: "(processes)", result: "failed", error });
    result.output += `\n${error}\n`;
  }
  const seconds = (performance.now() - start) / 1000;
  durations.push({ what: `${column.name.padEnd(11)} ${file}`, seconds });
  return report(column.name, file, cases, result.output, seconds);
}

/**
 * The tests of a JUnit report that were asked for, and a failure that it does not know of
 * as one more. A file without any test is one to Node: that is left out.
 */
function judge(result: CommandResult, xml: string, path?: string): Case[] {
  let cases: Case[] = [];
  try {
    cases = readCases(Deno.readTextFileSync(xml));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (choice.filter !== "") {
    cases = cases.filter(({ name }) => name.includes(choice.filter) && name !== path);
    if (cases.length === 0 && !result.late) return []; // Bun fails if none has the name
  }
  const isKnown = cases.some((one) => one.result === "failed");
  if ((result.code !== 0 || result.late) && !isKnown) {
    const error = result.late ? lateText(choice.timeout) : `exit code ${result.code}`;
    cases.push({ name: "(the file)", result: "failed", error });
  }
  return cases;
}

/** Prints a line, and the output if something failed; gives the counts. */
function report(
  column: string,
  what: string,
  cases: Case[],
  output: string,
  seconds?: number,
): Counts {
  const counts = count(cases);
  const text = seconds === undefined ? what : `${what} ${seconds.toFixed(1)} s`;
  if (cases.length > 0 || choice.filter === "") {
    console.log(`${column.padEnd(11)} ${text.padEnd(56)} ${describe(counts)}`);
  }
  if (counts.failed > 0) console.log(output.trimEnd());
  for (const { name, result, error } of cases) {
    if (result !== "failed") continue;
    const reason = firstLine(error || output);
    failures.push(`${what} › ${name} (${column}): ${reason}`);
  }
  return counts;
}

/** Reports something that is done right or is not, and says what is wrong. */
function reportOne(column: string, what: string, complaint: string): Counts {
  const result = complaint === "" ? "passed" : "failed";
  return report(column, what, [{ name: "", result, error: complaint }], complaint);
}

/** The examples in the doc comments, which name the package. */
async function runDocs(): Promise<Counts> {
  const xml = `${temporary}/docs.xml`;
  const command = ["test", "-A", "--no-check", "--doc", `--junit-path=${xml}`];
  const result = await slot(() =>
    run(
      [Deno.execPath(), ...command, "mod.ts", "src"],
      { env: ENVIRONMENT, timeout: choice.timeout },
    )
  );
  const cases = judge(result, xml);
  return report("deno", "the examples in comments", cases, result.output);
}

/** Everything that `deno task check` looks at; each of its steps counts as a test. */
async function runChecks(): Promise<Counts> {
  const command = [Deno.execPath(), "run", "-A", "scripts/check.ts"];
  const { code, output } = await slot(() => run(command, { timeout: FILE_TIMEOUT }));
  const cases = [...output.matchAll(/^(ok|FAILED) +(.*)$/gm)]
    .map(([, word, name]): Case => {
      return { name: name!, result: word === "ok" ? "passed" : "failed", error: word! };
    });
  if (code !== 0 && !cases.some(({ result }) => result === "failed")) {
    cases.push({ name: "", result: "failed", error: `exit code ${code}` });
  }
  return report("check", "format, lint, types, layout, names", cases, output);
}

/** The layer that only computes must not need to be allowed anything. */
async function runWireWithoutPermissions(): Promise<Counts> {
  const xml = `${temporary}/wire.xml`;
  const command = ["test", "--no-check", "--no-prompt", `--junit-path=${xml}`];
  const result = await slot(() =>
    run(
      [Deno.execPath(), ...command, "tests/wire"],
      { env: ENVIRONMENT, timeout: choice.timeout },
    )
  );
  const what = "tests/wire without any permission";
  const counts = report("deno", what, judge(result, xml), result.output);
  // The same tests count in the first column.
  return { ...NONE, failed: counts.failed };
}

/** Every compared column must have run the same number of tests of each file. */
function compare(columns: Column[], outcomes: Outcome[][], files: string[]): number {
  let unequal = 0;
  for (const file of files) {
    const counts = columns.flatMap((column, i) => {
      const outcome = outcomes[i]!.find((one) => one.file === file);
      if (!column.compared || outcome === undefined) return [];
      return [{ name: column.name, tests: total(outcome.counts) }];
    });
    if (new Set(counts.map(({ tests }) => tests)).size <= 1) continue;
    unequal++;
    const said = counts.map(({ name, tests }) => `${name} ${tests}`).join(", ");
    failures.push(`${file}: not the same number of tests: ${said}`);
  }
  return unequal;
}

function isCPython(file: string): boolean {
  return file.startsWith("tests/cpython/");
}

/** What runs all of CPython's cases must have run each of them; gives how many it has not. */
function checkCases(columns: Column[], files: string[]): number {
  const wanted = all().filter(isCPython);
  let missing = 0;
  for (const column of columns) {
    const ran = cpython.get(column.name)!;
    if (choice.cases) {
      for (const line of listCases(ran)) {
        console.log(`${column.name.padEnd(11)} ${line}`);
      }
    }
    const isWhole = wanted.every((file) => files.includes(file) && column.files(file));
    if (!isWhole || choice.filter !== "") continue;
    const problems = missingCases(ran);
    missing += problems.length;
    failures.push(...problems.map((problem) => `${problem} (${column.name})`));
  }
  return missing;
}

/** The types that come with the installed package. */
async function checkTypes(installed: () => Promise<string>): Promise<Counts> {
  // Without a tarball its columns fail and tell why.
  const folder = await installed().catch(() => undefined);
  if (folder === undefined) return NONE;
  const complaints = checkDeclarations(folder);
  return reportOne("npm", "the types of the tarball", complaints.join("\n"));
}

/** What is built into the package comes with its licence, and from nowhere on this machine. */
async function checkContents(installed: () => Promise<string>): Promise<Counts> {
  // Without a tarball its columns fail and tell why.
  const project = await installed().catch(() => undefined);
  if (project === undefined) return NONE;
  const folder = `${project}/node_modules/${config.name}`;
  const read = (path: string) => Deno.readTextFileSync(`${folder}/${path}`);
  const files = filesUnder("", "", folder);
  const problems = files.filter((path) => read(path).includes(ROOT))
    .map((path) => `${path} names ${ROOT}`);
  if (!files.includes(`${BUNDLE}/LICENSE.${BUILT_IN}`)) {
    problems.push(`${BUILT_IN} comes without its licence`);
  }
  if (BUILT_IN in (JSON.parse(read("package.json")).dependencies ?? {})) {
    problems.push(`${BUILT_IN} is built in, and a dependency as well`);
  }
  const missing = NODE_ONLY.filter((name) => !files.includes(`${BUNDLE}/${name}`));
  problems.push(...missing.map((name) => `Node has no ${name}`));
  return reportOne("npm", "what the tarball holds", problems.join("\n"));
}

/** The package for JSR: its types, its imports, and that each file may be published. */
async function checkForJsr(tarball: () => Promise<string>): Promise<Counts> {
  // Without a tarball its columns fail and tell why.
  const path = await tarball().catch(() => undefined);
  if (path === undefined) return NONE;
  const folder = `${temporary}/jsr`;
  const command = [Deno.execPath(), "publish", "--dry-run", "--allow-dirty"];
  const { code, output } = await slot(async () => {
    await buildForJsr(path, folder);
    return run(command, { cwd: folder, timeout: FILE_TIMEOUT });
  });
  const complaint = code === 0 ? "" : output || `exit code ${code}`;
  return reportOne("jsr", "the package for JSR", complaint);
}

/** Packs the package for all: it is where tests look for it once it is whole. */
async function packForAll(): Promise<string> {
  const path = ENVIRONMENT[TARBALL]!;
  Deno.renameSync(await pack(temporary), path);
  return path;
}

/** The folder of a project that has the package installed from its tarball. */
async function install(tarball: string): Promise<string> {
  const folder = `${temporary}/project`;
  await Deno.mkdir(folder);
  await layProject(folder, tarball);
  return folder;
}

/** Calls `make` at most once, when first asked. */
function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}

let code = 1;
try {
  code = await main();
} finally {
  await Deno.remove(temporary, { recursive: true });
}
Deno.exit(code);
