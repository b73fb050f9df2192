/** Files in memory, for tests of what goes by them. */
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import { privateName } from "../../src/runtime/private_dir.ts";
import { makeSharedDir, sharedDir } from "../../src/runtime/shared_file.ts";
import { removeDir } from "../../src/runtime/temp.ts";

/** Why there can be none here, for `skip`; false where there can. */
export const noSharedFiles: string | false = findOut();

/** A new folder for a test. */
export function makeTestDir(): string | undefined {
  return makeSharedDir(sharedDir(privateName("pystd-test-")));
}

function findOut(): string | false {
  const folder = makeTestDir();
  if (folder === undefined) return "there are no files in memory here";
  removeDir(folder);
  return false;
}

/** A bypass's file that this process has open. */
export interface BypassFile {
  path: string;
  /** Whether its folder is still there. */
  hasName: boolean;
}

/**
 * Those that are open now. Tests of other processes may run at the same time and have
 * theirs in the same place, so the names there tell nothing: only our own files do.
 */
export function bypassFiles(): BypassFile[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    const target = targetOf(fd);
    if (!/^\/dev\/shm\/pymp-.*\/(down|up)\b/.test(target)) return [];
    const path = target.replace(/ \(deleted\)$/, "");
    return [{ path, hasName: existsSync(dirname(path)) }];
  });
}

function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ""; // it was the listing itself
  }
}
