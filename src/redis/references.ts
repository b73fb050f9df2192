/**
 * Which objects a value refers to, while it is encoded. A container of a manager's keeps those
 * alive as long as it has the value; of what is sent otherwise, nobody knows when it arrives.
 *
 * @module
 */
import type { Base } from "./base.ts";

/** The numbers that are collected now. */
let collected: Set<string> | undefined;

/** An object is being encoded as a part of a value. */
export function refer(base: Base, id: string): void {
  if (collected === undefined) base.keep(id);
  else collected.add(id);
}

/** Calls a function that encodes a value; gives what the value refers to as well. */
export function collecting<T>(encode: () => T): { result: T; ids: readonly string[] } {
  const before = collected;
  const ids = collected = new Set<string>();
  try {
    return { result: encode(), ids: [...ids] };
  } finally {
    collected = before;
  }
}
