/**
 * The process of a manager's server: its program and, on the manager's side, its report of the
 * start and its end.
 *
 * Mirrors `BaseManager._run_server` and `_finalize_manager` of
 * `multiprocessing/managers.py`.
 *
 * @module
 */
import type { Process } from "../process/classes.ts";
import { parent_process } from "../process/parent.ts";
import { EOFError } from "../python/errors.ts";
import { info } from "../python/util.ts";
import type { Queue } from "../queues/queue.ts";
import { dumpError } from "../reduction/mod.ts";
import { runtime } from "../runtime/mod.ts";
import { sleepSync } from "../runtime/posix.ts";
import type { SocketAddress } from "../runtime/sockets.ts";
import { removeEmptyDir } from "../runtime/temp.ts";
import type { Payload } from "../wire/message.ts";
import { standardTypes } from "./options.ts";
import { forget, nativeChannel } from "./protocol/channels.ts";
import type { Server } from "./server.ts";
import type { Factory, Registration } from "./types/referent.ts";

/** The server's report of its start. @throws {EOFError} if it ends without one */
export async function firstWord(
  server: Process,
  started: Queue<Started>,
): Promise<Started> {
  const over = new AbortController();
  const word = started.get({ signal: over.signal });
  const ended = server.join({ signal: over.signal }).then(async () => {
    // A report from before its end is here, or will be in a moment.
    return await started.get({ timeout: 1 }).catch(() => {
      throw new EOFError();
    });
  });
  ended.catch(() => {});
  word.catch(() => {});
  try {
    return await Promise.race([word, ended]);
  } finally {
    over.abort();
  }
}

/** Ends a server process. It must not refer to the manager. */
export async function shutDown(
  server: Process,
  address: SocketAddress,
  authkey: Uint8Array,
  timeout: number,
): Promise<void> {
  if (server.is_alive()) {
    info("sending shutdown message to manager");
    try {
      await nativeChannel(address, authkey).ask("shutdown", []);
    } catch {
      // it is gone, or will be
    }
    await server.join(timeout);
    if (server.is_alive()) {
      info("manager still alive");
      info("trying to `terminate()` manager process");
      server.terminate();
      await server.join(timeout);
      if (server.is_alive()) {
        info("manager still alive after terminate");
        server.kill();
        await server.join();
      }
    }
  }
  forget(address, authkey);
}

/** The arguments of a server process. */
export interface ServeOptions {
  /** The registered types; null for one that every process knows. */
  registry: [typeid: string, Registration | null][];
  address: SocketAddress;
  /** The directory that the program has made for its sockets, if the address is there. */
  directory: string | null;
  authkey: Uint8Array;
  mainModule: string | null;
  /** The class of the server. */
  kind: ServerKind;
  initializer: Factory | null;
  initargs: unknown[];
}

/** The server's report: its address, or the error of the start, by `dumpError`. */
export type Started = { address: SocketAddress } | { error: Payload };

/** The classes of servers. */
export type ServerKind = "Server" | "SharedMemoryServer";

/** Runs a server of a class until it is shut down. */
export async function serve(
  started: Queue<Started>,
  options: ServeOptions,
  Class: typeof Server,
): Promise<void> {
  const { registry, directory, initializer, initargs } = options;
  const known = registry.map(([typeid, type]) =>
    [typeid, type ?? standardTypes.get(typeid)!] as const
  );
  let server: Server | undefined;
  let isOver = false;
  const root = runtime.ppid;
  runtime.onExit(() => {
    server?.close();
    if (isOver || directory === null) return;
    // The process that has made the directory removes it, unless it was killed: then the last
    // server does, since others of the same program have their sockets there.
    if (parent_process()?.is_alive() === false || hasLost(root)) {
      removeEmptyDir(directory);
    }
  });
  try {
    if (initializer !== null) {
      await (initializer as (...args: unknown[]) => unknown)(...initargs);
    }
    try {
      server = await Class.listen({ ...options, registry: new Map(known) });
    } catch (error) {
      return await started.put({ error: await dumpError(error) });
    }
    await started.put({ address: server.address });
    await server.serve_forever();
  } finally {
    isOver = true;
  }
}

/** Milliseconds until a dead parent's children have another one. */
const REPARENTING = 200;

/** Whether our parent is dead: its pipes are closed some time before it is gone. */
function hasLost(parent: number): boolean {
  for (let i = 0; i < REPARENTING && runtime.ppid === parent; i++) sleepSync(1);
  return runtime.ppid !== parent;
}
