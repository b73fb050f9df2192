/**
 * What starts a process on another host, and ends it: the supervisor. It is run there by the
 * same runtime as the process, by its text, so that nothing of this package need be there for
 * it. A shell could not do it: what ends a process must read its own input at all times, also
 * while the process computes or is stopped and what is sent to it fills the pipe.
 *
 * It reads records from its stdin: four bytes, which are the length of the bytes that follow,
 * or 2 ** 31 and a signal for the process. The first record is an {@linkcode Errand} as JSON,
 * the others are what the process reads. At the end of its stdin, however that comes, it ends
 * the process by SIGKILL. The process writes to the same stdout and stderr; there the
 * supervisor itself writes `Hosted` messages only, with the link's mark.
 *
 * @module
 */

/** What the supervisor is to start. */
export interface Errand {
  mark: number;
  /** The number of the message `Hosted`. */
  kind: number;
  /** The program and its arguments. */
  words: string[];
  /** The directory; null for that in which the supervisor is. */
  cwd: string | null;
  /** Whether it must be there: else it is taken only if it is. */
  needsCwd: boolean;
  /** Variables beside those that are there. */
  env: Record<string, string>;
  /** The descriptor by which the process reads: 3, or 0 where it cannot have another. */
  link: number;
}

/** In a record's first four bytes: what follows is a signal's number. */
export const IS_SIGNAL = 0x80;

/**
 * The supervisor. Its text runs elsewhere: it must refer to nothing outside of it, and have no
 * syntax that a compiler makes helpers for.
 */
function supervise(): void {
  // deno-lint-ignore no-explicit-any -- what the three runtimes have of Node
  const { process } = globalThis as any;
  const fs = process.getBuiltinModule("node:fs");
  const { spawn } = process.getBuiltinModule("node:child_process");
  const { signals } = process.getBuiltinModule("node:os").constants;
  const { Buffer } = process.getBuiltinModule("node:buffer");
  const PIECE = 4000; // a whole frame must fit in a write
  // deno-lint-ignore no-explicit-any -- as above
  let child: any, link: any, errand: any;
  let isOver = false;
  // deno-lint-ignore no-explicit-any -- as above
  const first: any[] = [];
  let head: number[] = [];
  let left = 0;

  const writeAll = (bytes: Uint8Array) => {
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(fs.writeSync(1, bytes));
      } catch (error) {
        // deno-lint-ignore no-explicit-any -- an error of the system
        if ((error as any).code !== "EAGAIN") return; // nobody reads any more
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  };
  const number = (major: number, value: number) => [
    major | 26,
    ...[24, 16, 8, 0].map((bits) => value >>> bits & 255),
  ];
  const tell = (pid: number, code: number, why: string) => {
    const text = Buffer.from(why).subarray(0, PIECE);
    const fields = Buffer.from([
      ...[0x85, ...number(0, errand.mark), 0x18, errand.kind, ...number(0, pid)],
      ...code < 0 ? number(0x20, -1 - code) : number(0, code),
      ...[0x79, text.length >> 8, text.length & 255, ...text],
    ]);
    const size = [fields.length >> 8, fields.length & 255];
    writeAll(Buffer.from([0xd8, 0x18, 0x5a, 0, 0, ...size, ...fields, 10]));
  };
  const over = (code: number, why: string) => {
    if (isOver) return;
    isOver = true;
    tell(0, code, why);
    process.exit(0);
  };
  const isFolder = (path: string) => {
    try {
      return fs.statSync(path).isDirectory();
    } catch {
      return false;
    }
  };
  const begin = () => {
    errand = JSON.parse(String(Buffer.concat(first)));
    const { words, needsCwd, env, link: descriptor } = errand;
    const isThere = errand.cwd !== null && isFolder(errand.cwd);
    if (needsCwd && !isThere) return over(1, `there is no folder ${errand.cwd}`);
    const atLink = descriptor === 3;
    try {
      child = spawn(words[0], words.slice(1), {
        ...isThere && { cwd: errand.cwd },
        env: { ...process.env, ...env },
        stdio: [
          ...[atLink ? "ignore" : "pipe", "inherit", "inherit"],
          ...atLink ? ["pipe"] : [],
        ],
        detached: true, // a terminal's Ctrl-C comes by the root
      });
    } catch (error) {
      return over(1, String((error as Error).message));
    }
    child.on("error", (error: Error) => {
      if (child.pid === undefined) over(1, error.message);
    });
    child.on("exit", (code: number | null, signal: string | null) => {
      over(code ?? -(signals[signal!] ?? 9), "");
    });
    link = child.stdio[descriptor];
    link?.on("error", () => {}); // the process is gone
    if (child.pid !== undefined) tell(child.pid, 0, "");
  };
  const kill = (signal: number) => {
    try {
      // Not by the child's own method: on Deno that decides how the end is told.
      if (child?.pid !== undefined) process.kill(child.pid, signal);
    } catch {
      // it is gone
    }
  };
  const take = (bytes: Uint8Array) => {
    let at = 0;
    while (at < bytes.length && !isOver) {
      if (left > 0) {
        const part = bytes.subarray(at, at + left);
        at += part.length;
        left -= part.length;
        if (link !== undefined) link.write(part);
        else {
          first.push(part);
          if (left === 0) begin();
        }
        continue;
      }
      head.push(bytes[at++]!);
      if (head.length < 4) continue;
      const [a = 0, b = 0, c = 0, d = 0] = head;
      head = [];
      if (a & 0x80) kill(d);
      else left = a << 24 | b << 16 | c << 8 | d;
    }
  };
  const end = () => {
    if (child === undefined) process.exit(1);
    kill(9);
  };
  for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.on(name, end);
  process.stdin.on("data", take);
  for (const name of ["end", "close", "error"]) process.stdin.on(name, end);
}

/** The text that `eval` and the like run: of letters that no shell minds, but in quotes. */
export function supervisorText(): string {
  const bytes = new TextEncoder().encode(`(${supervise})()`);
  return `eval(atob("${btoa(String.fromCharCode(...bytes))}"))`;
}
