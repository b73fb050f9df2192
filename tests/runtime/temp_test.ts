/** Tests of src/runtime/temp.ts. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { isPrivateDir, PREFIX, privateName } from "../../src/runtime/private_dir.ts";
import {
  makeTempDir,
  removeDir,
  removeEmptyDir,
  sweep,
} from "../../src/runtime/temp.ts";
import { withFolder, withTemporary } from "../helpers/folders.ts";
import { test, testsWith } from "../suite.ts";

/** Tests that have a folder of their own. */
const FOLDER = testsWith<string>(
  { skip: process.platform !== "linux" && "only Linux tells the maker" },
  withFolder,
);

/** A name as a process that has ended has made it: there is no number as high as this. */
function deadName(): string {
  const [place, , start, random] = privateName().slice(PREFIX.length).split("-");
  return `${PREFIX}${place}-${(0x7fffffff).toString(36)}-${start}-${random}`;
}

FOLDER.test("sweep removes directories of the dead, once for each folder", (folder) => {
  const make = (name: string, mode = 0o700) => {
    fs.mkdirSync(join(folder, name), { mode });
    fs.mkdirSync(join(folder, name, "inner"));
    return name;
  };
  const [file, link, open] = [deadName(), deadName(), deadName()];
  const stays = [make(privateName()), make(`${PREFIX}other`), make("other")];
  stays.push(file, link, make(open));
  fs.writeFileSync(join(folder, file), "");
  fs.symlinkSync(join(folder, "other"), join(folder, link));
  fs.chmodSync(join(folder, open), 0o755); // no private folder
  make(deadName());
  sweep(folder, removeDir);
  deepStrictEqual(fs.readdirSync(folder).sort(), stays.sort());
  strictEqual(fs.existsSync(join(folder, "other", "inner")), true);
  const late = make(deadName());
  sweep(folder, removeDir);
  strictEqual(fs.existsSync(join(folder, late)), true);
  sweep(join(folder, "nowhere"), removeDir);
});

FOLDER.test("sweep goes on where one directory cannot be removed", (folder) => {
  for (let n = 0; n < 3; n++) {
    fs.mkdirSync(join(folder, deadName()), { mode: 0o700 });
  }
  const tried: string[] = [];
  sweep(folder, (path) => {
    tried.push(path);
    throw new Error("another program is quicker");
  });
  strictEqual(tried.length, 3);
});

test("makeTempDir: not where other users can replace it", () =>
  withFolder((folder) =>
    withTemporary(folder, () => {
      for (const mode of [0o700, 0o777, 0o1777, 0o770]) {
        fs.chmodSync(folder, mode);
        const path = makeTempDir("private-test-");
        try {
          ok(isPrivateDir(path));
          const isThere = path.startsWith(`${folder}/`);
          strictEqual(isThere, mode === 0o700 || mode === 0o1777);
        } finally {
          removeDir(path);
        }
      }
    })
  ));

test("a directory is removed only if it is empty", () => {
  const folder = makeTempDir("pystd-test-");
  const inner = `${folder}/inner`;
  fs.mkdirSync(inner);
  removeEmptyDir(folder);
  ok(fs.existsSync(inner));
  removeEmptyDir(inner);
  ok(!fs.existsSync(inner));
  removeEmptyDir(folder);
  removeEmptyDir(folder); // it is gone
  ok(!fs.existsSync(folder));
});
