/**
 * Cuts a stream of text into whole lines, so that what several processes print at the
 * same time does not run into each other.
 *
 * Text is bytes here: nothing depends on its encoding but the newline.
 *
 * @module
 */

/** Bytes of a line that are kept back at most, waiting for its newline: 1 MiB. */
export const MAX_LINE = 1 << 20;

const NEWLINE = 10;

const EMPTY: Uint8Array = new Uint8Array(0);

/**
 * Hands on whole lines, in order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const seen: string[] = [];
 * const lines = new Lines((bytes) => seen.push(new TextDecoder().decode(bytes)));
 * lines.add(new TextEncoder().encode("one\ntw"));
 * assertEquals(seen, ["one\n"]);
 * lines.end();
 * assertEquals(seen, ["one\n", "tw"]);
 * ```
 */
export class Lines {
  readonly #onText: (bytes: Uint8Array) => void;
  /** Holds the beginning of a line, and room for more; given back when it was big. */
  #kept: Uint8Array = EMPTY;
  /** Bytes in use of `#kept`. */
  #length = 0;

  /**
   * @param onText Takes one or more whole lines; the bytes belong to it. They end in
   * the middle of a line only at the end, or when {@linkcode MAX_LINE} is exceeded.
   */
  constructor(onText: (bytes: Uint8Array) => void) {
    this.#onText = onText;
  }

  /** Takes some text, and copies what it needs of it. */
  add(text: Uint8Array): void {
    const newline = text.lastIndexOf(NEWLINE);
    if (newline >= 0) {
      this.#handOn(text.subarray(0, newline + 1));
      text = text.subarray(newline + 1);
    }
    if (this.#length + text.length > MAX_LINE) this.#handOn(text);
    else if (text.length > 0) this.#keep(text);
  }

  /** Hands on the rest, which has no newline. */
  end(): void {
    if (this.#length > 0) this.#handOn(EMPTY);
  }

  #handOn(text: Uint8Array): void {
    const lines = new Uint8Array(this.#length + text.length);
    lines.set(this.#kept.subarray(0, this.#length));
    lines.set(text, this.#length);
    this.#length = 0;
    if (this.#kept.length > 4096) this.#kept = EMPTY;
    this.#onText(lines);
  }

  #keep(text: Uint8Array): void {
    const length = this.#length + text.length;
    if (length > this.#kept.length) {
      const grown = new Uint8Array(Math.min(Math.max(256, length * 2), MAX_LINE));
      grown.set(this.#kept.subarray(0, this.#length));
      this.#kept = grown;
    }
    this.#kept.set(text, this.#length);
    this.#length = length;
  }
}
