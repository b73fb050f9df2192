/**
 * The objects of managers' servers, put as the hub puts its own. Pure.
 *
 * A server speaks of its clients: that one waits is believed if it says so itself. An object
 * that strangers have as well, such as clients in Python, is left out, as they may do
 * anything with it; a wait at it is one for the server.
 *
 * @module
 */
import type { Description, ObjectDescription, Waiting } from "../hub/description.ts";
import type { Numbers, ProcessFacts } from "./facts.ts";
import type { ReportedClient, ReportedManaged, ReportedObject } from "./report.ts";

/** What was told of managers' objects, by {@linkcode managedKey}. */
export type KnownManaged = ReadonlyMap<
  string,
  { process: number; made: ReportedObject }
>;

/** The key of an object in a server. */
export function managedKey(server: number, object: number): string {
  return `${server} ${object}`;
}

/** An object of a manager's server. */
export type ManagedObject = ObjectDescription & {
  /** The server's process. */
  readonly home: number;
  /** What is known of its name. */
  readonly told: ReportedObject;
};

/** The objects of all servers, by {@linkcode managedKey}. */
export function managedObjects(
  processes: readonly ProcessFacts[],
  numbers: Numbers,
  known: KnownManaged,
): Map<string, ManagedObject> {
  const here = processes.filter(({ host }) => host === null);
  const byPid = new Map(here.map(({ pid, number }) => [pid, number]));
  const objects = new Map<string, ManagedObject>();
  for (const server of here) {
    // What a silent one has said may be long over.
    if (server.isSilent || server.isStopped) continue;
    const clients = new Clients(byPid, waitingFor(server.pid, here));
    for (const managed of server.report?.managed ?? []) {
      const key = managedKey(server.pid, managed.id);
      const object = describe(managed, server.number, clients, numbers);
      if (object === undefined) continue;
      const told = known.get(key);
      const isKnown = told !== undefined && object.holders.includes(told.process);
      const { type } = managed;
      const unnamed = { type, name: null, place: null, id: object.id, server: null };
      const named = isKnown ? { ...told.made, type } : unnamed;
      objects.set(key, { ...object, home: server.number, told: named });
    }
  }
  return objects;
}

/** The pids of the processes that say that they wait for something of a server. */
function waitingFor(server: number, processes: readonly ProcessFacts[]): Set<number> {
  const waiting = processes.filter(({ report }) =>
    report?.waits.some((wait) => wait.server === server)
  );
  return new Set(waiting.map(({ pid }) => pid));
}

/** The clients of a server, as processes of this program. */
class Clients {
  readonly #byPid: ReadonlyMap<number, number>;
  readonly #waiting: ReadonlySet<number>;

  constructor(byPid: ReadonlyMap<number, number>, waiting: ReadonlySet<number>) {
    this.#byPid = byPid;
    this.#waiting = waiting;
  }

  isStranger({ pid }: ReportedClient): boolean {
    return !this.#byPid.has(pid);
  }

  numbers(clients: readonly ReportedClient[]): number[] {
    return [...new Set(clients.flatMap(({ pid }) => this.#byPid.get(pid) ?? []))];
  }

  waits(clients: readonly ReportedClient[]): Waiting[] {
    return this.having(clients.filter(({ pid }) => this.#waiting.has(pid)));
  }

  having(clients: readonly ReportedClient[]): Waiting[] {
    return clients.flatMap(({ pid, age, left }) => {
      const process = this.#byPid.get(pid);
      return process === undefined ? [] : [{ process, age, count: 1, left }];
    });
  }
}

function describe(
  managed: ReportedManaged,
  server: number,
  clients: Clients,
  numbers: Numbers,
): ObjectDescription | undefined {
  const { holders, takers, waiters, putters, joiners } = managed;
  const all = [holders, takers, waiters, putters, joiners].flat();
  if (all.some((client) => clients.isStranger(client))) return undefined;
  return {
    ...stateOf(managed, server, clients, numbers),
    ...{ id: numbers.of(server, managed.id), maker: server, inTransit: 0 },
    holders: clients.numbers([...holders, ...takers]),
  };
}

function stateOf(
  managed: ReportedManaged,
  server: number,
  clients: Clients,
  numbers: Numbers,
): Description {
  const { kind, value, bound, isOwned, isShutDown, unfinished, lock } = managed;
  const waiters = clients.waits(managed.waiters);
  switch (kind) {
    case "queue":
      return {
        ...{ kind, depth: value, maxsize: bound, puts: 0, gets: 0, oldest: null },
        ...{ unfinished: unfinished ?? 0, dead: 0, isShutDown, getters: waiters },
        putters: clients.waits(managed.putters),
        joiners: clients.waits(managed.joiners),
      };
    case "lock": {
      const takers = clients.having(managed.takers);
      const counts = { max: 1, isShared: false, grants: 0 };
      return { kind, value, isOwned, takers, waiters, ...counts };
    }
    default:
      return {
        ...{ kind, waiters, isSet: value > 0 },
        parties: kind === "barrier" ? bound : null,
        lock: lock === null ? null : numbers.of(server, lock),
      };
  }
}
