/** What processes do with the values of `reduction/values_table.ts`. */
import type { Connection } from "../../src/connection.ts";
import type { Queue } from "../../src/queues.ts";

/** The values; throws if one of them is not made by this realm's own classes. */
export function owned<T>(values: T): T {
  check(values, new Set());
  return values;
}

function check(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  let last: object = value;
  for (let at = Object.getPrototypeOf(last); at; at = Object.getPrototypeOf(at)) {
    last = at;
  }
  if (last !== Object.prototype && last !== value) {
    throw new TypeError(`of another realm: ${Object.prototype.toString.call(value)}`);
  }
  if (ArrayBuffer.isView(value)) return;
  for (const key of Object.keys(value)) {
    check((value as Record<string, unknown>)[key], seen);
  }
  if (value instanceof Map) { for (const pair of value) check(pair, seen); }
  if (value instanceof Set) { for (const item of value) check(item, seen); }
}

/** Gives them back by a queue: those of its arguments, then one message of each kind. */
export async function relay(
  values: unknown,
  queue: Queue<unknown>,
  conn: Connection,
  answers: Queue<unknown>,
): Promise<void> {
  await answers.put(owned(values));
  await answers.put(owned(await queue.get()));
  await conn.send(owned(await conn.recv()));
}
