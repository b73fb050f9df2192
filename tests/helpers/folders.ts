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

/** Runs `fn` with a new folder, which is removed afterwards. */
export async function inFolder(
  fn: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/pystd-test-`));
  try {
    await fn(folder);
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
