/**
 * A CPython program that runs beside a test, which reads what it prints line by line.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import type { Python } from "../helpers/python.ts";

/** See the file's head. */
export interface PythonServer {
  /** The next line that it prints. */
  line(): Promise<string>;
  /** A line for its standard input. */
  tell(line: string): void;
  kill(): void;
  /** Its exit code; minus the signal's number is not told apart from null. */
  readonly ended: Promise<number | null>;
}

/** Starts a program. */
export function startPython(
  source: string,
  python: Python,
  args: string[] = [],
): PythonServer {
  const child = spawn(python.command, ["-c", source, ...args], {
    env: { ...process.env, PYTHONUTF8: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  let check = () => {};
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    check();
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    ended,
    tell: (line) => void child.stdin.write(`${line}\n`),
    kill: () => void child.kill("SIGKILL"),
    line: () =>
      new Promise((resolve, reject) => {
        check = () => {
          const end = text.indexOf("\n");
          if (end < 0) return;
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          check = () => {}; // the next line is for who asks next
          resolve(line);
        };
        check();
        void ended.then(() => reject(new Error(`Python ended: ${text}`)));
      }),
  };
}
