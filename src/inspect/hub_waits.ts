/**
 * Who waits and who holds, as the hub and managers' servers tell it of their objects. Pure.
 *
 * @module
 */
import type { ObjectDescription, Waiting } from "../hub/description.ts";
import type { HoldSnapshot } from "./snapshot.ts";

/** Takes out one of those waits, if there is one. */
export function take(
  all: Map<string, HubWait>,
  op: string,
  object: number,
): { op: string; object: number; left: number | null } | undefined {
  const key = `${op} ${object}`;
  const wait = all.get(key);
  if (wait === undefined) return undefined;
  if (--wait.count === 0) all.delete(key);
  return { op, object, left: wait.left };
}

/** Waits of one process at one object that the hub knows. */
export interface HubWait {
  readonly op: string;
  readonly object: number;
  readonly age: number | null;
  count: number;
  /** Seconds until they give up, if one does: which one is not known, so all may. */
  left: number | null;
}

/** Who waits and who holds, by process. */
export class HubWaits {
  readonly #waits = new Map<number, Map<string, HubWait>>();
  readonly #takers = new Map<number, HoldSnapshot[]>();

  constructor(objects: readonly ObjectDescription[]) {
    for (const object of objects) this.#add(object);
  }

  #add(object: ObjectDescription): void {
    switch (object.kind) {
      case "queue":
        this.#enter("get", object.id, object.getters);
        this.#enter("put", object.id, object.putters);
        this.#enter("join", object.id, object.joiners);
        return;
      case "lock":
        this.#enter("acquire", object.id, object.waiters);
        for (const { process, age } of object.takers) {
          const hold = { object: object.id, age, place: null, isScoped: null };
          this.#takers.set(process, [...this.#takers.get(process) ?? [], hold]);
        }
        return;
      case "pipe":
        return this.#enter("recv", object.id, object.readers);
      default:
        this.#enter("wait", object.id, object.waiters);
    }
  }

  #enter(op: string, object: number, waiting: readonly Waiting[]): void {
    for (const { process, count, age, left = null } of waiting) {
      let own = this.#waits.get(process);
      if (own === undefined) this.#waits.set(process, own = new Map());
      const key = `${op} ${object}`;
      const before = own.get(key);
      if (before === undefined) own.set(key, { op, object, age, count, left });
      else {
        before.count += count;
        before.left = left === null ? before.left : Math.max(left, before.left ?? 0);
      }
    }
  }

  /** Those of a process, to be changed by who asks. */
  of(process: number): Map<string, HubWait> {
    const own = this.#waits.get(process) ?? new Map<string, HubWait>();
    return new Map(Array.from(own, ([key, wait]) => [key, { ...wait }]));
  }

  takenBy(process: number): HoldSnapshot[] {
    return this.#takers.get(process) ?? [];
  }
}
