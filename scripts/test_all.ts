/**
 * Runs the tests on every runtime and fails if one fails, or if the runtimes do not run
 * the same tests: `deno task test [path or part of a path]...`.
 *
 * | column | what runs |
 * | --- | --- |
 * | `deno` | the TypeScript files, with all permissions and Deno's leak checks |
 * | `bun` | the same files on Bun |
 * | `node24`, `node20` | the same files compiled, against the package installed from its tarball; on `node20` without those of what only computes |
 * | `deno-npm`, `bun-npm` | a few of those compiled files on the others |
 * | `node24-ts` | a few of the TypeScript files on Node 24, which strips the types itself |
 *
 * Beside these, if no path is given: on Deno, the examples in the doc comments and the
 * README are run (what stands behind `is_main` is only compiled), and `tests/wire` must
 * pass without any permission, as that layer does nothing but compute. The types in the
 * tarball must be whole, what is built in must have its licence, and Deno must find nothing
 * wrong with the package for JSR. A run of everything also fails if `deno task check` does.
 *
 * Random tests are shorter where another column runs them in full, see `FEWER`.
 *
 * `--only=deno,bun` chooses columns. `JOBS=4` in the environment runs that many files at a
 * time; without it there are as many as processors. Every file gets a process of its own
 * and 300 seconds. When a file's runner has ended, so must everything that it started.
 *
 * Nothing is written but `node_modules/` and a temporary folder.
 *
 * @module
 */
import { buildForJsr } from "./build_jsr.ts";
import { BUILT_IN, BUNDLE } from "./bundle.ts";
import { NODE_ONLY } from "./bundle_node.ts";
import { layProject } from "./compile_tests.ts";
import { checkDeclarations } from "./declarations.ts";
import { countCases, type Counts, describe, NONE, sum, total } from "./junit.ts";
import { installPackages } from "./node_modules.ts";
import { pack } from "./pack.ts";
import {
  type CommandResult,
  config,
  filesUnder,
  limiter,
  ROOT,
  run,
} from "./project.ts";
import { killLeftovers, MARK } from "./leftovers.ts";
import { findRuntime, type RuntimeId } from "./runtimes.ts";

/** Seconds for one file on one runtime. */
const FILE_TIMEOUT = 300;

/** What shows that a column works in which the whole suite does not run. */
const SMOKE = /^tests\/(process|queues|pool)_test\.ts$/;

/** Tests of what only computes, and does not know where. */
const PURE = /^tests\/(wire|hub)\//;

/** What is done by chance is done less often where another column does it. */
const FEWER = { PIPE_WORLDS: "10000", MODEL_SEQUENCES: "10000" };

/** One way of running the tests. */
interface Column {
  name: string;
  runtime: RuntimeId;
  /** Whether the tests are compiled and use the package installed from its tarball. */
  installed: boolean;
  files: (path: string) => boolean;
  /** Whether it must run as many tests of each file as the other such columns. */
  compared: boolean;
  /** What else the tests find in their environment. */
  env?: Record<string, string>;
}

const every = () => true;
const smoke = (path: string) => SMOKE.test(path);

const COLUMNS: Column[] = [
  { name: "deno", runtime: "deno", installed: false, files: every, compared: true },
  {
    name: "bun",
    runtime: "bun",
    installed: false,
    files: every,
    compared: true,
    env: FEWER,
  },
  {
    name: "node24",
    runtime: "node24",
    installed: true,
    files: every,
    compared: true,
    env: FEWER,
  },
  {
    name: "node20",
    runtime: "node20",
    installed: true,
    files: (path) => !PURE.test(path),
    compared: true,
    env: { ...FEWER, KILL_ROUNDS: "100" },
  },
  { name: "deno-npm", runtime: "deno", installed: true, files: smoke, compared: false },
  { name: "bun-npm", runtime: "bun", installed: true, files: smoke, compared: false },
  {
    name: "node24-ts",
    runtime: "node24",
    installed: false,
    files: smoke,
    compared: false,
  },
];

/** The command that runs one test file and writes a JUnit report. */
const COMMANDS: Record<RuntimeId, (file: string, report: string) => string[]> = {
  deno: (file, report) => ["test", "-A", "--no-check", `--junit-path=${report}`, file],
  bun: (file, report) => [
    "test",
    `--timeout=${FILE_TIMEOUT * 1000}`,
    "--reporter=junit",
    `--reporter-outfile=${report}`,
    `./${file}`,
  ],
  node24: node,
  node20: node,
};

function node(file: string, report: string): string[] {
  return [
    "--test",
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=junit",
    `--test-reporter-destination=${report}`,
    file,
  ];
}

const temporary = await Deno.makeTempDir({ prefix: "pystd-test-" });
const slot = limiter(Number(Deno.env.get("JOBS")) || navigator.hardwareConcurrency);

/** What the tests and all that they start find in their environment. */
const ENVIRONMENT = {
  NO_COLOR: "1",
  // Node strips the types of each file anew in each process, unless it may keep them.
  NODE_COMPILE_CACHE: `${temporary}/node`,
  // What CPython prints is asked for once for all columns.
  TEST_MEMORY: `${temporary}/memory`,
};

/** How one file did in one column. */
interface Outcome {
  file: string;
  counts: Counts;
}

async function main(): Promise<number> {
  const { columns, files } = choose(Deno.args);
  if (columns.length === 0 || files.length === 0) {
    console.error("there is no such column, or no test file has such a name");
    return 1;
  }
  await installPackages();
  const tarball = lazy(() => pack(temporary));
  const installed = lazy(async () => await install(await tarball()));
  const work = columns.map((column) =>
    runColumn(column, files.filter(column.files), installed)
  );
  const isWhole = columns.length === COLUMNS.length && files.length === all().length;
  const checks = isWhole ? runChecks() : undefined;
  const extra: Promise<Counts>[] = checks === undefined ? [] : [checks];
  if (files.length === all().length) {
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
    if (outcomes[i]!.length === 0) continue;
    console.log(`${name.padEnd(11)} ${describe(counts[i]!)}`);
  }
  if (checks !== undefined) {
    console.log(`${"check".padEnd(11)} ${describe(await checks)}`);
  }
  const unequal = compare(columns, outcomes, files);
  const result = sum([...counts, ...extraCounts, { ...NONE, failed: unequal }]);
  console.log(describe(result));
  return result.failed > 0 || total(result) === 0 ? 1 : 0;
}

/** Every test file, found by walking. */
function all(): string[] {
  return filesUnder("tests", "_test.ts");
}

function choose(args: string[]): { columns: Column[]; files: string[] } {
  const only = args.find((arg) => arg.startsWith("--only="))?.slice(7).split(",");
  const parts = args.filter((arg) => !arg.startsWith("--"));
  const columns = COLUMNS.filter(({ name }) => only?.includes(name) ?? true);
  const files = all().filter((path) =>
    parts.length === 0 || parts.some((part) => path.includes(part.replace(/^\.\//, "")))
  );
  return { columns, files };
}

/** Runs every file of a column; waits for the runtime and the tarball if need be. */
async function runColumn(
  column: Column,
  files: string[],
  installed: () => Promise<string>,
): Promise<Outcome[]> {
  if (files.length === 0) return [];
  let program: string, cwd: string;
  try {
    program = await findRuntime(column.runtime);
    cwd = column.installed ? await installed() : ROOT;
  } catch (error) {
    report(column.name, "(preparation)", { ...NONE, failed: 1 }, String(error));
    return [{ file: "(preparation)", counts: { ...NONE, failed: 1 } }];
  }
  return Promise.all(
    files.map((file) =>
      slot(async () => ({ file, counts: await runFile(column, program, cwd, file) }))
    ),
  );
}

async function runFile(
  column: Column,
  program: string,
  cwd: string,
  file: string,
): Promise<Counts> {
  const xml = `${temporary}/${column.name}-${file.replaceAll("/", "-")}.xml`;
  const path = column.installed ? file.replace(/\.ts$/, ".js") : file;
  const mark = crypto.randomUUID();
  const start = performance.now();
  const result = await run(
    [program, ...COMMANDS[column.runtime](path, xml)],
    {
      cwd,
      env: { ...ENVIRONMENT, ...column.env, [MARK]: mark },
      timeout: FILE_TIMEOUT,
    },
  );
  const counts = judge(result, xml);
  const left = await killLeftovers(mark);
  if (left.length > 0) {
    counts.failed++;
    result.output += `\nstill running after the tests:\n${left.join("\n")}\n`;
  }
  const seconds = (performance.now() - start) / 1000;
  report(column.name, `${file} ${seconds.toFixed(1)} s`, counts, result.output);
  return counts;
}

/** What the report says; a failure that it does not know of counts as one more. */
function judge(result: CommandResult, xml: string): Counts {
  let counts = { ...NONE };
  try {
    counts = countCases(Deno.readTextFileSync(xml));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (result.late) result.output += `\nkilled after ${FILE_TIMEOUT} seconds\n`;
  if ((result.code !== 0 || result.late) && counts.failed === 0) counts.failed = 1;
  return counts;
}

function report(column: string, what: string, counts: Counts, output: string): void {
  console.log(`${column.padEnd(11)} ${what.padEnd(56)} ${describe(counts)}`);
  if (counts.failed > 0) console.log(output.trimEnd());
}

/** The examples in the doc comments and the README, which name the package. */
async function runDocs(): Promise<Counts> {
  const xml = `${temporary}/docs.xml`;
  const command = ["test", "-A", "--no-check", "--doc", `--junit-path=${xml}`];
  const result = await slot(() =>
    run(
      [Deno.execPath(), ...command, "README.md", "mod.ts", "src"],
      { env: ENVIRONMENT, timeout: FILE_TIMEOUT },
    )
  );
  const counts = judge(result, xml);
  report("deno", "the examples in comments", counts, result.output);
  return counts;
}

/** Everything that `deno task check` looks at; each of its steps counts as a test. */
async function runChecks(): Promise<Counts> {
  const command = [Deno.execPath(), "run", "-A", "scripts/check.ts"];
  const { code, output } = await slot(() => run(command, { timeout: FILE_TIMEOUT }));
  const steps = (result: string) =>
    output.split("\n").filter((line) => line.startsWith(result)).length;
  const counts = { ...NONE, passed: steps("ok "), failed: steps("FAILED ") };
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  report("check", "format, lint, types, layout, names", counts, output);
  return counts;
}

/** The layer that only computes must not need to be allowed anything. */
async function runWireWithoutPermissions(): Promise<Counts> {
  const xml = `${temporary}/wire.xml`;
  const command = ["test", "--no-check", "--no-prompt", `--junit-path=${xml}`];
  const result = await slot(() =>
    run(
      [Deno.execPath(), ...command, "tests/wire"],
      { env: ENVIRONMENT, timeout: FILE_TIMEOUT },
    )
  );
  const counts = judge(result, xml);
  report("deno", "tests/wire without any permission", counts, result.output);
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
    console.log(`not the same number of tests in ${file}: ${said}`);
  }
  return unequal;
}

/** The types that come with the installed package. */
async function checkTypes(installed: () => Promise<string>): Promise<Counts> {
  // Without a tarball its columns fail and tell why.
  const folder = await installed().catch(() => undefined);
  if (folder === undefined) return NONE;
  const complaints = checkDeclarations(folder);
  const counts = complaints.length === 0
    ? { ...NONE, passed: 1 }
    : { ...NONE, failed: 1 };
  report("npm", "the types of the tarball", counts, complaints.join("\n"));
  return counts;
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
  const isRight = problems.length === 0;
  const counts = { ...NONE, [isRight ? "passed" : "failed"]: 1 };
  report("npm", "what the tarball holds", counts, problems.join("\n"));
  return counts;
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
  const counts = code === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 };
  report("jsr", "the package for JSR", counts, output);
  return counts;
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
