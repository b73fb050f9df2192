import { register } from "./cells.js";
import * as work from "./work.js";

export function cube(x) {
  return x * x * x;
}

register((name, fn) => Deno.test(name, fn), work, { "own function": cube });
