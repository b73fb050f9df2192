/**
 * `_TestValue`, `_TestArray` and `_TestSharedCTypes` of CPython's
 * `test/_test_multiprocessing.py`.
 *
 * @module
 */
import { test } from "../suite.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";
import { CASES, LEAKS } from "./helpers/sharedctypes_cases.ts";

turnAllOn();
canMap();
for (const [name, run] of Object.entries(CASES)) test(name, run, { leaks: LEAKS });
