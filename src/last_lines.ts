/**
 * The last lines of a text that arrives in chunks of bytes. Pure.
 *
 * @module
 */

/** Lines that are kept. */
const LINES = 10;

/** Characters that are kept, of however few lines. */
const LENGTH = 4096;

/**
 * See the file's head.
 *
 * @example
 * ```ts
 * import { LastLines } from "./last_lines.ts";
 * const last = new LastLines();
 * last.add(new TextEncoder().encode("one\ntwo"));
 * console.log(last.text); // one\ntwo
 * ```
 */
export class LastLines {
  readonly #decoder: TextDecoder = new TextDecoder();
  /** At most twice as much as is kept: cutting at each chunk would cost more. */
  #tail = "";

  /** Takes the next bytes. */
  add(chunk: Uint8Array): void {
    this.#tail += this.#decoder.decode(chunk, { stream: true });
    if (this.#tail.length > 2 * LENGTH) this.#tail = this.#tail.slice(-LENGTH);
  }

  /** The last lines, without the end of the last one. */
  get text(): string {
    const lines = this.#tail.slice(-LENGTH).trimEnd().split("\n");
    return lines.slice(-LINES).join("\n");
  }
}
