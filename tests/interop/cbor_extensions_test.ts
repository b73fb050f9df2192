/**
 * Tests that src/codec/codec.ts keeps apart from what others do to cbor-x. In a process
 * of its own, and so not among the tests of the wire, which start none.
 */

import { strictEqual } from "node:assert/strict";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";

test("codec: what other libraries add to cbor-x changes nothing", async () => {
  strictEqual(await outputOf("tests/children/cbor_extensions.ts"), "the same\n");
});
