/**
 * All that a manager's server tells of its objects to those who look inside, as
 * inspect/report.ts reads it.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";
import type { Entry, Objects } from "./objects.ts";
import type { Blocked } from "./protocol/caller.ts";
import {
  DESCRIBE,
  describes,
  type Describing,
  type ManagedDescription,
} from "./types/description.ts";

/** The most that is told of. */
const MOST = 256;

/** Numbers of locks that only their condition has are those of the conditions, and this. */
const OWN_LOCK = 2 ** 32;

/** Those objects at which clients can wait. */
export function accountOf(objects: Objects): object[] {
  const all: object[] = [];
  for (const entry of objects.entries()) {
    if (all.length >= MOST) break;
    if (describes(entry.object)) {
      all.push(...accountOfOne(entry, entry.object, objects));
    }
  }
  return all;
}

function accountOfOne(
  entry: Entry,
  object: Describing,
  objects: Objects,
): object[] {
  const now = runtime.now();
  const told = object[DESCRIBE](now);
  const { lock } = told;
  const holders = [...objects.clients].filter((client) => client.has(entry))
    .map(({ pid }) => ({ pid, age: null }));
  const own = account(entry.id, entry.object, told, holders);
  if (lock === null) return [own];
  const known = objects.entryOf(lock);
  const id = known?.id ?? entry.id + OWN_LOCK;
  const condition = { ...own, lock: id };
  if (known !== undefined || !describes(lock)) return [condition];
  return [condition, account(id, lock, lock[DESCRIBE](now), holders)];
}

function account(
  id: number,
  object: object,
  { machine: _, ...told }: ManagedDescription,
  holders: readonly object[],
): object {
  return {
    ...told,
    id,
    type: object.constructor.name.replace(/^Managed/, ""),
    holders,
    takers: told.takers.map(({ pid }) => ({ pid, age: null })),
    waiters: clients(told.waiters),
    putters: clients(told.putters),
    joiners: clients(told.joiners),
    lock: null,
  };
}

/** Those who wait, since when, and for how long still. */
function clients(blocked: readonly Blocked[]): object[] {
  const now = runtime.now();
  return blocked.map(({ owner, since, timeout }) => {
    const age = Math.max(0, now - since) / 1000;
    const left = timeout === null ? null : Math.max(0, timeout - age);
    return { pid: owner.pid, age, left };
  });
}
