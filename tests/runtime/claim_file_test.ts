import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { lstatSync, readdirSync } from "node:fs";
import { makeAppendDir, openAppended } from "../../src/runtime/claim_file.ts";
import { removeDir } from "../../src/runtime/temp.ts";
import { test } from "../suite.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

test("openAppended: two who have a file open add to its end in turn, and read anywhere", () => {
  const folder = makeAppendDir()!;
  const path = `${folder}/1`;
  try {
    const one = openAppended(path, true);
    const other = openAppended(path, false);
    one.append(bytes(1, 2));
    other.append(bytes(3, 4));
    one.append(bytes(5, 6));
    const room = new Uint8Array(8);
    for (const file of [one, other]) {
      strictEqual(file.read(room, 0), 6);
      deepStrictEqual(room.subarray(0, 6), bytes(1, 2, 3, 4, 5, 6));
      strictEqual(file.read(room, 4), 2);
      strictEqual(file.read(room, 6), 0);
      strictEqual(file.read(room, 2), 4);
    }
    other.clear();
    one.append(bytes(7));
    strictEqual(other.read(room, 0), 1);
    strictEqual(room[0], 7);
    strictEqual(one.read(room, 4), 0);
    one.close();
    other.close();
    throws(() => one.append(bytes(8)));
  } finally {
    removeDir(folder);
  }
});

test("openAppended: a new file must be new, another must be there; both are private", () => {
  const folder = makeAppendDir()!;
  try {
    throws(() => openAppended(`${folder}/1`, false));
    openAppended(`${folder}/1`, true).close();
    throws(() => openAppended(`${folder}/1`, true));
    deepStrictEqual(readdirSync(folder), ["1"]);
    strictEqual(lstatSync(folder).mode & 0o777, 0o700);
    strictEqual(lstatSync(`${folder}/1`).mode & 0o777, 0o600);
  } finally {
    removeDir(folder);
  }
});
