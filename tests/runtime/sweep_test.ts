import { PREFIX, privateName } from "../../src/runtime/private_dir.ts";
import { removeDir, sweep } from "../../src/runtime/temp.ts";
import { test } from "../suite.ts";
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** A name as a process that has ended has made it: there is no number as high as this. */
function deadName(): string {
  const [place, , start, random] = privateName().slice(PREFIX.length).split("-");
  return `${PREFIX}${place}-${(0x7fffffff).toString(36)}-${start}-${random}`;
}

test("sweep removes directories of the dead, once for each folder", () => {
  const folder = fs.mkdtempSync(join(tmpdir(), "sweep-"));
  const make = (name: string, mode = 0o700) => {
    fs.mkdirSync(join(folder, name), { mode });
    fs.mkdirSync(join(folder, name, "inner"));
    return name;
  };
  try {
    const [file, link, open] = [deadName(), deadName(), deadName()];
    const stays = [
      make(privateName()),
      make(`${PREFIX}other`),
      make("other"),
      file,
      link,
    ];
    fs.writeFileSync(join(folder, file), "");
    fs.symlinkSync(join(folder, "other"), join(folder, link));
    stays.push(make(open));
    fs.chmodSync(join(folder, open), 0o755); // not as ours are
    make(deadName());
    sweep(folder, removeDir);
    deepStrictEqual(fs.readdirSync(folder).sort(), stays.sort());
    strictEqual(fs.existsSync(join(folder, "other", "inner")), true);
    const late = make(deadName());
    sweep(folder, removeDir);
    strictEqual(fs.existsSync(join(folder, late)), true);
    sweep(join(folder, "nowhere"), removeDir);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}, { skip: process.platform !== "linux" && "only Linux tells who has made what" });

test("sweep goes on where one directory cannot be removed", () => {
  const folder = fs.mkdtempSync(join(tmpdir(), "sweep-"));
  try {
    for (let n = 0; n < 3; n++) fs.mkdirSync(join(folder, deadName()), { mode: 0o700 });
    const tried: string[] = [];
    sweep(folder, (path) => {
      tried.push(path);
      throw new Error("another program is quicker");
    });
    strictEqual(tried.length, 3);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}, { skip: process.platform !== "linux" && "only Linux tells who has made what" });
