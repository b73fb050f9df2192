/**
 * The two files in which a process claims what was prefetched to it: see hub/claims.ts.
 * The sender makes them when there is something to prefetch, and tells the holder their paths.
 * Where they cannot be made or opened, nothing is prefetched.
 *
 * When they have been used much, the sender offers mapped memory in their place. The holder
 * answers in the files, at its own time, and both use the files until then.
 *
 * @module
 */
import { ClaimLog } from "../hub/claims.ts";
import { makeAppendDir, openAppended } from "../runtime/claim_file.ts";
import { mayMap } from "../runtime/mapping/possible.ts";
import { switches } from "../runtime/switches.ts";
import { removeDir } from "../runtime/temp.ts";
import { openBoth, removeOnce } from "./paired_files.ts";

/** The sender's side of a log, before and after it is open on the other. */
export class OfferedClaims {
  readonly paths: readonly [string, string];
  /** Undefined until it was `opened`, and again when it is closed. */
  log: ClaimLog | undefined;
  /** The same log, for a holder that takes nothing unclaimed once it has read the offer. */
  readonly ownLog: ClaimLog;
  readonly #unlink: () => void;
  #isClosed = false;

  /** Use {@linkcode offerClaims}. */
  constructor(paths: readonly [string, string], log: ClaimLog, unlink: () => void) {
    this.paths = paths;
    this.ownLog = log;
    this.#unlink = unlink;
  }

  /**
   * The holder has opened the files, and uses them from now on.
   *
   * @param offerWords Tells it the path of something quicker, for {@linkcode acceptWords}.
   */
  opened(offerWords: (path: string) => void): void {
    this.#unlink();
    this.log = this.ownLog;
    this.ownLog.onMuchUse = () => void this.#offerWords(offerWords).catch(() => {});
  }

  async #offerWords(tell: (path: string) => void): Promise<void> {
    if (!mayMap()) return;
    const { offerWords } = await import("./claim_words.ts");
    const offered = this.#isClosed ? undefined : offerWords();
    if (offered === undefined) return;
    this.ownLog.prepare(offered.words);
    tell(offered.path);
  }

  /** May be called again. */
  close(): void {
    this.#unlink();
    this.#isClosed = true;
    this.log = undefined;
    this.ownLog.close();
  }
}

/** Makes the files; undefined where that cannot be done. */
export function offerClaims(): OfferedClaims | undefined {
  const folder = switches.claims ? makeAppendDir() : undefined;
  if (folder === undefined) return undefined;
  const unlink = removeOnce(() => removeDir(folder));
  const paths = [`${folder}/1`, `${folder}/2`] as const;
  const files = openBoth(openAppended, paths, true);
  if (files !== undefined) {
    return new OfferedClaims(paths, new ClaimLog(files, "sender"), unlink);
  }
  unlink();
  return undefined;
}

/** Opens what was offered; undefined where that cannot be done. */
export function acceptClaims(paths: readonly [string, string]): ClaimLog | undefined {
  const files = openBoth(openAppended, paths, false);
  return files && new ClaimLog(files, "holder");
}

/** On the holder's side: goes on in memory that was offered, or says that it cannot. */
export async function acceptWords(log: ClaimLog, path: string): Promise<void> {
  const open = async () =>
    mayMap() ? (await import("./claim_words.ts")).acceptWords(path) : undefined;
  log.moveTo(await open().catch(() => undefined));
}
