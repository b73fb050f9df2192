import { mock, test } from "node:test";
import { register } from "./cells.js";
import * as work from "./work.js";

export function cube(x) {
  return x * x * x;
}

register(test, work, { "own function": cube, mock: mock.fn(cube) });
