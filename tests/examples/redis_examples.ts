/**
 * What the programs print that there are twice in `examples/`: on one machine, and with
 * `redis_` before the name on many.
 *
 * @module
 */
import { type Example, range } from "./support.ts";

/** By the names on one machine. */
export const TWICE: Example[] = [
  {
    name: "pool_basics",
    lines: [
      ...range(10).map((i) => `dealt with event ${i}`),
      "all events are dealt with",
      ...range(10).map((i) => i % 2 === 0 ? `EVENT ${i}` : `event ${i}`),
    ],
  },
  {
    name: "producers_consumers",
    lines: [
      ...["a", "b", "c"].flatMap((baker) =>
        range(3).flatMap((i) => [`baked roll ${baker}${i}`, `ate roll ${baker}${i}`])
      ),
      "the bakery closes",
    ],
  },
];
