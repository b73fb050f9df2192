/** Tests of src/runtime/shared_file.ts: files in memory, on the runtime that runs the test. */

import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import * as fs from "node:fs";
import {
  makeSharedDir,
  openShared,
  removeSharedDir,
  sharedDir,
  type SharedFile,
} from "../../src/runtime/shared_file.ts";
import { removeDir } from "../../src/runtime/temp.ts";
import { openFiles } from "../helpers/open_files.ts";
import { makeTestDir, noSharedFiles } from "../helpers/shared_files.ts";
import { SHARED_FILES } from "../helpers/groups.ts";
import { test, testsWith } from "../suite.ts";

/** Tests with a new file, which is closed and removed afterwards. */
const FILE = testsWith<{ file: SharedFile; path: string }>(
  { skip: noSharedFiles },
  async (fn) => {
    const folder = makeTestDir()!;
    const path = `${folder}/file`;
    const file = openShared(path, true);
    try {
      await fn({ file, path });
    } finally {
      file.close();
      removeDir(folder);
    }
  },
);

/** What there is from `position` on, up to `length` bytes. */
function read(file: SharedFile, position: number, length: number): number[] {
  const bytes = new Uint8Array(length);
  return [...bytes.subarray(0, file.read(bytes, position))];
}

function modeOf(path: string): number {
  return fs.statSync(path).mode & 0o777;
}

SHARED_FILES.test("makeSharedDir: a new folder each time, for this user only", () => {
  const folders = [makeTestDir()!, makeTestDir()!];
  try {
    strictEqual(new Set(folders).size, 2);
    for (const folder of folders) {
      match(folder, /^\/dev\/shm\/pystd-test-[^/]+$/);
      ok(fs.statSync(folder).isDirectory());
      strictEqual(modeOf(folder), 0o700);
    }
  } finally {
    folders.forEach(removeDir);
  }
  ok(!folders.some((folder) => fs.existsSync(folder)));
});

SHARED_FILES.test(
  "removeSharedDir: what is ours goes, what is not stays, what is gone is no error",
  () => {
    const [folder, other] = [makeTestDir()!, makeTestDir()!];
    fs.writeFileSync(`${folder}/file`, "");
    fs.chmodSync(other, 0o755); // as a folder that somebody else made
    fs.symlinkSync(other, `${folder}-link`);
    try {
      for (const path of [folder, other, `${folder}-link`]) removeSharedDir(path);
      ok(
        !fs.existsSync(folder) && fs.existsSync(other) &&
          fs.existsSync(`${folder}-link`),
      );
      removeSharedDir(folder);
    } finally {
      removeDir(`${folder}-link`);
      removeDir(other);
    }
  },
);

test("makeSharedDir: where there is no room, there is none", () => {
  strictEqual(makeSharedDir(sharedDir("pystd/no/such/folder")), undefined);
});

FILE.test("openShared: what was written is there, wherever it was written", ({ file }) => {
  file.write(Uint8Array.of(1, 2, 3), 4);
  file.write(Uint8Array.of(7, 8), 10);
  deepStrictEqual(read(file, 0, 12), [0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 7, 8]);
  file.write(Uint8Array.of(9), 5);
  file.write(new Uint8Array(0), 0);
  deepStrictEqual(read(file, 4, 3), [1, 9, 3]);
  // Each is at its own place, whatever was read or written last.
  file.write(Uint8Array.of(5), 0);
  deepStrictEqual(read(file, 11, 1), [8]);
  deepStrictEqual(read(file, 0, 2), [5, 0]);
});

FILE.test("openShared: only what is given is written, and only what is given is filled", ({ file }) => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6);
  file.write(bytes.subarray(2, 4), 1);
  deepStrictEqual(read(file, 0, 9), [0, 3, 4]);
  strictEqual(file.read(bytes.subarray(4, 5), 1), 1);
  deepStrictEqual([...bytes], [1, 2, 3, 4, 3, 6]);
});

FILE.test("openShared: a read that goes beyond the end is short", ({ file }) => {
  deepStrictEqual(read(file, 0, 3), []);
  file.write(Uint8Array.of(1, 2, 3), 0);
  const bytes = new Uint8Array(5).fill(9);
  strictEqual(file.read(bytes, 1), 2);
  deepStrictEqual([...bytes], [2, 3, 9, 9, 9]);
  strictEqual(file.read(bytes, 3), 0);
  strictEqual(file.read(bytes, 1_000_000), 0);
  strictEqual(file.read(new Uint8Array(0), 0), 0);
});

FILE.test("openShared: megabytes, far behind the start", ({ file, path }) => {
  const bytes = Uint8Array.from({ length: 5_000_000 }, (_, i) => i * 7 + (i >> 8));
  file.write(bytes, 1 << 24);
  strictEqual(fs.statSync(path).size, (1 << 24) + bytes.length);
  const found = new Uint8Array(bytes.length);
  strictEqual(file.read(found, 1 << 24), bytes.length);
  ok(found.every((byte, i) => byte === bytes[i]));
});

FILE.test("openShared: truncate gives back what is behind, and no more", ({ file, path }) => {
  file.write(Uint8Array.of(1, 2, 3, 4, 5), 0);
  file.truncate(3);
  strictEqual(fs.statSync(path).size, 3);
  deepStrictEqual(read(file, 0, 5), [1, 2, 3]);
  file.write(Uint8Array.of(6), 4);
  deepStrictEqual(read(file, 0, 6), [1, 2, 3, 0, 6]); // the old ones are gone
});

FILE.test("openShared: who has it open too sees the same, with a name or without", ({ file, path }) => {
  file.write(Uint8Array.of(1, 2, 3), 0);
  const other = openShared(path, false);
  try {
    deepStrictEqual(read(other, 1, 5), [2, 3]);
    removeDir(path.slice(0, path.lastIndexOf("/")));
    other.write(Uint8Array.of(9), 1);
    deepStrictEqual(read(file, 0, 5), [1, 9, 3]);
    other.truncate(2);
    deepStrictEqual(read(file, 0, 5), [1, 9]);
  } finally {
    other.close();
  }
  deepStrictEqual(read(file, 0, 5), [1, 9]);
});

FILE.test("openShared: a new file is for this user only, and new", ({ path }) => {
  strictEqual(modeOf(path), 0o600);
  fs.writeFileSync(path, "hello");
  throws(() => openShared(path, true), { code: "EEXIST" });
  strictEqual(fs.readFileSync(path, "utf8"), "hello"); // and it has been left as it was
  throws(() => openShared(`${path}-other`, false), { code: "ENOENT" });
  ok(!fs.existsSync(`${path}-other`));
});

FILE.test("openShared: what was closed is closed", ({ path }) => {
  const before = openFiles();
  const file = openShared(path, false);
  strictEqual(openFiles(), before + 1);
  file.close();
  strictEqual(openFiles(), before);
});
