/** Files by which processes of the tests tell each other what was. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives a test a path where nothing is. */
export async function withPath(fn: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pystd-redis-"));
  try {
    await fn(join(folder, "mark"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
