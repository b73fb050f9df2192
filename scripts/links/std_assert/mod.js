/* @ts-self-types="./mod.d.ts" */
/** Stands for `jsr:@std/assert` where JSR cannot be reached; see `deno.json`, `links`. */
export {
  assert,
  assertEquals,
  assertInstanceOf,
  AssertionError,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "deno-std/assert/mod.js";
