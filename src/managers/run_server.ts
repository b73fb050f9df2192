/**
 * What a manager has its server's process run. Mirrors `BaseManager._run_server` of
 * `multiprocessing/managers.py`.
 *
 * @module
 */
import { identity } from "../process/identity.ts";
import type { Queue } from "../queues/queue.ts";
import { registerName } from "../reduction/mod.ts";
import { loadParts } from "./lazy.ts";
import type { ServeOptions, Started } from "./serve.ts";

/** Runs a server until it is shut down. */
export async function runServer(
  started: Queue<Started>,
  options: ServeOptions,
): Promise<void> {
  identity.ignoresInterrupt = true;
  const { serve } = await loadParts();
  await serve(started, options);
}

registerName("managers:runServer", runServer);
