/**
 * Tests of shared memory, each with the memory mapped and, by the switch, as a file. Where
 * this runtime cannot map, both are the same. Children do as the root.
 *
 * @module
 */
import { canMap } from "../../src/runtime/mapping/mod.ts";
import { switches } from "../../src/runtime/switches.ts";
import { test, type TestOptions } from "../suite.ts";

/** Whether this process maps, if nobody forbids it. */
export const isMapping: boolean = canMap();

/** Registers a test twice. */
export function testBothWays(
  name: string,
  fn: (maps: boolean) => void | Promise<void>,
  options: TestOptions = {},
): void {
  for (const maps of [true, false]) {
    test(`${name} (${maps ? "mapped" : "not mapped"})`, async () => {
      const before = switches.mapping;
      switches.mapping = before && maps;
      try {
        await fn(maps && before && isMapping);
      } finally {
        switches.mapping = before;
      }
    }, options);
  }
}
