/**
 * Lists of byte strings as one: an array as MessagePack has it, which scripts read and write
 * by the server's own `cmsgpack`. Pure.
 *
 * @module
 */
import { UnpicklingError } from "../../python/errors.ts";
import { plainBytes } from "../../wire/bytes.ts";
import type { Payload } from "../../wire/message.ts";

/** Bytes of the head of the array, and of each string. */
const HEAD = 5;

/** Packs strings. */
export function packAll(items: readonly Uint8Array[]): Payload {
  let length = HEAD;
  for (const item of items) length += HEAD + item.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0xdd;
  view.setUint32(1, items.length);
  let at = HEAD;
  for (const item of items) {
    bytes[at] = 0xdb;
    view.setUint32(at + 1, item.length);
    bytes.set(item, at + HEAD);
    at += HEAD + item.length;
  }
  return bytes;
}

/**
 * The strings of an array, without copies; none for no bytes at all.
 *
 * @throws {UnpicklingError} if it is no such array
 */
export function unpackAll(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length === 0) return [];
  const reader = new Reader(plainBytes(bytes));
  const count = reader.length(0x90, 0x0f, [undefined, 0xdc, 0xdd]);
  const items: Uint8Array[] = [];
  for (let i = 0; i < count; i++) items.push(reader.string());
  return items;
}

/** Whether these are strings that were packed, and not another message of a pool. */
export function isPacked([first = 0]: Uint8Array): boolean {
  return first >= 0x90;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A length: in the code itself, or behind it in 1, 2 or 4 bytes. */
  length(short: number, mask: number, long: readonly (number | undefined)[]): number {
    const code = this.#bytes[this.#at++] ?? 0;
    if ((code & ~mask) === short) return code & mask;
    const size = long.indexOf(code);
    const at = this.#at;
    this.#at += 1 << size;
    if (size < 0 || this.#at > this.#bytes.length) throw malformed();
    if (size === 0) return this.#bytes[at]!;
    return size === 1 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  string(): Uint8Array {
    const length = this.length(0xa0, 0x1f, [0xd9, 0xda, 0xdb]);
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw malformed();
    return this.#bytes.subarray(start, this.#at);
  }
}

function malformed(): UnpicklingError {
  return new UnpicklingError("malformed list of byte strings");
}
