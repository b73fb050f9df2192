// The work of bundle/main.mjs, which bundlers put into the program's file.
import { exported } from "@pystd/multiprocessing";
import { clamp } from "numbers-of";

export function square(x) {
  return x * x;
}

export class Box {
  constructor(size) {
    this.size = size;
  }
  add(more) {
    return this.size + more;
  }
}

/** Takes an instance, and gives another. */
export function grow(box) {
  if (!(box instanceof Box)) throw new TypeError("no Box");
  return new Box(box.add(1));
}

export function fail() {
  throw new RangeError("outer", { cause: new TypeError("inner") });
}

/** The same in a process: what the function of an object gives is put into a queue. */
export async function put(queue, func, argument) {
  await queue.put(await func(argument));
}

exported(import.meta, { square, Box, grow, fail, put, clamp });
