/**
 * Runs a snippet in CPython, the model that this package is compared with. Where there
 * is no `python3` the tests that need it are skipped and say so.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test, type TestOptions } from "../suite.ts";
import {
  runCommand,
  type RunningProgram,
  type RunOptions,
  type RunResult,
  startCommand,
  stdoutOf,
} from "./run.ts";

export interface Python {
  /** Such as `3.13.0`. */
  version: string;
  /** The path of its program. */
  command: string;
}

/** The minor versions of Python 3 that are looked for, newest first. */
const MINORS = [14, 13, 12, 11, 10, 9, 8];

/** The default interpreter, or undefined where there is none. */
export const python: Python | undefined = find("python3", {});

/**
 * The interpreters of this machine, one a minor version, newest first: those that
 * `pyenv` has, else those on the `PATH` as `python3.N`, and the default one.
 */
export function pythonVersions(): Python[] {
  const found = new Map<number, Python>();
  const add = (one: Python | undefined) => {
    const minor = Number(one?.version.split(".")[1]);
    if (one !== undefined && !found.has(minor)) found.set(minor, one);
  };
  add(python);
  for (const version of (ask("pyenv", ["versions", "--bare"], {}) ?? "").split("\n")) {
    const wanted = MINORS.some((minor) => version.trim().startsWith(`3.${minor}.`));
    if (wanted) add(find("python3", { PYENV_VERSION: version.trim() }));
  }
  for (const minor of MINORS) {
    if (!found.has(minor)) add(find(`python3.${minor}`, {}));
  }
  return MINORS.flatMap((minor) => found.get(minor) ?? []);
}

/**
 * Why a version is not compared with here, for `skip`: `PYTHONS=default` in the environment
 * spares all but the default one.
 */
export function spared(one: Python | undefined): string | false {
  return process.env["PYTHONS"] === "default" && one !== python && "PYTHONS=default";
}

/** Runs Python source text; `args` are its `sys.argv[1:]`. */
export function runPython(
  source: string,
  args: string[] = [],
  options: PythonOptions = {},
): Promise<RunResult> {
  return run(["-c", source, ...args], options);
}

/** What Python source prints as JSON; its arguments are JSON, too. */
export async function askPython(
  source: string,
  asked: unknown[] = [],
  options: PythonOptions = {},
  // deno-lint-ignore no-explicit-any -- whoever asks knows what is printed
): Promise<any> {
  const args = asked.map((value) => JSON.stringify(value));
  return JSON.parse(stdoutOf(await runPython(source, args, options)));
}

/** Runs a Python file; `path` is relative to the repository's root. */
export function runPythonFile(
  path: string,
  args: string[] = [],
  options: PythonOptions = {},
): Promise<RunResult> {
  return run([path, ...args], options);
}

/** As {@linkcode runPythonFile}, for a program that always prints the same. */
export function runTwin(
  path: string,
  args: string[] = [],
  options: PythonOptions = {},
): Promise<RunResult> {
  return remembered([path, ...args], () => runPythonFile(path, args, options));
}

/**
 * What `make` gives, which depends on `words` alone. The tests of the first runtime keep it
 * for the others, in the folder that `TEST_MEMORY` in the environment names.
 */
export async function remembered<T>(
  words: string[],
  make: () => Promise<T>,
): Promise<T> {
  const folder = process.env["TEST_MEMORY"];
  if (folder === undefined) return make();
  const file = join(folder, `${words.join(" ").replaceAll("/", "-")}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const result = await make();
  mkdirSync(folder, { recursive: true });
  // As a whole or not at all: another runtime may look at any time.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(result));
  renameSync(`${file}.${process.pid}`, file);
  return result;
}

/** Starts a Python file without waiting for its end. */
export function startPythonFile(path: string, args: string[] = []): RunningProgram {
  if (python === undefined) throw new Error("no python3 on this machine");
  return startCommand([python.command, path, ...args], { env: { PYTHONUTF8: "1" } });
}

/** Options of {@linkcode runPython}. */
export interface PythonOptions extends Omit<RunOptions, "args" | "flags"> {
  /** Another interpreter than the default one. */
  python?: Python | undefined;
}

/** A test that needs CPython: skipped, with the reason, where there is none. */
export function pythonTest(
  name: string,
  fn: () => void | Promise<void>,
  options: TestOptions = {},
): void {
  const skip = options.skip || (python === undefined && "no python3 on this machine");
  test(name, fn, { ...options, skip });
}

function run(args: string[], options: PythonOptions): Promise<RunResult> {
  const { python: chosen = python, env, ...rest } = options;
  if (chosen === undefined) throw new Error("no python3 on this machine");
  return runCommand([chosen.command, ...args], {
    ...rest,
    env: { PYTHONUTF8: "1", ...env },
  });
}

/**
 * Asks an interpreter who it is. What `command` stands for is taken, not `command`: a
 * launcher that chooses among versions costs more time than Python's own start.
 */
function find(command: string, env: Record<string, string>): Python | undefined {
  const source =
    "import platform, sys; print(platform.python_version(), sys.executable)";
  const [, version, path] =
    /^(\S+) (.+)$/m.exec(ask(command, ["-c", source], env) ?? "") ??
      [];
  if (version === undefined || path === undefined) return undefined;
  return { version, command: path.trim() };
}

function ask(
  command: string,
  args: string[],
  env: Record<string, string>,
): string | undefined {
  try {
    return execFileSync(command, args, {
      env: { ...process.env, ...env },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 20_000,
    });
  } catch {
    return undefined;
  }
}
