/**
 * The Bun adapter: Node's, but for what Bun does better by itself.
 *
 * @module
 */
import * as locate from "./locate_bun.ts";
import { allGrants, KINDS } from "./grants.ts";
import { mainModule, node, ownFlags, toPath } from "./node.ts";
import { spawnWith, takePipe } from "./pipes.ts";
import { builtin, isAgain, signalNumber, writeAllSync } from "./posix.ts";
import type { Child, Runtime, SpawnOptions } from "./types.ts";

// deno-lint-ignore no-explicit-any -- Bun's types are not on the other runtimes
declare const Bun: any;
// deno-lint-ignore no-explicit-any -- as above
const process: any = "Bun" in globalThis ? (globalThis as any).process : undefined;

/** Descriptor of stdin. */
const STDIN = 0;

// deno-lint-ignore no-explicit-any -- a stream; taken before user code sees another one
let stdin: any;

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
    if (stdinIsSocket()) return readSocket(onChunk, onEnd);
    stdin ??= process.stdin;
    stdin.on("data", onChunk).on("end", onEnd).on("error", onEnd);
    stdin.unref();
  },
  becomeChild() {
    if (!stdinIsSocket()) stdin = process.stdin;
    // To redefine a property makes its old value; to assign to it does not.
    process.stdin = process.stdout = undefined;
    node.becomeChild();
  },
  now: () => performance.now(),
  print(bytes) {
    // console.log of Bun does not go through process.stdout, so neither does this.
    const fs = builtin("node:fs");
    writeAllSync((rest) => fs.writeSync(1, rest), isAgain, bytes);
  },
};

// Descriptors, not values: the getters must not run on another runtime.
export const bun: Runtime = Object.defineProperties({}, {
  ...Object.getOwnPropertyDescriptors(node),
  ...Object.getOwnPropertyDescriptors(own),
}) as Runtime;

/** Bun and Node give a child a socket; Deno gives it a pipe. */
function stdinIsSocket(): boolean {
  return builtin("node:fs").fstatSync(STDIN).isSocket();
}

/**
 * Without `process.stdin`: to make that would load Node's streams, which takes a fifth
 * of a child's start.
 */
function readSocket(onChunk: (chunk: Uint8Array) => void, onEnd: () => void): void {
  Bun.connect({
    fd: STDIN,
    socket: {
      data: (_socket: unknown, chunk: Uint8Array) => onChunk(chunk),
      end: onEnd,
      close: onEnd,
      error: onEnd,
    },
  }).then((socket: { unref(): void }) => socket.unref(), onEnd);
}

function spawn(options: SpawnOptions): Child {
  const file = options.executable ?? process.execPath;
  const pipe = takePipe();
  const child = spawnWith(
    pipe,
    () =>
      Bun.spawn([file, ...ownFlags(), toPath(options.entry), ...options.args], {
        cwd: options.cwd,
        env: options.env ?? process.env,
        stdin: "pipe",
        stdout: pipe?.writing ?? "pipe",
        stderr: options.pipesStderr ? "pipe" : "inherit",
      }),
  );
  child.unref();
  let open = true;
  return {
    pid: child.pid,
    write(bytes) {
      if (!open) return undefined;
      try {
        const written = child.stdin.write(bytes);
        if (written instanceof Promise) written.catch(() => {}); // as below
        const flushed = child.stdin.flush();
        if (flushed instanceof Promise) return flushed.then(() => {}, () => {});
      } catch {
        // the child is gone: `exited` tells
      }
    },
    closeStdin() {
      open = false;
      Promise.resolve(child.stdin.end()).catch(() => {});
    },
    read: (onChunk) =>
      pipe === undefined
        ? readAll(child.stdout, onChunk)
        : readPipe(pipe.reading, onChunk),
    ...(options.pipesStderr && {
      readStderr: (onChunk) => readAll(child.stderr, onChunk),
    }),
    exited: child.exited.then(() => child.exitCode ?? -signalNumber(child.signalCode)),
    kill: (signal) => void child.kill(signal),
  };
}

/** Reads a pipe to its end without keeping the process alive, and closes it. */
function readPipe(fd: number, onChunk: (chunk: Uint8Array) => void): Promise<void> {
  const stream = builtin("node:stream").Readable.fromWeb(Bun.file(fd).stream());
  // What has not been counted as wanted cannot be taken back.
  stream.ref();
  stream.unref();
  return new Promise((resolve) => {
    stream.on("data", onChunk).on("error", () => {}).on("close", () => {
      builtin("node:fs").closeSync(fd); // which the stream does not
      resolve();
    });
  });
}

async function readAll(
  stream: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  try {
    for await (const chunk of stream) onChunk(chunk);
  } catch {
    // the pipe broke: its end all the same
  }
}
