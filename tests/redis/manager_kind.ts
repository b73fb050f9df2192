/** Managers whose objects are on a server, as a kind that stands in for the package's own. */
import process from "node:process";
import { Process } from "../../mod.ts";
import type { SyncManager } from "../../src/managers.ts";
import {
  type Kind,
  kindOf as kindOfAny,
  PROCESSES,
  type Work,
} from "../cpython/helpers/kinds.ts";
import { noServer, type Server, until, withServer } from "./server.ts";
import { ADDRESS, LEASE, onServer } from "./targets.ts";

/** A process that has the context. */
export function processWith(
  target: unknown,
  args: Iterable<unknown> = [],
  more = {},
): Process {
  return new Process({ ...more, target: onServer, args: [target, [...args]] } as never);
}

/** The kind whose objects are proxies of a manager's. */
export function kindOf(manager: SyncManager): Kind {
  return {
    ...kindOfAny(manager),
    Process: ({ target, args, ...more }: Work = {}) => processWith(target, args, more),
    Pool: PROCESSES.Pool, // such a manager has none
  };
}

/** Gives a case a manager on a server of its own. */
export async function withManager(
  fn: (manager: SyncManager) => void | Promise<void>,
): Promise<void> {
  await withServer((server) => use(server, fn));
}

async function use(
  server: Server,
  fn: (manager: SyncManager) => void | Promise<void>,
): Promise<void> {
  process.env[ADDRESS] = server.url;
  try {
    await using manager = server.context({ lease: LEASE }).Manager();
    await fn(manager as unknown as SyncManager);
  } finally {
    delete process.env[ADDRESS];
  }
  // Sessions of daemons that were killed end when their leases are over.
  await until(async () =>
    await server.command("ZCARD", "{mp:test}:sessions") as number < 2
  );
}

/** Where these cases cannot run, and how long they may take. */
export const OPTIONS = { skip: noServer, timeout: 120 };
