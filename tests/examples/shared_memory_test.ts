/**
 * The programs of `examples/` that share memory, with the memory mapped and not, beside
 * their CPython twins; and the picture that a JavaScript and a Python process share.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { withFolder } from "../helpers/folders.ts";
import { pythonTest, runPythonFile } from "../helpers/python.ts";
import { runProgram, type RunResult } from "../helpers/run.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import { SHARED } from "./shared_examples.ts";
import { check, testExample } from "./support.ts";

const UNMAPPED = { MULTIPROCESSING_WITHOUT: "mapping" };

for (const example of SHARED) {
  testExample(example);
  testExample(example, UNMAPPED, " (not mapped)");
}

// --- the picture

const WIDTH = 96, HEIGHT = 64;

const PRINTED = {
  name: "invert_picture",
  ordered: true as const,
  lines: [
    "pixels: 6144 the first: 0 0 30",
    "the first now: 255 255 225",
    "every byte is inverted: true",
  ],
};

/** The pixels of a PNG file, read independently of the helper that wrote it. */
function pixelsOf(path: string): number[] {
  const file = readFileSync(path);
  strictEqual(file.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  strictEqual(file.subarray(12, 16).toString(), "IHDR");
  deepStrictEqual([file.readUInt32BE(16), file.readUInt32BE(20)], [WIDTH, HEIGHT]);
  deepStrictEqual([...file.subarray(24, 29)], [8, 2, 0, 0, 0]); // RGB of 8 bits
  strictEqual(file.subarray(37, 41).toString(), "IDAT");
  const data = inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)));
  strictEqual(file.subarray(-8, -4).toString(), "IEND");
  const row = 3 * WIDTH + 1;
  strictEqual(data.length, row * HEIGHT);
  return [...data].filter((_, i) => i % row > 0);
}

/** Runs a program that writes the picture; gives the pixels before and after. */
async function picture(
  run: (folder: string) => Promise<RunResult>,
): Promise<[before: number[], after: number[]]> {
  return await withFolder(async (folder) => {
    check(PRINTED, await run(folder));
    deepStrictEqual(readdirSync(folder).toSorted(), ["after.png", "before.png"]);
    return [pixelsOf(`${folder}/before.png`), pixelsOf(`${folder}/after.png`)];
  });
}

for (const [how, env] of [["mapped", {}], ["not mapped", UNMAPPED]] as const) {
  pythonTest(`a picture of ours is inverted by CPython in place (${how})`, async () => {
    const [before, after] = await picture((folder) =>
      runProgram("examples/invert_picture.ts", { args: [folder], env })
    );
    deepStrictEqual(after, before.map((byte) => 255 - byte));
    ok(new Set(before).size > 100); // it is not all of one colour
    const twins = await picture((folder) =>
      runPythonFile("examples/python/invert_picture.py", [folder])
    );
    deepStrictEqual([before, after], twins);
  }, { skip: noSharedFiles });
}
