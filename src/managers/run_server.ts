/**
 * The target of a manager's server process, and the import of the deferred modules of managers
 * and servers: a process starts sooner the fewer files it has to load. An import of
 * `./managers` loads all of them at once.
 *
 * Mirrors `BaseManager._run_server` of `multiprocessing/managers.py`.
 *
 * @module
 */
import { identity } from "../process/identity.ts";
import type { Queue } from "../queues/queue.ts";
import { registerName } from "../reduction/mod.ts";
import type * as Deferred from "./deferred.ts";
import type * as Shared from "./shared_memory_server.ts";
import type { Server } from "./server.ts";
import type { ServeOptions, ServerKind, Started } from "./server_process.ts";

/** Runs a server until it is shut down. */
export async function runServer(
  started: Queue<Started>,
  options: ServeOptions,
): Promise<void> {
  identity.ignoresInterrupt = true;
  const [{ serve }, Class] = await Promise.all([
    loadDeferred(),
    loadServer(options.kind),
  ]);
  await serve(started, options, Class);
}

registerName("managers:runServer", runServer);

/** Loads the deferred modules of managers and servers. */
export function loadDeferred(): Promise<typeof Deferred> {
  return import("./deferred.ts");
}

/** Loads what managers of shared memory and their servers need besides. */
export function loadShared(): Promise<typeof Shared> {
  return import("./shared_memory_server.ts");
}

/** Loads a class of servers. */
export async function loadServer(kind: ServerKind): Promise<typeof Server> {
  if (kind === "SharedMemoryServer") return (await loadShared()).SharedMemoryServer;
  return (await loadDeferred()).Server;
}
