/**
 * Real pipes for children's stdout, on Bun and Node.
 *
 * The "pipe" of these two is a socket. A real pipe is better in two ways: writing a short
 * message to it takes half the time, and POSIX promises only of pipes that a write of at most
 * `PIPE_BUF` bytes is never mixed with another one. Neither runtime can make a pipe, but both
 * can open the two ends of a FIFO, whose name is removed at once. `mkfifo` makes several as
 * quickly as one, so some are kept in store.
 *
 * @module
 */
import { builtin, nodeProcess as process } from "../posix.ts";
import { switches } from "../switches.ts";
import { makeTempDir, removeDir } from "../temp.ts";

/** The two ends, as file descriptors; no child inherits them unless it is given one. */
export interface Pipe {
  readonly reading: number;
  readonly writing: number;
}

/** The number of pipes that are made the first time, and each later time. */
const FIRST_BATCH = 4;
const BATCH = 16;

let store: Pipe[] | undefined;
/** Whether pipes cannot be made here: no `mkfifo`, no room for a FIFO. */
let isHopeless = false;

/** A new pipe, whose ends the caller closes; undefined where it cannot be made. */
export function takePipe(): Pipe | undefined {
  if (isHopeless || !switches.fifo) return undefined;
  if (store === undefined || store.length === 0) {
    if (isInWorker()) {
      isHopeless = true;
      return undefined;
    }
    store = makePipes(store === undefined ? FIRST_BATCH : BATCH);
    isHopeless = store.length === 0;
  }
  return store.pop();
}

/**
 * Whether this is a worker thread of Node, as those of Vitest's threads: it takes note of the
 * files that it opens, and does not see that a socket closes one. It would warn when the
 * number is in use again, and close whatever has the number when the thread ends.
 */
function isInWorker(): boolean {
  // To load `node:worker_threads`, which also tells, takes milliseconds.
  return process?.abort?.disabled === true;
}

/** The number of pipes in store, for tests: twice as many open files are no leak. */
export function storedPipes(): number {
  return store?.length ?? 0;
}

/** Makes up to `count` pipes. */
function makePipes(count: number): Pipe[] {
  if (builtin("node:process").platform === "win32") return [];
  const pipes: Pipe[] = [];
  let folder: string | undefined;
  try {
    folder = makeTempDir();
    const paths = Array.from({ length: count }, (_, i) => `${folder}/${i}`);
    const made = builtin("node:child_process")
      .spawnSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" });
    if (made.status === 0) { for (const path of paths) pipes.push(open(path)); }
  } catch {
    // the pipes that have been opened are good
  }
  if (folder !== undefined) removeDir(folder);
  return pipes;
}

function open(path: string): Pipe {
  const { openSync, closeSync, constants } = builtin("node:fs");
  // Without O_NONBLOCK this would wait for a writer. The writer finds the reader.
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { reading, writing: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(reading);
    throw error;
  }
}

/**
 * Starts a child that writes to a pipe, and closes the writing end, of which the child has a
 * copy; also the reading end if the child cannot be started.
 */
export function spawnWith<T>(pipe: Pipe | undefined, spawn: () => T): T {
  if (pipe === undefined) return spawn();
  const { closeSync } = builtin("node:fs");
  try {
    return spawn();
  } catch (error) {
    closeSync(pipe.reading);
    throw error;
  } finally {
    closeSync(pipe.writing);
  }
}
