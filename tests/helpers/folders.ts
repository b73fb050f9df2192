/**
 * Folders for tests, in the place for temporary files.
 *
 * @module
 */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";

/** A user that is not this one. */
export const NOBODY = 65534;

/** Runs `use` with the real path of a new folder, which is removed afterwards. */
export async function withFolder<T>(
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/pystd-test-`));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs `fn` while this process's temporary files are made in `place`. */
export function withTemporary(place: string, fn: () => void): void {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = place;
  try {
    fn();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}
