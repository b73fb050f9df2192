/**
 * Finds processes of which none can go on: each waits for others of them, and for nobody
 * else. Pure.
 *
 * A process may be stuck if all that it does is to wait, without a limit and for some time,
 * and if nothing else can happen in it: see {@linkcode mayBeStuck}. Then, again and again,
 * whoever could be helped by a process that is not stuck is not stuck either. Those who are
 * left can never go on. Among them, those whom the others wait for are the deadlock; the
 * others are told of at its end.
 *
 * An alarm must be right, so everything that is not known counts as a sign of life. It is
 * called certain if there are only locks in it, which those who hold them give back. Else
 * what this package does not see could still help, a signal to the process for example.
 *
 * @module
 */
import { accountOf } from "./account.ts";
import { components } from "./components.ts";
import {
  type Blocked,
  helpersOf,
  helpersOfIdle,
  isIdleWorker,
  type Member,
  type View,
  viewOf,
} from "./helpers.ts";
import type { Deadlock, ProcessSnapshot, Snapshot } from "./snapshot.ts";

/** Seconds that each wait must have lasted. */
const OLD = 1;
/**
 * Cores that a process may use for being observed. The system counts in hundredths of a
 * second, of which one in half a second is 0.02.
 */
const IDLE_CPU = 0.05;
/** Seconds after which what a process has said of itself is too old to be counted on. */
const SILENT = 0.8;

/** Members by their process's number. */
type Members = Map<number, Member>;

/** A deadlock, and those in it whom the others wait for. */
export interface Ring {
  readonly deadlock: Deadlock;
  readonly members: readonly number[];
}

/**
 * Finds the deadlocks of a snapshot. As its parts are of slightly different times, one that
 * is found in a single snapshot may be an error; see deadlock_watch.ts.
 *
 * @param old Seconds that each of the waits must have lasted.
 */
export function findRings(snapshot: Snapshot, old: number = OLD): Ring[] {
  const view = viewOf(snapshot);
  const candidates: Members = new Map();
  for (const process of snapshot.processes) {
    const member = memberOf(process, view, old);
    if (member !== undefined) candidates.set(process.number, member);
  }
  const cycles = lockCycles(candidates);
  const stuck = new Map([...candidates, ...cycles]);
  const isAll = () =>
    snapshot.processes.every(({ number, role }) => {
      return role === "manager" || stuck.has(number);
    });
  keepStuck(stuck, isAll);
  if (stuck.size === 0) return [];
  return causes(stuck).map((cause) => ({
    deadlock: describe(cause, stuck, snapshot, view, isAll()),
    members: cause.map(({ process }) => process.number),
  }));
}

/** The process, if it may be stuck by all that is seen of itself. */
function memberOf(
  process: ProcessSnapshot,
  view: View,
  old: number,
): Member | undefined {
  if (!mayBeStuck(process)) return undefined;
  if (isIdleWorker(process)) {
    const idle = helpersOfIdle(process, view);
    return idle === "life" ? undefined : { process, blocked: [], idle };
  }
  const blocked: Blocked[] = [];
  for (const wait of process.waits) {
    const helpers = wait.age < old ? "life" : helpersOf(wait, process, view);
    if (helpers === "life") return undefined;
    blocked.push({ wait, helpers });
  }
  return blocked.length > 0 ? { process, blocked, idle: undefined } : undefined;
}

/** Whether nothing but the end of its waits can make it go on, as far as is known. */
export function mayBeStuck(process: ProcessSnapshot): boolean {
  const { role, state, host, cpu, silence, isAlive } = process;
  if (role === "manager" || host !== null) return false;
  if (state === "starting" || state === "stopped" || state === "silent") return false;
  return isAlive === false && silence < SILENT && cpu !== null && cpu < IDLE_CPU;
}

/** Takes out whoever can still be helped, until nobody can. */
function keepStuck(stuck: Members, isAll: () => boolean): void {
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    const everybody = isAll();
    for (const [number, { blocked, idle }] of stuck) {
      const all = idle === undefined ? blocked.map(({ helpers }) => helpers) : [idle];
      const isHopeless = all.every(({ processes, orAnyone }) => {
        return (!orAnyone || everybody) && isWithin(processes, stuck);
      });
      if (isHopeless) continue;
      stuck.delete(number);
      isChanged = true;
    }
  }
}

function isWithin(processes: ReadonlySet<number>, stuck: Members): boolean {
  for (const number of processes) {
    if (!stuck.has(number)) return false;
  }
  return true;
}

/**
 * Processes that wait for locks only, in rings of two or more. Any process may release a
 * bare lock, but where those who have one each wait for another one's, nobody does: so they
 * are stuck whatever the rest of the program does.
 */
function lockCycles(candidates: Members): Members {
  const found: Members = new Map();
  for (const [number, { process, blocked, idle }] of candidates) {
    if (blocked.length === 0 || idle !== undefined) continue;
    const owned = blocked.map(({ wait, helpers }) => {
      const { takers } = helpers;
      // What a process has itself taken may be a signal that it waits for.
      if (takers === null || takers.has(number)) return { wait, helpers };
      return { wait, helpers: { processes: takers, orAnyone: false, takers } };
    });
    if (owned.every(({ helpers }) => helpers.takers !== null)) {
      found.set(number, { process, blocked: owned, idle });
    }
  }
  keepStuck(found, () => false);
  return found;
}

/** The parts of those who are stuck that wait for nobody else. */
function causes(stuck: Members): Member[][] {
  const numbers = [...stuck.keys()];
  const parts = components(numbers, (number) => waitsFor(stuck.get(number)!));
  const partOf = new Map<number, number>();
  for (const [i, part] of parts.entries()) {
    for (const number of part) partOf.set(number, i);
  }
  return parts
    .filter((part, i) =>
      part.every((number) =>
        [...waitsFor(stuck.get(number)!)].every((other) => partOf.get(other) === i)
      )
    )
    .map((part) => part.sort((a, b) => a - b).map((number) => stuck.get(number)!));
}

/** Whom a process waits for: of a lock, who has it, as nobody else who might gives it back. */
function waitsFor({ blocked, idle }: Member): Set<number> {
  const all = idle === undefined ? blocked.map(({ helpers }) => helpers) : [idle];
  return new Set(all.flatMap(({ processes, takers }) => [...takers ?? processes]));
}

function describe(
  cause: readonly Member[],
  stuck: Members,
  snapshot: Snapshot,
  view: View,
  isAll: boolean,
): Deadlock {
  const members = cause.filter(({ idle }) => idle === undefined);
  const others = behind(cause, stuck);
  const blocked = members.flatMap(({ blocked }) => blocked);
  const isCertain = blocked.every(({ helpers }) => helpers.takers !== null);
  const age = Math.min(...blocked.map(({ wait }) => wait.age));
  const account = accountOf({ members, others, isCertain, isAll, age }, snapshot, view);
  const processes = [...members, ...others].map(({ process }) => process.number);
  return { isCertain, processes, age, ...account };
}

/** Those who wait for the members of a deadlock, or for others who do. */
function behind(cause: readonly Member[], stuck: Members): Member[] {
  const waiting = new Map<number, number[]>();
  for (const [number, member] of stuck) {
    for (const other of waitsFor(member)) {
      const list = waiting.get(other);
      if (list === undefined) waiting.set(other, [number]);
      else list.push(number);
    }
  }
  const own = new Set(cause.map(({ process }) => process.number));
  const reached = new Set(own);
  for (const number of reached) { // grows meanwhile
    for (const other of waiting.get(number) ?? []) reached.add(other);
  }
  return [...reached].filter((number) => !own.has(number)).sort((a, b) => a - b)
    .map((number) => stuck.get(number)!)
    .filter(({ idle }) => idle === undefined);
}
