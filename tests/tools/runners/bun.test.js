import { mock, test } from "bun:test";
import { register } from "./cells.js";
import * as work from "./work.js";

export function cube(x) {
  return x * x * x;
}

register(test, work, { "own function": cube, mock: mock(cube) });
