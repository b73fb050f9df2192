/**
 * What the process of a manager's server runs.
 *
 * Mirrors `BaseManager._run_server` of `multiprocessing/managers.py`.
 *
 * @module
 */
import { identity } from "../process_identity.ts";
import type { Queue } from "../queues.ts";
import { registerName } from "../reduction.ts";
import { runtime } from "../runtime/mod.ts";
import type { SocketAddress } from "../runtime/sockets.ts";
import { info } from "../util.ts";
import type { Factory, Registration } from "./registry.ts";
import { Server } from "./server.ts";

/** What the server is told. */
export interface ServeOptions {
  registry: [typeid: string, Registration][];
  address: SocketAddress;
  authkey: Uint8Array;
  mainModule: string | null;
  initializer: Factory | null;
  initargs: unknown[];
}

/** What the server tells, once: where it is, or why it is not. */
export type Started = { address: SocketAddress } | { error: unknown };

/** Runs until it is shut down. */
export async function runServer(
  started: Queue<Started>,
  options: ServeOptions,
): Promise<void> {
  identity.ignoresInterrupt = true;
  const { registry, initializer, initargs } = options;
  if (initializer !== null) {
    await (initializer as (...args: unknown[]) => unknown)(...initargs);
  }
  let server: Server;
  try {
    server = await Server.listen({ ...options, registry: new Map(registry) });
  } catch (error) {
    await started.put({ error });
    return;
  }
  runtime.onExit(() => server.close());
  info("manager server running");
  await started.put({ address: server.address });
  await server.serve_forever();
}

registerName("managers:runServer", runServer);
