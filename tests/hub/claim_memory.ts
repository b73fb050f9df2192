/** Two processes' claim files, in memory: with what may go wrong, and what happens between. */
import type { ClaimFile } from "../../src/hub/claims.ts";

/** What one process knows of a file: its own open file, of bytes that it shares. */
export class MemoryFile implements ClaimFile {
  readonly #shared: { bytes: Uint8Array };
  /** Called before each access. */
  between: () => void = () => {};
  /** There is no room for what this process wants to append. */
  isFull = false;
  isClosed = false;

  constructor(shared: { bytes: Uint8Array }) {
    this.#shared = shared;
  }

  get length(): number {
    return this.#shared.bytes.length;
  }

  append(entry: Uint8Array): number {
    this.between();
    if (this.isFull) throw new Error("no space left on device");
    const { bytes } = this.#shared;
    const longer = new Uint8Array(bytes.length + entry.length);
    longer.set(bytes);
    longer.set(entry, bytes.length);
    this.#shared.bytes = longer;
    return entry.length;
  }

  read(into: Uint8Array, position: number): number {
    this.between();
    const part = this.#shared.bytes.subarray(position).subarray(0, into.length);
    into.set(part);
    return part.length;
  }

  clear(): void {
    this.between();
    this.#shared.bytes = new Uint8Array(0);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** The same two files for each of two processes. */
export function memoryFiles(): [
  sender: [MemoryFile, MemoryFile],
  holder: [MemoryFile, MemoryFile],
] {
  const shared = [0, 1].map(() => ({ bytes: new Uint8Array(0) }));
  const open = () => shared.map((file) => new MemoryFile(file)) as never;
  return [open(), open()];
}
