// As work.js, in TypeScript whose types can be stripped.
import type { Queue } from "@pystd/multiprocessing";

export const language = "ts";

export function square(x: number): number {
  return x * x;
}

export const half = (x: number): number => x / 2;

export async function fill(queue: Queue<unknown>, value: unknown): Promise<void> {
  await queue.put({ value });
}

export function fail(text: string): never {
  throw new RangeError(text, { cause: new TypeError("inner") });
}

export class Box {
  n: number;
  constructor(n: number) {
    this.n = n;
  }
  twice(): number {
    return 2 * this.n;
  }
  static filled(n: number): Box {
    return new Box(n);
  }
}

export function grow(box: Box): Box {
  if (!(box instanceof Box)) throw new TypeError("no Box arrived");
  return new Box(box.n + 1);
}

export function kinds(
  map: unknown,
  date: unknown,
  bytes: unknown,
  set: unknown,
): unknown[] {
  return [
    map instanceof Map && map.get("a"),
    date instanceof Date && date.getTime(),
    bytes instanceof Uint8Array && bytes.length,
    set instanceof Set && set.size,
  ];
}
