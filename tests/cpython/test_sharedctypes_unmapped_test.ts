/**
 * The same cases as in `test_sharedctypes_test.ts` where nothing maps memory.
 *
 * @module
 */
import { assumeSwitches } from "../../src/runtime/switches.ts";
import { test } from "../suite.ts";
import { CASES, LEAKS } from "./helpers/sharedctypes_cases.ts";

assumeSwitches(["mapping"]);
for (const [name, run] of Object.entries(CASES)) {
  test(`${name}, unmapped`, run, { leaks: LEAKS });
}
