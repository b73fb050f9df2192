import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeWordFile, openWord } from "../../src/link/word_file.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";
import { removeShared } from "../../src/runtime/program_folder.ts";
import { switches } from "../../src/runtime/switches.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";

turnAllOn();

const NO_MAPPING = { skip: !canMap() && "this runtime cannot map files" };

/** Makes a file of words, and removes it. */
function withWords(
  fn: (file: NonNullable<ReturnType<typeof makeWordFile>>) => void,
): void {
  const file = makeWordFile(3)!;
  try {
    fn(file);
  } finally {
    file.close();
    removeShared();
    ok(!existsSync(dirname(file.path)));
  }
}

test(
  "a word is the same on both sides, and apart from the others",
  () =>
    withWords((file) => {
      const [one, two] = [file.take()!, file.take()!];
      const other = openWord(file.path, two.index)!;
      strictEqual(statSync(file.path).mode & 0o777, 0o600);
      two.store(-5);
      deepStrictEqual([other.load(), one.load()], [-5, 0]);
      deepStrictEqual([other.replace(0, 1), other.replace(-5, 2 ** 31 - 1)], [
        ...[false, true],
      ]);
      strictEqual(two.load(), 2 ** 31 - 1);
      for (const word of [two, two, other]) word.count();
      deepStrictEqual([two.grants, other.grants, one.grants], [3, 3, 0]);
      deepStrictEqual([two.load(), one.load()], [2 ** 31 - 1, 0]);
    }),
  NO_MAPPING,
);

test(
  "a word that is free is given out again, as 0; the file goes when all are free",
  () =>
    withWords((file) => {
      const words = [file.take()!, file.take()!, file.take()!];
      deepStrictEqual(words.map(({ index }) => index), [0, 1, 2]);
      strictEqual(file.take(), null);
      words[1]!.store(7);
      words[1]!.count();
      words[1]!.free();
      const again = file.take()!;
      deepStrictEqual([again.index, again.load(), file.take()], [1, 0, null]);
      strictEqual(again.grants, 0);
      for (const word of [words[0]!, again]) word.free();
      ok(existsSync(file.path));
      words[2]!.free();
      deepStrictEqual([file.isClosed, existsSync(file.path)], [true, false]);
    }),
  NO_MAPPING,
);

test("openWord: what is not there is not opened", () =>
  withWords((file) => {
    strictEqual(openWord(file.path, 3), undefined);
    strictEqual(openWord("/nowhere/words", 0), undefined);
    const short = `${dirname(file.path)}/short`;
    writeFileSync(short, "abc");
    strictEqual(openWord(short, 0), undefined);
  }), NO_MAPPING);

test("makeWordFile: where nothing is mapped there is none", () => {
  switches.mapping = false;
  try {
    strictEqual(makeWordFile(), null);
    strictEqual(openWord("/nowhere/else", 0), undefined);
  } finally {
    switches.mapping = true;
  }
});
