/**
 * The two files in which a process claims what another has sent it ahead: see
 * hub/claims.ts. The sender makes them when there is something to send ahead, and tells the
 * holder where; as soon as that has opened them they have no names any more, so that nothing
 * is left behind. Where they cannot be made or opened, nothing is sent ahead.
 *
 * @module
 */
import { ClaimLog } from "../hub/claims.ts";
import {
  type AppendedFile,
  makeAppendDir,
  openAppended,
} from "../runtime/claim_file.ts";
import { runtime } from "../runtime/mod.ts";
import { switches } from "../runtime/switches.ts";
import { removeDir } from "../runtime/temp.ts";

/** The sender's side of a log, before and after it is open on the other. */
export class OfferedClaims {
  /** Where the holder finds the files. */
  readonly paths: readonly [string, string];
  /** Undefined until it was `opened`, and again once it is over. */
  log: ClaimLog | undefined;
  readonly #log: ClaimLog;
  readonly #unlink: () => void;

  /** Use {@linkcode offerClaims}. */
  constructor(paths: readonly [string, string], log: ClaimLog, unlink: () => void) {
    this.paths = paths;
    this.#log = log;
    this.#unlink = unlink;
  }

  /** The holder uses it from now on. */
  opened(): void {
    this.#unlink();
    this.log = this.#log;
  }

  /** Nobody uses it any more; again does nothing. */
  close(): void {
    this.#unlink();
    this.log = undefined;
    this.#log.close();
  }
}

/** What takes away names that are still there. */
const named = new Set<() => void>();
let isWatching = false;

/** Makes the files; undefined where that cannot be done. */
export function offerClaims(): OfferedClaims | undefined {
  const folder = switches.claims ? makeAppendDir() : undefined;
  if (folder === undefined) return undefined;
  const unlink = () => {
    if (named.delete(unlink)) removeDir(folder);
  };
  named.add(unlink);
  if (!isWatching) runtime.onExit(() => named.forEach((unlink) => unlink()));
  isWatching = true;
  const paths = [`${folder}/1`, `${folder}/2`] as const;
  const files = openBoth(paths, true);
  if (files !== undefined) {
    return new OfferedClaims(paths, new ClaimLog(files, "sender"), unlink);
  }
  unlink();
  return undefined;
}

/** Opens what was offered; undefined where that cannot be done. */
export function acceptClaims(paths: readonly [string, string]): ClaimLog | undefined {
  const files = openBoth(paths, false);
  return files && new ClaimLog(files, "holder");
}

function openBoth(
  [first, second]: readonly [string, string],
  isNew: boolean,
): readonly [AppendedFile, AppendedFile] | undefined {
  let file: AppendedFile | undefined;
  try {
    file = openAppended(first, isNew);
    return [file, openAppended(second, isNew)];
  } catch {
    file?.close();
    return undefined;
  }
}
