/**
 * Tests that src/codec/codec.ts keeps apart from what others do to cbor-x. In a process
 * of its own, and so not among the tests of the wire, which start none.
 */

import { deepStrictEqual } from "node:assert/strict";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

test("codec: what other libraries add to cbor-x changes nothing", async () => {
  const { stdout, stderr, code } = await runProgram(
    "tests/children/cbor_extensions.ts",
  );
  deepStrictEqual([stdout, stderr, code], ["the same\n", "", 0]);
});
