/**
 * Runs a program of ours, or any command, in a process of its own and tells what it
 * printed and how it ended. `runProgram` starts the program on the runtime that runs
 * the test, so one test covers the three.
 *
 * Paths are relative to the repository's root and always end in `.ts`; where the tests
 * run as compiled JavaScript, the compiled twin is taken.
 */
import { deepStrictEqual } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runtimeName } from "../suite.ts";

/** The end of a program, and all its output. */
export interface RunResult {
  stdout: string;
  stderr: string;
  /** Exit code, or minus the signal's number, as Python tells it. */
  code: number;
}

/** Options for starting a program. */
export interface RunOptions {
  /** Arguments after the program's name. */
  args?: string[] | undefined;
  /** All that the program reads from its standard input; empty if not given. */
  stdin?: string | Uint8Array | undefined;
  /** Seconds until it is killed and the promise rejects; 50 if not given. */
  timeout?: number | undefined;
  /** Flags of the runtime, before the program's name. On Deno they replace `-A`. */
  flags?: string[] | undefined;
  /** Variables added to this process's environment; `undefined` takes one away. */
  env?: Record<string, string | undefined> | undefined;
  /** Working directory; the repository's root if not given. */
  cwd?: string | undefined;
}

/** A program that was started and not yet waited for. */
export interface RunningProgram {
  readonly pid: number;
  /** What it printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Settles once the program is gone and its output is read to the end. */
  readonly finished: Promise<RunResult>;
  /** Settles once stdout holds `text`; rejects if the program ends before. */
  waitForOutput(text: string): Promise<void>;
  kill(signal?: "SIGTERM" | "SIGKILL" | "SIGINT"): void;
}

/** Seconds a program may take when the test does not say otherwise. */
const DEFAULT_TIMEOUT = 50;

const SIGNALS: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** The file of a program named as in the repository, compiled twin included. */
export function programPath(path: string): string {
  const compiled = !import.meta.url.endsWith(".ts");
  const name = compiled ? path.replace(/\.ts$/, ".js") : path;
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

/** The command line that runs a program on the runtime that runs this test. */
export function programCommand(path: string, options: RunOptions = {}): string[] {
  const { args = [], flags } = options;
  const before = runtimeName === "deno" ? ["run", ...(flags ?? ["-A"])] : flags ?? [];
  return [process.execPath, ...before, programPath(path), ...args];
}

/** Runs a TypeScript program on the current runtime; gives its output and exit code. */
export function runProgram(
  path: string,
  options: RunOptions = {},
): Promise<RunResult> {
  return startProgram(path, options).finished;
}

/** What a program prints that ends well and says nothing on stderr. */
export async function outputOf(
  path: string,
  args: string[] = [],
  options: RunOptions = {},
): Promise<string> {
  return stdoutOf(await runProgram(path, { ...options, args }));
}

/** What a program has printed, which must have ended well and said nothing on stderr. */
export function stdoutOf({ stdout, stderr, code }: RunResult): string {
  deepStrictEqual({ stderr, code }, { stderr: "", code: 0 }, stderr);
  return stdout;
}

/** Starts a TypeScript program on the current runtime without waiting for its end. */
export function startProgram(path: string, options: RunOptions = {}): RunningProgram {
  return start(programCommand(path, options), options);
}

/** Runs any command; rejects if it cannot be started or outlives its time. */
export function runCommand(
  command: string[],
  options: Omit<RunOptions, "args" | "flags"> = {},
): Promise<RunResult> {
  return start(command, options).finished;
}

/** Starts any command without waiting for its end. */
export function startCommand(
  command: string[],
  options: Omit<RunOptions, "args" | "flags"> = {},
): RunningProgram {
  return start(command, options);
}

function start(command: string[], options: RunOptions): RunningProgram {
  const [file, ...args] = command;
  const child = spawn(file!, args, {
    cwd: options.cwd ?? fileURLToPath(new URL("../../", import.meta.url)),
    env: environment(options.env),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => {
      output[name] += text;
      for (const check of waiting) check();
    });
  }
  // A program that ends without reading its input is no failure of the test.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const finished = ended(child, command, options.timeout ?? DEFAULT_TIMEOUT).then(
    (code) => ({ ...output, code }),
  );
  // Whoever awaits `finished` sees the failure; nobody else has to.
  finished.catch(() => {});
  return {
    pid: child.pid ?? -1,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    finished,
    kill: (signal = "SIGTERM") => void child.kill(signal),
    waitForOutput(text) {
      return new Promise((resolve, reject) => {
        const check = () => {
          if (!output.stdout.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        finished.then(({ code }) => {
          reject(
            new Error(`ended with ${code} before it printed: ${text}${say(output)}`),
          );
        }, reject);
      });
    },
  };
}

function ended(child: ChildProcess, command: string[], timeout: number) {
  return new Promise<number>((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, timeout * 1000);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (late) reject(new Error(`killed after ${timeout} s: ${command.join(" ")}`));
      else resolve(code ?? -(SIGNALS[signal ?? ""] ?? 0));
    });
  });
}

function say(output: { stdout: string; stderr: string }): string {
  return `\nstdout: ${output.stdout}\nstderr: ${output.stderr}`;
}

function environment(extra: RunOptions["env"]): Record<string, string> {
  const all: Record<string, string | undefined> = {
    ...process.env,
    // Set by Node's test runner for the processes it starts itself.
    NODE_TEST_CONTEXT: undefined,
    ...extra,
  };
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) env[name] = value;
  }
  return env;
}
