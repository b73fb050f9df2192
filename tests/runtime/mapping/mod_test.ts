/** Tests of src/runtime/mapping/: files of shared memory, mapped and not. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Process } from "../../../mod.ts";
import { canMap, mapFile } from "../../../src/runtime/mapping/mod.ts";
import { exitcodeOf } from "../../cpython/helpers/checks.ts";
import { collectGarbage } from "../../helpers/gc.ts";
import { isMapping, testBothWays } from "../../helpers/mapping.ts";
import { increment } from "../../helpers/shared_memory_targets.ts";
import { runtimeName, test } from "../../suite.ts";

const NO_MAPPING = { skip: !isMapping && "this runtime cannot map files" };

async function inFolder(fn: (path: string) => void | Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(join(tmpdir(), "mapping-"));
  try {
    await fn(`${folder}/file`);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test("canMap: Deno and Bun map, as does Node from 26 on", () => {
  const isNew = Number(process.versions.node.split(".")[0]) >= 26;
  if (process.platform !== "linux" || process.env["MULTIPROCESSING_PLAIN"]) return;
  if (runtimeName !== "node" || isNew) strictEqual(canMap(), true);
});

testBothWays("mapFile: what one writes the other reads", (maps) =>
  inFolder((path) => {
    const one = mapFile(path, 5000, { create: true });
    const other = mapFile(path, undefined, { create: false });
    strictEqual(one.buffer !== undefined, maps);
    strictEqual(other.size, 5000);
    one.write(4094, Uint8Array.of(1, 2, 3));
    const into = new Uint8Array(5);
    other.read(4093, into);
    deepStrictEqual([...into], [0, 1, 2, 3, 0]);
    if (maps) {
      new Uint8Array(other.buffer!)[0] = 9;
      one.read(0, into);
      strictEqual(into[0], 9);
    }
    strictEqual(fs.readFileSync(path)[4095], 2);
    strictEqual(fs.statSync(path).mode & 0o777, 0o600);
    one.close();
    other.close();
  }));

testBothWays(
  "mapFile: a file is made once, and must hold what is asked for",
  () =>
    inFolder((path) => {
      mapFile(path, 10, { create: true }).close();
      throws(() => mapFile(path, 10, { create: true }));
      throws(() => mapFile(path, 11, { create: false }), /only 10 bytes of 11/);
      throws(() => mapFile(`${path}2`, 10, { create: false }));
      const empty = mapFile(`${path}3`, 0, { create: true });
      strictEqual(empty.size, 0);
      empty.close();
    }),
);

testBothWays(
  "mapFile: access beyond its end, or after close, throws",
  () =>
    inFolder((path) => {
      const mapping = mapFile(path, 8, { create: true });
      const view = mapping.buffer && new Uint8Array(mapping.buffer);
      for (const at of [-1, 8, 0.5, NaN]) {
        throws(() => mapping.read(at, new Uint8Array(1)), RangeError);
        throws(() => mapping.write(at, new Uint8Array(1)), RangeError);
      }
      view?.fill(7);
      mapping.close();
      mapping.close();
      throws(() => mapping.read(0, new Uint8Array(1)), /closed/);
      throws(() => mapping.write(0, new Uint8Array(1)), /closed/);
      ok(!view?.[0]);
      if (view?.length) view[0] = 3; // nobody sees it
      strictEqual(fs.readFileSync(path)[0], view === undefined ? 0 : 7);
    }),
);

/** Rounds of ten collections each while a view is used; `GC_ROUNDS` says otherwise. */
const ROUNDS = Number(process.env["GC_ROUNDS"] ?? 6);

test("mapFile: no room is an error before anything is written", () =>
  inFolder((path) => {
    throws(() => mapFile(path, 2 ** 50, { create: true }), { code: "ENOSPC" });
    strictEqual(fs.existsSync(path), false);
  }));

testBothWays(
  "garbage: a view alone keeps the memory, and what is left goes",
  (maps) =>
    inFolder(async (path) => {
      mapFile(path, 1 << 16, { create: true }).close();
      let view: Uint8Array | undefined;
      for (let n = 0; n < ROUNDS; n++) {
        const { buffer } = mapFile(path, undefined, { create: false });
        if (buffer !== undefined) view = new Uint8Array(buffer);
        view?.fill(n + 1);
        await collectGarbage();
        if (maps) strictEqual(view![1 << 15], (n + 1) % 256);
      }
      if (!maps || process.platform !== "linux") return;
      strictEqual(fs.readFileSync(path)[5], ROUNDS % 256);
      const count = fs.readFileSync("/proc/self/maps", "utf8").split(path).length - 1;
      ok(count <= 3, `${count} mappings of ${ROUNDS} are left`);
    }),
  { leaks: "files are closed when their mappings are collected", timeout: 120 },
);

test("Atomics are atomic between processes", () =>
  inFolder(async (path) => {
    mapFile(path, 64, { create: true }).close();
    const counters = [1, 2].map(() =>
      new Process({ target: increment, args: [path, 300_000] })
    );
    await Promise.all(counters.map((counter) => counter.start()));
    increment(path, 300_000);
    for (const counter of counters) strictEqual(await exitcodeOf(counter), 0);
    strictEqual(fs.readFileSync(path).readInt32LE(0), 900_000);
  }), NO_MAPPING);
