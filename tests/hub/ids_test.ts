import { notStrictEqual, strictEqual } from "node:assert/strict";
import { Spaces } from "../../src/hub/ids.ts";
import { test } from "../suite.ts";

const SIZE = 2 ** 32;

test("Spaces.of tells the range of a number", () => {
  strictEqual(Spaces.of(5), 0);
  strictEqual(Spaces.of(7 * SIZE + 5), 7);
});

test("Spaces gives a range again only when nothing numbered in it is left", () => {
  const spaces = new Spaces();
  strictEqual(spaces.open(), 0);
  const space = spaces.open();
  spaces.use(space * SIZE + 1);
  spaces.close(space);
  notStrictEqual(spaces.open(), space);
  spaces.release(space * SIZE + 1);
  strictEqual(spaces.open(), space);
});
