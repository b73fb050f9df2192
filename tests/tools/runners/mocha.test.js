import { register } from "./cells.js";
import * as work from "./work.js";

export function cube(x) {
  return x * x * x;
}

describe("cells", () => register(it, work, { "own function": cube }));
