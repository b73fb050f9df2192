import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { appendToFile, checkPlace, writeWhole } from "../../src/runtime/whole_file.ts";
import { withFolder } from "../helpers/folders.ts";
import { test } from "../suite.ts";

test("a file is written for this user alone, in the place of another", async () => {
  await withFolder((folder) => {
    const path = `${folder}/file`;
    writeFileSync(path, "old", { mode: 0o644 });
    writeWhole(path, "new");
    strictEqual(readFileSync(path, "utf8"), "new");
    strictEqual(statSync(path).mode & 0o777, 0o600);
    deepStrictEqual(readdirSync(folder), ["file"]);
  });
});

test("what cannot be written leaves nothing", async () => {
  await withFolder((folder) => {
    throws(() => writeWhole(`${folder}/no/file`, "new"));
    mkdirSync(`${folder}/folder`);
    throws(() => writeWhole(`${folder}/folder`, "new")); // in the last step
    deepStrictEqual(readdirSync(folder), ["folder"]);
  });
});

test("a place is tried out without a trace", async () => {
  await withFolder((folder) => {
    writeFileSync(`${folder}/file`, "old");
    checkPlace(`${folder}/file`);
    checkPlace(`${folder}/other`);
    throws(() => checkPlace(`${folder}/file/inner`));
    deepStrictEqual(readdirSync(folder), ["file"]);
    strictEqual(readFileSync(`${folder}/file`, "utf8"), "old");
  });
});

test("texts come to the end of a file, which is made for this user alone", async () => {
  await withFolder((folder) => {
    const path = `${folder}/file`;
    strictEqual(appendToFile(path, "one\n"), true);
    strictEqual(statSync(path).mode & 0o777, 0o600);
    strictEqual(appendToFile(path, "two\n"), true);
    strictEqual(readFileSync(path, "utf8"), "one\ntwo\n");
    strictEqual(appendToFile(`${folder}/no/file`, "three\n"), false);
    deepStrictEqual(readdirSync(folder), ["file"]);
  });
});
