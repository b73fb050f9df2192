/** Words in the test's own memory, and a hub that gives them out. */
import type { SharedWord } from "../../src/hub/word.ts";
import { TestHub } from "./support.ts";

/** A word. What is to happen between a look at it and the next exchange is put into `races`. */
export class MemoryWord implements SharedWord {
  readonly path = "/words";
  readonly index: number;
  value = 0;
  grants = 0;
  isFree = false;
  /** Each is called once, right after a `load`. */
  readonly races: (() => void)[] = [];

  constructor(index = 0) {
    this.index = index;
  }

  load(): number {
    const { value } = this;
    this.races.shift()?.();
    return value;
  }

  replace(expected: number, value: number): boolean {
    if (this.value !== expected) return false;
    this.value = value;
    return true;
  }

  store(value: number): void {
    this.value = value;
  }

  count(): void {
    this.grants++;
  }

  free(): void {
    this.isFree = true;
  }
}

/** A hub that has words. */
export class WordHub extends TestHub {
  readonly words: MemoryWord[] = [];
  /** Processes that may less than the root. */
  readonly sandboxed = new Set<number>();
  /** What `newWord` gives instead of a word. */
  refusal: null | undefined | "none" = "none";

  newWord(): MemoryWord | null | undefined {
    if (this.refusal !== "none") return this.refusal;
    const word = new MemoryWord(this.words.length);
    this.words.push(word);
    return word;
  }

  mayShare(process: number): boolean {
    return !this.sandboxed.has(process);
  }
}
