/**
 * Numbers and bytes in shared memory at positions, as CPython's `struct` packs them: in the
 * order of bytes that x86 and ARM have.
 *
 * @module
 */
import type { Mapping } from "../runtime/mapping/mod.ts";

/** Reads and writes what a mapping holds. */
export class Cells {
  readonly #mapping: Mapping;
  /** The memory itself, or eight bytes that are read and written for each number. */
  readonly #view: DataView<ArrayBuffer>;
  readonly #scratch: Uint8Array<ArrayBuffer> | undefined;

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
    const { buffer } = mapping;
    this.#scratch = buffer === undefined ? new Uint8Array(8) : undefined;
    this.#view = new DataView(buffer ?? this.#scratch!.buffer);
  }

  /** How many bytes there are. */
  get size(): number {
    return this.#mapping.size;
  }

  /** A 64-bit integer. */
  integer(at: number): bigint {
    return this.#view.getBigInt64(this.#load(at), true);
  }

  setInteger(at: number, value: bigint): void {
    this.#view.setBigInt64(this.#place(at), value, true);
    this.#store(at);
  }

  /** A floating-point number of 64 bits. */
  float(at: number): number {
    return this.#view.getFloat64(this.#load(at), true);
  }

  setFloat(at: number, value: number): void {
    this.#view.setFloat64(this.#place(at), value, true);
    this.#store(at);
  }

  /** A copy of some bytes. */
  bytes(at: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    if (length > 0) this.#mapping.read(at, bytes);
    return bytes;
  }

  /** Writes bytes, and zeros behind them up to `length`; what is longer is cut off. */
  setBytes(at: number, bytes: Uint8Array, length: number): void {
    const padded = new Uint8Array(length);
    padded.set(bytes.subarray(0, length));
    this.#mapping.write(at, padded);
  }

  #load(at: number): number {
    if (this.#scratch === undefined) return at;
    this.#mapping.read(at, this.#scratch);
    return 0;
  }

  #place(at: number): number {
    return this.#scratch === undefined ? at : 0;
  }

  #store(at: number): void {
    if (this.#scratch !== undefined) this.#mapping.write(at, this.#scratch);
  }
}
