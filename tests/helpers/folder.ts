/** A new folder for a test, with its real path, which is removed at the end. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function withFolder<T>(
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pystd-test-")));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
