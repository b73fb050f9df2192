/**
 * The oldest and the newest versions of the runtimes: each runs one program, which uses a
 * little of everything, with the package from its tarball.
 *
 * Needs npm for versions that are not in the cache yet, and is run in one column.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { limiter } from "../../scripts/project.ts";
import { allVersions, layProgram, smoke, type Version } from "../../scripts/smoke.ts";
import { test } from "../suite.ts";

const versions = await allVersions();

/** Bun before 1.2.22 hangs now and then, as the README says: a run that is killed has another. */
async function smokeTwice(folder: string, version: Version): Promise<number | string> {
  const result = await smoke(folder, version);
  const isHung = typeof result === "string" && result.startsWith("143:");
  return isHung && version.name.startsWith("bun@") ? smoke(folder, version) : result;
}

for (const { name, program, reason } of versions) {
  if (program !== undefined) continue;
  test(`versions: a little of everything on ${name}`, () => {}, { skip: reason });
}

test("versions: a little of everything passes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "versions-"));
  try {
    await layProgram(folder);
    const slot = limiter(Math.min(availableParallelism(), 2));
    const there = versions.filter(({ program }) => program !== undefined);
    ok(there.length > 0);
    const results = await Promise.all(
      there.map((version) =>
        slot(async () => [version.name, await smokeTwice(folder, version)])
      ),
    );
    deepStrictEqual(results, there.map(({ name }) => [name, 38]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, { timeout: 280 });
