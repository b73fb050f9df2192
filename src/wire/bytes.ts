/**
 * Byte buffers for the wire, which know nothing of CBOR and frames: one to write a message
 * into, one to gather a message that arrives in parts, and memory that is used again.
 *
 * It is all for speed: no byte string of a megabyte is copied twice on its way.
 *
 * @module
 */
import { isArrayBuffer } from "../runtime/brands.ts";
import { switches } from "../runtime/switches.ts";

/** Bytes that {@linkcode ByteWriter.reserve} keeps free beyond what it was asked for. */
const SPARE = 64;

/** Byte strings up to this length are copied by a loop: quicker than a call of `set`. */
const SHORT = 32;

/** A buffer that grew beyond this is not kept for the next message. */
const KEEP = 1 << 20;

/** A byte string that is long enough to be referred to instead of copied. */
interface Insert {
  /** The number of bytes of the buffer that come before it. */
  at: number;
  bytes: Uint8Array;
}

/**
 * A message being written. Short values are written into `buffer` at `length`; a byte
 * string of `long` bytes or more is only referred to, and copied once, at the end.
 */
export class ByteWriter {
  /** The bytes written so far; another one after each {@linkcode ByteWriter.reserve}. */
  buffer: Uint8Array;
  /** The index of the next byte in `buffer`. */
  length = 0;

  /** The first byte of `buffer` that has not been taken; no one writes before it. */
  #start = 0;
  /** Bytes that `buffer` has when it has not grown. */
  readonly #capacity: number;
  /** Byte strings from this length on are not copied into `buffer`. */
  readonly #long: number;
  /** The long byte strings so far, in order; emptied by `truncate` and `take`. */
  #inserts: Insert[] = [];
  /** Bytes in `#inserts`. */
  #inserted = 0;

  /** Byte strings of `long` bytes or more must not change before the writer is emptied. */
  constructor(capacity: number, long: number) {
    this.buffer = new Uint8Array(capacity);
    this.#capacity = capacity;
    this.#long = long;
  }

  /** All bytes so far, the long byte strings included. */
  get size(): number {
    return this.length - this.#start + this.#inserted;
  }

  /** Makes room for `count` bytes and a few heads (64 bytes), to be written unchecked. */
  reserve(count: number): void {
    const needed = this.length + count + SPARE;
    if (needed > this.buffer.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(this.#start, this.length), this.#start);
    this.buffer = grown;
  }

  /** Adds a byte string, and keeps the spare room of {@linkcode ByteWriter.reserve}. */
  append(bytes: Uint8Array): void {
    const count = bytes.length;
    if (count >= this.#long) {
      this.#inserts.push({ at: this.length, bytes });
      this.#inserted += count;
      return;
    }
    this.reserve(count);
    const { buffer, length } = this;
    if (count > SHORT) {
      buffer.set(bytes, length);
    } else {
      for (let i = 0; i < count; i++) buffer[length + i] = bytes[i]!;
    }
    this.length = length + count;
  }

  /** Back to an earlier `length`, without the long byte strings that were added after it. */
  truncate(length: number): void {
    this.length = length;
    while (this.#inserts.length > 0) {
      const last = this.#inserts.at(-1)!;
      if (last.at <= length) break;
      this.#inserted -= last.bytes.length;
      this.#inserts.pop();
    }
    if (this.buffer.length > KEEP && length <= this.#capacity) {
      const kept = new Uint8Array(this.#capacity);
      kept.set(this.buffer.subarray(0, length));
      this.buffer = kept;
    }
  }

  /** Views of the bytes from `start` of `buffer` on, long byte strings at `start` included. */
  runs(start = 0): Uint8Array[] {
    const runs: Uint8Array[] = [];
    for (const { at, bytes } of this.#inserts) {
      if (at < start) continue;
      if (at > start) runs.push(this.buffer.subarray(start, at));
      runs.push(bytes);
      start = at;
    }
    if (this.length > start) runs.push(this.buffer.subarray(start, this.length));
    return runs;
  }

  /**
   * The byte strings of `min` bytes or more among the {@linkcode ByteWriter.runs} from
   * `start` on: the start and the length of each, alternately.
   */
  places(start: number, min: number): number[] {
    const places: number[] = [];
    let before = 0;
    for (const { at, bytes } of this.#inserts) {
      if (at < start) continue;
      if (bytes.length >= min) places.push(at - start + before, bytes.length);
      before += bytes.length;
    }
    return places;
  }

  /** All bytes in one piece: a view, if there is no long byte string among them. */
  joined(): Uint8Array {
    if (this.#inserts.length === 0) {
      return this.buffer.subarray(this.#start, this.length);
    }
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const run of this.runs(this.#start)) {
      all.set(run, at);
      at += run.length;
    }
    return all;
  }

  /**
   * Takes all bytes out. They belong to the caller, though not the buffer they are in: the
   * writer goes on behind them while there is room.
   */
  take(): Uint8Array {
    const taken = this.joined();
    if (this.#inserts.length === 0) this.#start = this.length;
    else this.length = this.#start;
    this.#goOn();
    return taken;
  }

  /** As `take`, as runs and without copying: long byte strings are runs of their own. */
  takeRuns(): Uint8Array[] {
    const runs = this.runs(this.#start);
    this.#start = this.length;
    this.#goOn();
    return runs;
  }

  /** Goes on behind what has been taken, or with a new buffer. */
  #goOn(): void {
    this.#inserts = [];
    this.#inserted = 0;
    const room = this.buffer.length - this.length;
    if (room < this.#capacity / 8 || this.buffer.length > KEEP) {
      this.buffer = new Uint8Array(this.#capacity);
      this.#start = this.length = 0;
    }
  }
}

/** Up to this length, a {@linkcode Gatherer} makes room for all expected bytes at once. */
const WHOLE = 1 << 20;

/** Bytes of a block of a longer message. Buffers of this length or more are used again. */
const BLOCK = 1 << 16;

/** Blocks to use again, 16 at most: making them anew would cost as much as copying. */
const BLOCKS: Uint8Array<ArrayBuffer>[] = [];
const MAX_BLOCKS = 16;

/** Buffers that were made for long messages; nothing else is used again. */
const gathered = new WeakSet<ArrayBuffer>();

/** Those of them whose messages are not in use any more, the longest last. */
const SPARES: ArrayBuffer[] = [];

/** The length of {@linkcode SPARES}, and of each buffer in it, at most. */
const MAX_SPARES = 4;
const MAX_SPARE = 1 << 22;

/**
 * Keeps the buffer of a long message, no part of which is in use any more, for later ones:
 * a runtime's garbage collector takes longer for a megabyte than it takes to send it. A very
 * long buffer is freed. Only memory of a {@linkcode Gatherer} or of {@linkcode makeRoom} that
 * the bytes fill by half is kept.
 */
export function reuseBuffer({ buffer, length }: Uint8Array): void {
  const size = buffer.byteLength;
  if (length * 2 < size || !isArrayBuffer(buffer)) return;
  if (!gathered.delete(buffer)) return;
  if (size > MAX_SPARE) free(buffer);
  else keepSpare(buffer);
}

/** Gives memory back now, as very long messages must not stay longer than needed. */
function free(buffer: ArrayBuffer): void {
  // Old runtimes lack it: there the garbage collector frees the memory later.
  (buffer as { transfer?(length: number): unknown }).transfer?.(0);
}

function keepSpare(buffer: ArrayBuffer): void {
  if (!switches.buffers) return;
  SPARES.push(buffer);
  SPARES.sort((a, b) => a.byteLength - b.byteLength);
  if (SPARES.length > MAX_SPARES) SPARES.shift();
}

/**
 * Bytes to be filled. Long ones are in a buffer of less than twice the length, which may
 * have been used before: {@linkcode reuseBuffer} takes it back.
 */
export function makeRoom(length: number): Uint8Array<ArrayBuffer> {
  if (length < BLOCK) return new Uint8Array(length);
  const all = takeSpare(length) ?? new Uint8Array(length);
  gathered.add(all.buffer);
  return all;
}

function takeSpare(length: number): Uint8Array<ArrayBuffer> | undefined {
  const at = SPARES.findIndex((spare) => spare.byteLength >= length);
  if (at < 0 || SPARES[at]!.byteLength >= length * 2) return undefined;
  return new Uint8Array(SPARES.splice(at, 1)[0]!, 0, length);
}

/** A copy in memory of {@linkcode makeRoom}. */
export function copyToRoom(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = makeRoom(bytes.length);
  copy.set(bytes);
  return copy;
}

/** The buffer that {@linkcode fillRoom} has filled first, up to a little over a megabyte. */
let scratch: Uint8Array<ArrayBuffer> | undefined;
const SCRATCH = WHOLE + 4096;

/**
 * New bytes that fill their buffer, written by `fill`. To fill another buffer and copy it
 * takes half the time of making new bytes, with their zeros, and filling these.
 */
export function fillRoom(
  length: number,
  fill: (bytes: Uint8Array) => void,
): Uint8Array<ArrayBuffer> {
  const at = SPARES.findIndex((spare) => spare.byteLength === length);
  let bytes: Uint8Array<ArrayBuffer>;
  if (at >= 0 || length < BLOCK || length > SCRATCH || !switches.buffers) {
    bytes = at < 0 ? new Uint8Array(length) : new Uint8Array(SPARES.splice(at, 1)[0]!);
    fill(bytes);
  } else {
    scratch ??= new Uint8Array(SCRATCH);
    const filled = scratch.subarray(0, length);
    fill(filled);
    bytes = filled.slice();
  }
  if (length >= BLOCK) gathered.add(bytes.buffer);
  return bytes;
}

/**
 * Bytes that a user may keep and change: themselves if they fill a buffer of
 * {@linkcode makeRoom} or {@linkcode fillRoom}, which is not used again then, else a copy.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  const { buffer, length } = bytes;
  const isOwn = length === buffer.byteLength && gathered.delete(buffer as ArrayBuffer);
  return isOwn ? bytes : plainBytes(bytes).slice();
}

/** A block where much has arrived already: its memory goes back to the system at once. */
const LARGE_BLOCK = 1 << 22;

/**
 * Collects bytes that arrive in parts. However many are announced, it allocates at most a
 * mebibyte before any has arrived, and never more than that plus twice those that have.
 */
export class Gatherer {
  /** Bytes so far. */
  length = 0;
  /** Bytes it will have at most; the caller must not add more. */
  readonly expected: number;

  /**
   * One block of the expected length; or many of `BLOCK` bytes, of which the first one may
   * be a longer spare, and then of `LARGE_BLOCK`.
   */
  #blocks: Uint8Array<ArrayBuffer>[] = [];
  /** Bytes free in the last block. */
  #room = 0;

  constructor(expected: number) {
    this.expected = expected;
    if (expected <= WHOLE) this.#push(makeRoom(expected));
  }

  #push(block: Uint8Array<ArrayBuffer>): void {
    this.#blocks.push(block);
    this.#room = block.length;
  }

  /** Copies `bytes` to the end. */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#room === 0) this.#grow();
      const block = this.#blocks.at(-1)!;
      const part = bytes.subarray(at, at + this.#room);
      block.set(part, block.length - this.#room);
      this.#room -= part.length;
      this.length += part.length;
      at += part.length;
    }
  }

  #grow(): void {
    const [first, second] = this.#blocks;
    const spare = first?.length === BLOCK && second === undefined && SPARES.pop();
    if (!spare) {
      if (this.length >= LARGE_BLOCK) return this.#growLarge();
      return this.#push(BLOCKS.pop() ?? new Uint8Array(BLOCK));
    }
    // The message is long, so a spare may well take it as a whole.
    this.#blocks.pop();
    this.#push(new Uint8Array(spare));
    this.#blocks[0]!.set(first!);
    this.#room -= BLOCK;
    keepBlock(first!);
    // A spare may be no longer than what it replaces.
    if (this.#room === 0) this.#push(BLOCKS.pop() ?? new Uint8Array(BLOCK));
  }

  /** By a large block; once half of all is there, by one for all. */
  #growLarge(): void {
    const isHalf = this.length * 2 >= this.expected;
    if (!isHalf) return this.#push(new Uint8Array(LARGE_BLOCK));
    const all = this.#gather(this.expected);
    this.#blocks = [all];
    this.#room = all.length - this.length;
  }

  /** Takes all bytes out. Their buffer belongs to the caller. */
  take(): Uint8Array {
    const [first, second] = this.#blocks;
    if (this.expected <= WHOLE) return first!.subarray(0, this.length);
    if (
      first !== undefined && second === undefined && first.length > BLOCK &&
      this.length * 2 >= first.length
    ) {
      gathered.add(first.buffer);
      return first.subarray(0, this.length);
    }
    return this.#gather(this.length);
  }

  /** Copies all blocks into one of their own, and gives each up at once. */
  #gather(size: number): Uint8Array<ArrayBuffer> {
    const all = makeRoom(size);
    let at = 0;
    for (const block of this.#blocks) {
      all.set(block.subarray(0, Math.max(0, this.length - at)), at);
      at += block.length;
      keepBlock(block);
    }
    this.#blocks = [];
    return all;
  }
}

/** Keeps a block for later messages, or frees it. */
function keepBlock(block: Uint8Array<ArrayBuffer>): void {
  if (block.length >= LARGE_BLOCK) free(block.buffer);
  else if (block.length > BLOCK) keepSpare(block.buffer);
  else if (BLOCKS.length < MAX_BLOCKS && switches.buffers) BLOCKS.push(block);
}

/** Bytes of a {@linkcode slab}. */
const SLAB = 4096;

/** Short copies are made here, side by side; replaced when it is full. */
let slab = new Uint8Array(SLAB);
/** Bytes in use of {@linkcode slab}. */
let slabUsed = 0;

/**
 * A copy of some bytes. Short ones share a buffer of 4 KiB with others, as the runtimes
 * take half a microsecond to make a buffer, so users must not get its `buffer`; one that is
 * kept keeps 4 KiB at most.
 */
export function copyBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const count = end - start;
  if (count > SLAB / 4) return bytes.slice(start, end);
  if (count > SLAB - slabUsed) {
    slab = new Uint8Array(SLAB);
    slabUsed = 0;
  }
  const to = slabUsed;
  slabUsed = to + count;
  if (count > SHORT) {
    slab.set(bytes.subarray(start, end), to);
  } else {
    for (let i = 0; i < count; i++) slab[to + i] = bytes[start + i]!;
  }
  return slab.subarray(to, to + count);
}

/** Bytes one behind the other, copied. */
export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * The same bytes as a Uint8Array proper, without a copy. Node's Buffer is slower, and
 * its `slice` does not copy.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The 32 bits from `at` on, first byte first, as a signed number. */
export function readInt32(bytes: Uint8Array, at: number): number {
  return bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!;
}

/** Writes 32 bits to `at`, first byte first. */
export function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
