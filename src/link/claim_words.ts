/**
 * The memory in which a process claims what was prefetched to it: see hub/claim_words.ts. It
 * is loaded only when a log has been used much, as mapping takes some milliseconds.
 *
 * @module
 */
import { ClaimWords, type Memory, SIZE } from "../hub/claim_words.ts";
import { canMap, mapFile } from "../runtime/mapping/mod.ts";
import { makeSharedDir, removeSharedDir } from "../runtime/shared_file.ts";
import { removeOnce } from "./paired_files.ts";

/** The sender's side, and what the holder opens. */
export interface OfferedWords {
  readonly path: string;
  readonly words: ClaimWords;
}

/** Makes the memory; undefined where this process cannot map any. */
export function offerWords(): OfferedWords | undefined {
  const folder = canMap() ? makeSharedDir() : undefined;
  if (folder === undefined) return undefined;
  const unlink = removeOnce(() => removeSharedDir(folder));
  const path = `${folder}/words`;
  const memory = map(path, true, unlink);
  if (memory === undefined) unlink();
  return memory && { path, words: new ClaimWords(memory, "sender") };
}

/** Opens what was offered, and removes its name; undefined where that cannot be done. */
export function acceptWords(path: string): ClaimWords | undefined {
  const memory = canMap() ? map(path, false, () => {}) : undefined;
  if (memory === undefined) return undefined;
  removeSharedDir(path.slice(0, path.lastIndexOf("/")));
  return new ClaimWords(memory, "holder");
}

function map(path: string, create: boolean, unlink: () => void): Memory | undefined {
  try {
    const mapping = mapFile(path, SIZE, { create });
    if (mapping.buffer !== undefined) {
      const close = () => {
        unlink();
        mapping.close();
      };
      return { buffer: mapping.buffer, close };
    }
    mapping.close();
  } catch {
    // no room, for example
  }
  return undefined;
}
