import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openBoth, removeOnce } from "../../src/link/paired_files.ts";
import { test } from "../suite.ts";

test("openBoth: opens both files, or none", () => {
  const open = new Set<string>();
  const opener = (path: string) => {
    if (path === "missing") throw new Error(path);
    open.add(path);
    return { close: () => open.delete(path) };
  };
  strictEqual(openBoth(opener, ["a", "b"], true)?.length, 2);
  deepStrictEqual([...open], ["a", "b"]);
  strictEqual(openBoth(opener, ["c", "missing"], true), undefined);
  strictEqual(openBoth(opener, ["missing", "c"], true), undefined);
  deepStrictEqual([...open], ["a", "b"]);
});

test("removeOnce: removes once", () => {
  let count = 0;
  const remove = removeOnce(() => count++);
  remove();
  remove();
  strictEqual(count, 1);
});
