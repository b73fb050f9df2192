/**
 * The file of words of a program, mapped: see hub/word.ts. The root makes it when the first
 * lock is used much, and it goes with the last word that is in use. Words have a cache line each, so that
 * processes that use different locks do not slow each other down.
 *
 * Loaded only by processes that have such a lock.
 *
 * @module
 */
import type { SharedWord, Word } from "../hub/word.ts";
import { canMap, mapFile, type Mapping } from "../runtime/mapping/mod.ts";
import { programFile, removeFile } from "../runtime/program_folder.ts";
import { watchShared } from "./program_end.ts";

/** Bytes of a cache line: of any processor, as far as is known. */
const LINE = 128;

/** Elements of an `Int32Array` from one word to the next. */
const STEP = LINE / Int32Array.BYTES_PER_ELEMENT;

/** The same of a `Float64Array`; the count of grants is its second element. */
const COUNT_STEP = LINE / Float64Array.BYTES_PER_ELEMENT;

/** The most words of a program: locks beyond these stay in the hub. */
const COUNT = 1024;

/** A word in mapped memory. */
class MappedWord implements Word {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #counts: Float64Array;
  readonly #countAt: number;

  constructor(words: Int32Array, index: number) {
    this.#words = words;
    this.#at = index * STEP;
    this.#counts = new Float64Array(words.buffer);
    this.#countAt = index * COUNT_STEP + 1;
  }

  load(): number {
    return Atomics.load(this.#words, this.#at);
  }

  replace(expected: number, value: number): boolean {
    return Atomics.compareExchange(this.#words, this.#at, expected, value) === expected;
  }

  store(value: number): void {
    Atomics.store(this.#words, this.#at, value);
  }

  count(): void {
    this.#counts[this.#countAt]!++;
  }

  get grants(): number {
    return this.#counts[this.#countAt]!;
  }

  /** Nothing was counted. */
  restart(): void {
    this.#counts[this.#countAt] = 0;
  }
}

/** In the root: the words of this program, all 0 at first. */
export class WordFile {
  readonly path: string;
  readonly #mapping: Mapping;
  readonly #words: Int32Array;
  readonly #free: number[] = [];
  #next = 0;
  /** Whether it was closed, as none of its words was in use any more. */
  isClosed = false;

  /** Use {@linkcode makeWordFile}. */
  constructor(path: string, mapping: Mapping, buffer: ArrayBuffer) {
    this.path = path;
    this.#mapping = mapping;
    this.#words = new Int32Array(buffer);
  }

  /** A word that is 0; null if all are in use. */
  take(): SharedWord | null {
    const index = this.#free.pop() ?? this.#next;
    if (index >= this.#words.length / STEP) return null;
    if (index === this.#next) this.#next++;
    const word = new MappedWord(this.#words, index);
    // Processes that have used it before may have written to it since.
    word.store(0);
    word.restart();
    return Object.assign(word, {
      path: this.path,
      index,
      free: () => this.#give(index),
    });
  }

  #give(index: number): void {
    this.#free.push(index);
    if (this.#free.length === this.#next) this.close();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#mapping.close();
    removeFile(this.path);
  }
}

/** How many have been made. */
let files = 0;

/** Makes the file; null where it cannot be made or mapped. @param count How many words. */
export function makeWordFile(count: number = COUNT): WordFile | null {
  try {
    const path = canMap() ? programFile(`words${files++}`) : undefined;
    if (path === undefined) return null;
    const mapping = mapFile(path, count * LINE, { create: true });
    watchShared();
    if (mapping.buffer) return new WordFile(path, mapping, mapping.buffer);
    mapping.close();
    removeFile(path);
    return null;
  } catch {
    return null; // no room, for example
  }
}

interface OpenFile {
  path: string;
  mapping: Mapping;
  words: Int32Array;
}

/** In a child: the file that is in use. */
let open: OpenFile | undefined;

/** In a child: a word that the root tells of; undefined where it cannot be mapped. */
export function openWord(path: string, index: number): Word | undefined {
  if (open?.path !== path) {
    open?.mapping.close(); // the root makes another one when none of its words is in use
    open = openFile(path);
  }
  const isThere = open !== undefined && index < open.words.length / STEP;
  return isThere ? new MappedWord(open!.words, index) : undefined;
}

function openFile(path: string): OpenFile | undefined {
  try {
    if (!canMap()) return undefined;
    const mapping = mapFile(path, undefined, { create: false });
    const { buffer } = mapping;
    if (buffer) return { path, mapping, words: new Int32Array(buffer) };
    mapping.close();
  } catch {
    // it may not, or the program is at its end
  }
  return undefined;
}
