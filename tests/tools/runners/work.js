// What the processes of the cells run: an ordinary work module.
export const language = "js";

export function square(x) {
  return x * x;
}

export const half = (x) => x / 2;

export async function fill(queue, value) {
  await queue.put({ value });
}

export function fail(text) {
  throw new RangeError(text, { cause: new TypeError("inner") });
}

export class Box {
  constructor(n) {
    this.n = n;
  }
  twice() {
    return 2 * this.n;
  }
  static filled(n) {
    return new Box(n);
  }
}

export function grow(box) {
  if (!(box instanceof Box)) throw new TypeError("no Box arrived");
  return new Box(box.n + 1);
}

export function kinds(map, date, bytes, set) {
  return [
    map instanceof Map && map.get("a"),
    date instanceof Date && date.getTime(),
    bytes instanceof Uint8Array && bytes.length,
    set instanceof Set && set.size,
  ];
}
