/**
 * The way to the words in which locks, semaphores and events lie: see hub/word.ts. What maps
 * their file is loaded when a process needs it, which few do.
 *
 * @module
 */
import type { SharedWord, Word } from "../hub/word.ts";
import { switches } from "../runtime/switches.ts";
import type { WordOffered } from "../wire/message.ts";
import type { WordFile } from "./word_file.ts";

function load(): Promise<typeof import("./word_file.ts")> {
  return import("./word_file.ts");
}

/** Makes a file; undefined until the module is there. */
let make: (() => WordFile | null) | undefined;
let file: WordFile | null | undefined;
let isLoading = false;

/** In the root: a word; null if there is none, undefined if there may be one later. */
export function newWord(): SharedWord | null | undefined {
  if (!switches.words || !switches.mapping) return null;
  if (make !== undefined) {
    if (file === undefined || file?.isClosed) file = make();
    return file && file.take();
  }
  if (isLoading) return undefined;
  isLoading = true;
  load().then(({ makeWordFile }) => make = makeWordFile, () => make = () => null);
  return undefined;
}

/** In a child: the word that the root tells of; undefined where it cannot be mapped. */
export async function acceptWord(
  [, , path, index]: WordOffered,
): Promise<Word | undefined> {
  if (path === "") return undefined;
  try {
    return (await load()).openWord(path, index);
  } catch {
    return undefined; // the package itself cannot be read any more
  }
}
