/**
 * Test runners as people use them: projects that have the package from its tarball, in which
 * each runner runs the same cells (`runners/cells.js`), and the matrix of what came out.
 *
 * Needs npm, and is run in one column, which starts the other runtimes by itself. The runners
 * are kept in the user's cache directory, by their versions.
 */
import { deepStrictEqual } from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { packOnce } from "../../scripts/pack.ts";
import { limiter } from "../../scripts/project.ts";
import { findRuntime, type RuntimeId } from "../../scripts/runtimes.ts";
import { installed } from "../../scripts/tool_cache.ts";
import { runCommand } from "../helpers/run.ts";
import { test } from "../suite.ts";

/** What is installed from npm. */
const PACKAGES = {
  "@babel/plugin-transform-modules-commonjs": "7.29.7",
  "@babel/preset-typescript": "7.29.7",
  "@vitest/coverage-istanbul": "4.1.12",
  "c8": "12.0.0",
  "jest": "30.5.2",
  "mocha": "11.8.0",
  "ms": "2.1.3",
  "tsx": "4.23.15",
  "vitest": "4.1.12",
};

const TEST_FILE =
  /^PicklingError: Can't pickle <function cube> of file:\S+: the module is a test file, whose tests no other process can run: put what is sent in a module of its own, which exports it, or names it by `exported\(import\.meta, \{ name \}\)`$/;
const MOCK =
  /^PicklingError: Can't pickle <function \w*>: it is a mock, which exists in this process only: /;

/** The cells over a work module, and those of a test file. */
const WORK = [
  ...["function", "process", "method", "instance", "builtin", "npm function", "error"],
  "values",
];
const OWN = ["own function", "mock"];

/** One run of a runner. */
interface Run {
  runtime: RuntimeId;
  command: string[];
  /** Whether a work module in TypeScript is used as well. */
  isTyped?: boolean;
  /** The runtime's flags for children: `execArgv` of the package. */
  childFlags?: string;
  /** The text of a cell that does not pass; others pass. */
  texts?: Record<string, RegExp>;
  /** Cells of the test file that the runner does not have. */
  without?: string[];
}

const vitest = (...flags: string[]) => [
  ...["node_modules/vitest/vitest.mjs", "run", "--reporter=default"],
  ...["--reporter=hanging-process", ...flags],
];
const jest = "node_modules/jest/bin/jest.js";
const mocha = "node_modules/mocha/bin/mocha.js";
const OF_TEST_FILE = { "own function": TEST_FILE, "mock": MOCK };
const RUNS: Record<string, Run> = {
  "Vitest, forks": {
    runtime: "node24",
    command: vitest("--pool=forks"),
    isTyped: true,
  },
  "Vitest, threads": {
    runtime: "node24",
    command: vitest("--pool=threads", "vitest.test"),
  },
  "Vitest, vmForks": {
    runtime: "node24",
    command: vitest("--pool=vmForks", "vitest.test"),
  },
  "Vitest, coverage, Node 20": {
    runtime: "node20",
    command: vitest("--pool=forks", "--coverage.enabled", "vitest.test"),
  },
  "Vitest, children by tsx, Node 20": {
    runtime: "node20",
    command: vitest("--pool=forks"),
    childFlags: "--import tsx",
    isTyped: true,
  },
  "Jest, ESM": {
    runtime: "node24",
    command: ["--experimental-vm-modules", jest, "--config=jest.esm.json"],
  },
  "Jest, ESM, Node 20": {
    runtime: "node20",
    command: ["--experimental-vm-modules", jest, "--config=jest.esm.json"],
  },
  "Jest, Babel": {
    runtime: "node24",
    command: [jest, "--config=jest.cjs.json", "--detectOpenHandles", "-i"],
    isTyped: true,
  },
  "Jest, Babel, coverage, Node 20": {
    runtime: "node20",
    command: [jest, "--config=jest.cjs.json", "--coverage", "jest.test"],
  },
  "node --test": {
    runtime: "node24",
    command: ["--test", "node.test.js", "node_typed.test.js"],
    isTyped: true,
  },
  "node --test, Node 20": { runtime: "node20", command: ["--test", "node.test.js"] },
  "node FILE": { runtime: "node24", command: ["node.test.js"] },
  "c8 node --test": {
    runtime: "node24",
    command: ["node_modules/c8/bin/c8.js", "node", "--test", "node.test.js"],
  },
  "mocha": {
    runtime: "node24",
    command: [mocha, "--timeout=60000", "mocha.test.js", "mocha_typed.test.js"],
    isTyped: true,
    without: ["mock"],
  },
  "bun test": {
    runtime: "bun",
    command: ["test", "--timeout=60000", "./bun.test.js", "./bun_typed.test.js"],
    isTyped: true,
  },
  "deno test": {
    runtime: "deno",
    command: ["test", "-A", "--no-check", "deno.test.js", "deno_typed.test.js"],
    isTyped: true,
    texts: {},
    without: ["mock"],
  },
};

/** What runners say of something that a test has left behind. */
const LEFT_BEHIND =
  /did not exit|open handles?\b|close timed out|hanging|Unhandled|Leaks? detected|Warning: File descriptor/;

test("runners: every cell passes, or says what to write instead", async () => {
  const versions = await digest(JSON.stringify(PACKAGES));
  const place = await installed(`runners-${versions}`, PACKAGES, {
    flags: ["--ignore-scripts"],
  });
  mkdirSync(`${place}/projects`, { recursive: true });
  const project = mkdtempSync(`${place}/projects/`);
  try {
    await lay(project);
    const slot = limiter(Math.min(availableParallelism(), 3));
    const outcomes = await Promise.all(
      Object.entries(RUNS).map(([name, run]) =>
        slot(() => outcome(project, name, run))
      ),
    );
    console.log(table(outcomes));
    deepStrictEqual(outcomes.flatMap(({ faults }) => faults), []);
  } finally {
    rmSync(project, { recursive: true });
  }
}, { timeout: 280 });

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toHex().slice(0, 16);
}

/** Makes a project with the fixtures and the package. */
async function lay(project: string): Promise<void> {
  cpSync(fileURLToPath(new URL("runners", import.meta.url)), project, {
    recursive: true,
  });
  writeFileSync(`${project}/package.json`, JSON.stringify({ type: "module" }));
  const own = `${project}/node_modules/@pystd/multiprocessing`;
  mkdirSync(own, { recursive: true });
  const tarball = await packOnce(project);
  await mustRun(["tar", "-xzf", tarball, "-C", own, "--strip-components=1"], project);
}

async function mustRun(command: string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await runCommand(command, { cwd, timeout: 200 });
  if (code !== 0) throw new Error(`${command.join(" ")}: ${code}\n${stdout}${stderr}`);
}

/** How the cells of one run went. */
interface Outcome {
  name: string;
  seconds: number;
  cells: Map<string, string>;
  faults: string[];
}

async function outcome(project: string, name: string, run: Run): Promise<Outcome> {
  const file = `${project}/cells ${name}.txt`;
  writeFileSync(file, "");
  const program = await findRuntime(run.runtime);
  const folder = program.slice(0, program.lastIndexOf("/"));
  // A tool's file is in the folder above, where all projects have the tools from.
  const command = run.command.map((arg) =>
    arg.replace(/^(?=node_modules\/)/, "../../")
  );
  const start = performance.now();
  const result = await runCommand([program, ...command], {
    cwd: project,
    timeout: 120,
    env: {
      CELLS_FILE: file,
      CHILD_FLAGS: run.childFlags,
      PATH: `${folder}:${process.env["PATH"]}`,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      CI: "1",
      NODE_TEST_CONTEXT: undefined,
    },
  });
  const lines = readFileSync(file, "utf8").split("\n").filter((line) => line !== "");
  const cells = new Map(lines.map((line) => JSON.parse(line) as [string, string]));
  const output = result.stdout + result.stderr;
  const faults = faultsOf(run, cells);
  if (lines.length !== cells.size) faults.push("cells are run more than once");
  if (result.code !== 0) faults.push(`exit code ${result.code}`);
  const left = LEFT_BEHIND.exec(output)?.[0];
  if (left !== undefined) faults.push(`"${left}"`);
  if (faults.length > 0) console.log(output);
  const seconds = (performance.now() - start) / 1000;
  return { name, seconds, cells, faults: faults.map((fault) => `${name}: ${fault}`) };
}

/** What is not as it is documented. */
function faultsOf(run: Run, cells: Map<string, string>): string[] {
  const { texts = OF_TEST_FILE, without = [], isTyped = false } = run;
  const own = OWN.filter((name) => !without.includes(name));
  const expected = [
    ...WORK,
    ...own,
    ...isTyped ? WORK.map((name) => `typed ${name}`) : [],
  ];
  const faults: string[] = [];
  for (const name of new Set([...expected, ...cells.keys()])) {
    const text = cells.get(name);
    const wanted = (texts as Record<string, RegExp>)[name];
    if (text === undefined) faults.push(`${name} was not run`);
    else if (!expected.includes(name)) faults.push(`${name} was run`);
    else if (wanted === undefined ? text !== "" : !wanted.test(text)) {
      faults.push(`${name}: ${text || "passed, but a text is documented"}`);
    }
  }
  return faults;
}

/** The matrix: for each run, whether a cell passed, gave a text, or was not run. */
function table(outcomes: Outcome[]): string {
  const columns = [...WORK, ...WORK.map((name) => `typed ${name}`), ...OWN];
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const rows = outcomes.map(({ name, seconds, cells, faults }) => {
    const marks = columns.map((column) => {
      const text = cells.get(column);
      const isFault = faults.some((fault) => fault.startsWith(`${name}: ${column}`));
      return text === undefined ? " " : isFault ? "X" : text === "" ? "+" : "t";
    });
    return `${name.padEnd(width)} ${marks.join(" ")} ${
      seconds.toFixed(1).padStart(5)
    } s`;
  });
  const legend = "+ passes, t gives the documented text, X is wrong; in this order:\n" +
    columns.join(", ");
  return `${rows.join("\n")}\n${legend}`;
}
