import { notStrictEqual, strictEqual } from "node:assert/strict";
import { IdRanges } from "../../src/hub/ids.ts";
import { test } from "../suite.ts";

const SIZE = 2 ** 32;

test("IdRanges.of tells the range of a number", () => {
  strictEqual(IdRanges.of(5), 0);
  strictEqual(IdRanges.of(7 * SIZE + 5), 7);
});

test("IdRanges gives a range again only when nothing numbered in it is left", () => {
  const idRanges = new IdRanges();
  strictEqual(idRanges.open(), 0);
  const idRange = idRanges.open();
  idRanges.use(idRange * SIZE + 1);
  idRanges.close(idRange);
  notStrictEqual(idRanges.open(), idRange);
  idRanges.release(idRange * SIZE + 1);
  strictEqual(idRanges.open(), idRange);
});
