/**
 * The Bun adapter: Node's, except for what Bun does better in its own ways.
 *
 * @module
 */
import { CHILD_VARIABLE } from "./evaluation.ts";
import { isPromise } from "./brands.ts";
import { LINK, linkDescriptor, takesLink } from "./link_fd.ts";
import * as locate from "./modules/bun.ts";
import { allGrants, KINDS } from "./permissions/grants.ts";
import { mainModule, node, readAll, toPath } from "./node.ts";
import { spawnWith, takePipe } from "./speed/fifo.ts";
import { builtin, isAgain, nodeProcess as process, signalNumber } from "./posix.ts";
import { writeLines } from "./output.ts";
import { argumentsForOther } from "./other_runtime.ts";
import { countChild, countOperation, own as counts } from "./own.ts";
import type { Child, Runtime, SpawnOptions } from "./types.ts";

// deno-lint-ignore no-explicit-any -- Bun's types are not on the other runtimes
declare const Bun: any;

const own: Partial<Runtime> = {
  name: "bun",
  get title() {
    return `Bun ${Bun.version}`;
  },
  permissions: {
    held: () => undefined,
    limit: () => {
      const unable = KINDS.map((kind) => `'${kind}'`);
      return { grants: allGrants(true), missing: [], unable };
    },
    isHandedOn: (name, value) => value === process.env[name],
    assume() {},
    onDrop() {},
  },
  ...locate,
  get mainModule() {
    return mainModule(Bun.main);
  },
  spawn,
  readStdin(onChunk, onEnd) {
    const fd = linkDescriptor();
    if (builtin("node:fs").fstatSync(fd).isSocket()) readSocket(fd, onChunk, onEnd);
    else void readPipe(fd, (chunk) => void onChunk(chunk)).then(onEnd);
  },
  becomeChild() {
    // Redefining a property reads its old value, which makes the stream; assigning does not.
    process.stdin = process.stdout = undefined;
    node.becomeChild();
  },
  // Bun asks no `emit`: listeners of the program's own run each time.
  onDrained: (handler) => void process.on("beforeExit", handler),
  now: () => performance.now(),
  // Not through process.stdout, as console.log of Bun does not. By a thread, which waits
  // for the reader if there is none.
  print: (bytes) => writeLines(bytes, writeSome, isAgain),
};

// Descriptors, not values: the getters must not run on another runtime.
export const bun: Runtime = Object.defineProperties({}, {
  ...Object.getOwnPropertyDescriptors(node),
  ...Object.getOwnPropertyDescriptors(own),
}) as Runtime;

function writeSome(bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    builtin("node:fs").write(1, bytes, (error: Error | null, written: number) => {
      if (error) reject(error);
      else resolve(written);
    });
  });
}

/** Without `process.stdin`: Node's streams, which it loads, take a fifth of a child's start. */
function readSocket(
  fd: number,
  onChunk: (chunk: Uint8Array) => void,
  onEnd: () => void,
): void {
  Bun.connect({
    fd,
    socket: {
      data: (_socket: unknown, chunk: Uint8Array) => onChunk(chunk),
      end: onEnd,
      close: onEnd,
      error: onEnd,
    },
  }).then((socket: { unref(): void }) => {
    counts.sockets++; // for good: the process ends when it is closed
    socket.unref();
  }, onEnd);
}

function spawn(options: SpawnOptions): Child {
  const file = options.command?.[0] ?? options.executable ?? process.execPath;
  const first = argumentsForOther("bun", options) ??
    [...options.flags ?? [], toPath(options.entry!)];
  const pipe = takePipe();
  const hasLink = takesLink(options);
  const child = spawnWith(
    pipe,
    () =>
      Bun.spawn([file, ...first, ...options.args], {
        cwd: options.cwd,
        env: { ...options.env ?? process.env, [CHILD_VARIABLE]: "1" },
        stdio: [
          hasLink ? "ignore" : "pipe",
          pipe?.writing ?? "pipe",
          options.pipesStderr ? "pipe" : "inherit",
          ...(hasLink ? ["pipe"] : []),
        ],
      }),
  );
  child.unref();
  const link = hasLink
    ? writeToDescriptor(child.stdio[LINK])
    : writeToSink(child.stdin);
  return {
    pid: child.pid,
    write: inSlices(link.write),
    closeStdin: link.closeStdin,
    read: (onChunk) =>
      countOperation(
        pipe === undefined
          ? readStream(child.stdout, onChunk)
          : readPipe(pipe.reading, onChunk),
      ),
    ...(options.pipesStderr && {
      readStderr: (onChunk) =>
        countOperation(readStream(child.stderr, (chunk) => void onChunk(chunk))),
    }),
    exited: countChild(child.exited).then(() =>
      child.exitCode ?? -signalNumber(child.signalCode)
    ),
    kill: (signal) => void child.kill(signal),
  };
}

type Writing = Pick<Child, "write" | "closeStdin">;

/** Writes at once what the descriptor takes, which is quicker, and the rest by a sink. */
function writeToDescriptor(fd: number): Writing {
  const { closeSync, writeSync } = builtin("node:fs");
  let sink: ReturnType<typeof writeToSink> | undefined;
  /** A write that the sink has not finished. */
  let waiting: Promise<void> | undefined;
  let isOpen = true;
  return {
    write(bytes) {
      if (!isOpen) return undefined;
      let rest = bytes;
      if (waiting === undefined) {
        try {
          rest = bytes.subarray(writeSync(fd, bytes));
        } catch (error) {
          if (!isAgain(error)) return undefined; // the child is gone: `exited` tells
        }
        if (rest.length === 0) return undefined;
      }
      sink ??= writeToSink(Bun.file(fd).writer());
      const written = sink.write(rest)?.then(() => {
        if (waiting === written) waiting = undefined;
      });
      return waiting = written;
    },
    closeStdin() {
      if (!isOpen) return;
      isOpen = false;
      const close = () => {
        sink?.closeStdin(); // it has a descriptor of its own for the same
        try {
          closeSync(fd);
        } catch {
          // Bun 1.2.6 may have closed it, when the child has ended
        }
      };
      if (waiting === undefined) close();
      else void waiting.then(close);
    },
  };
}

// deno-lint-ignore no-explicit-any -- a FileSink of Bun's
function writeToSink(sink: any): Writing {
  let isOpen = true;
  return {
    write(bytes) {
      if (!isOpen) return undefined;
      try {
        const written = sink.write(bytes);
        if (isPromise(written)) written.catch(() => {}); // as below
        const flushed = sink.flush();
        if (isPromise(flushed)) return flushed.then(() => {}, () => {});
      } catch {
        // the child is gone: `exited` tells
      }
      return undefined;
    },
    closeStdin() {
      isOpen = false;
      Promise.resolve(sink.end()).catch(() => {});
    },
  };
}

/** See `Child.read`. */
type OnChunk = Parameters<Child["read"]>[0];

/** Bytes of a write, at most: Bun keeps copies of what has not left. */
const SLICE = 1 << 20;

/** Writes long bytes slice by slice, and later ones after them. */
function inSlices(write: Child["write"]): Child["write"] {
  let busy: Promise<void> | undefined;
  const writeAll = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += SLICE) {
      await write(bytes.subarray(at, at + SLICE));
    }
  };
  return (bytes) => {
    if (busy === undefined && bytes.length <= SLICE) return write(bytes);
    const before = busy;
    const done =
      (before === undefined ? writeAll(bytes) : before.then(() => writeAll(bytes)))
        .then(() => {
          if (busy === done) busy = undefined;
        });
    return busy = done;
  };
}

/** Reads a pipe to its end without keeping the process alive, and closes it. */
function readPipe(fd: number, onChunk: OnChunk): Promise<void> {
  const stream = builtin("node:stream").Readable.fromWeb(Bun.file(fd).stream());
  // `unref` has an effect only after `ref`.
  stream.ref();
  stream.unref();
  // The stream does not close it.
  return readAll(stream, onChunk).then(() => builtin("node:fs").closeSync(fd));
}

async function readStream(
  stream: AsyncIterable<Uint8Array>,
  onChunk: OnChunk,
): Promise<void> {
  try {
    for await (const chunk of stream) {
      const wait = onChunk(chunk);
      if (wait !== undefined) await wait;
    }
  } catch {
    // the pipe broke: that is its end, too
  }
}
