/**
 * Files of shared memory, as the shared bytes themselves where the runtime can map them,
 * and behind positional reads and writes where it cannot. Both are coherent with each
 * other and with every other program that has the file mapped or open.
 *
 * | runtime | maps by | needs |
 * | --- | --- | --- |
 * | Bun | `bun:ffi` | |
 * | Deno | `Deno.dlopen` | the whole of `--allow-ffi`, `--allow-read` and `--allow-write` |
 * | Node 26 and later | `node:ffi` | `--allow-ffi` where there is `--permission` |
 * | Node before that | the package `koffi` | that it is installed |
 *
 * No specification promises that: `node:ffi` is experimental, and no standard says
 * that `Atomics` are atomic on memory that is mapped. So a way of mapping is tried on a
 * file first, and not used if anything is not as expected.
 *
 * @module
 */
import { makeSharedDir, openShared, type SharedFile } from "../shared_file.ts";
import { builtin } from "../posix.ts";
import { switches } from "../switches.ts";
import { makeTempDir, removeDir } from "../temp.ts";
import { findMapper, type Mapper } from "./mappers.ts";
import { MappedBytes } from "./mapped_bytes.ts";

/** A file of shared memory. Whatever fails throws the runtime's own error. */
export interface Mapping {
  /** In bytes; does not change. */
  readonly size: number;
  /**
   * The shared bytes themselves, where the runtime maps; else undefined. After `close`
   * its views are empty, or hold zeros that are not shared. It is not to be transferred.
   */
  readonly buffer: ArrayBuffer | undefined;
  /** Fills `into` with the bytes from `at` on. */
  read(at: number, into: Uint8Array): void;
  /** Writes all of `from` at `at`. */
  write(at: number, from: Uint8Array): void;
  /** Gives the memory back; again does nothing. Every other call throws from now on. */
  close(): void;
}

/** How a file is opened. */
export interface MapOptions {
  /**
   * Whether to make it: exclusively, for this user only, filled with zeros. The space is
   * reserved, as memory that turns out not to be there kills the process that touches it.
   */
  create: boolean;
}

/** Zeros are written this many at a time. */
const ZEROS = 1 << 20;

/**
 * Opens a file of shared memory, or makes one.
 *
 * @param size How many bytes; undefined for all of a file that is there.
 * @throws the runtime's own error: `ENOSPC` if there is no room; then nothing is left
 * @throws {RangeError} if the file that is there is shorter
 */
export function mapFile(
  path: string,
  size: number | undefined,
  options: MapOptions,
): Mapping {
  const file = openShared(path, options.create);
  try {
    if (options.create) reserve(file, path, size ?? 0);
    const present = file.size();
    if (size !== undefined && present < size) {
      throw new RangeError(`${path} has only ${present} bytes of ${size}`);
    }
    return open(file, path, size ?? present);
  } catch (error) {
    file.close();
    throw error;
  }
}

function open(file: SharedFile, path: string, size: number): Mapping {
  const bytes = size > 0 && canMap() ? MappedBytes.of(path, size, mapper!) : undefined;
  if (bytes === undefined) return new FileMapping(file, size);
  file.close();
  return new MemoryMapping(bytes, size);
}

function reserve(file: SharedFile, path: string, size: number): void {
  try {
    checkRoom(path, size);
    const zeros = new Uint8Array(Math.min(size, ZEROS));
    for (let at = 0; at < size; at += zeros.length) {
      file.write(zeros.subarray(0, size - at), at);
    }
  } catch (error) {
    removeDir(path); // a file, here
    throw error;
  }
}

/** Sizes from which on it is asked beforehand whether there is room. */
const LARGE = 1 << 24;

/**
 * Refuses what cannot fit. Else all of the machine's memory would be filled first, which
 * takes long and may have the system kill any process.
 */
function checkRoom(path: string, size: number): void {
  if (size < LARGE) return;
  let room = Infinity;
  try {
    const { bavail, bsize } = builtin("node:fs").statfsSync(path);
    room = bavail * bsize;
    if (path.startsWith("/dev/shm/")) {
      room = Math.min(room, builtin("node:os").freemem());
    }
  } catch {
    // it cannot be told
  }
  if (size <= room) return;
  const text = `no room for ${size} bytes of shared memory`;
  throw Object.assign(new Error(text), { code: "ENOSPC" });
}

function checkRange(size: number, at: number, length: number): void {
  if (!Number.isInteger(at) || at < 0 || at + length > size) {
    throw new RangeError(`${length} bytes at ${at} are not within ${size}`);
  }
}

function closed(): Error {
  return Object.assign(new Error("the shared memory is closed"), { code: "EBADF" });
}

/** Closes the files of mappings that are garbage. */
const collected = new FinalizationRegistry<SharedFile>((file) => file.close());

/** By positional reads and writes. */
class FileMapping implements Mapping {
  readonly buffer = undefined;
  readonly size: number;
  #file: SharedFile | undefined;

  constructor(file: SharedFile, size: number) {
    this.#file = file;
    this.size = size;
    collected.register(this, file, this);
  }

  read(at: number, into: Uint8Array): void {
    if (this.#file === undefined) throw closed();
    checkRange(this.size, at, into.length);
    const length = this.#file.read(into, at);
    if (length < into.length) throw new RangeError("the shared memory has shrunk");
  }

  write(at: number, from: Uint8Array): void {
    if (this.#file === undefined) throw closed();
    checkRange(this.size, at, from.length);
    this.#file.write(from, at);
  }

  close(): void {
    collected.unregister(this);
    this.#file?.close();
    this.#file = undefined;
  }
}

/** The bytes themselves. */
class MemoryMapping implements Mapping {
  readonly size: number;
  readonly #view: Uint8Array;
  #bytes: MappedBytes | undefined;

  constructor(bytes: MappedBytes, size: number) {
    this.#bytes = bytes;
    this.#view = new Uint8Array(bytes.buffer);
    this.size = size;
  }

  get buffer(): ArrayBuffer {
    if (this.#bytes === undefined) throw closed();
    return this.#bytes.buffer;
  }

  read(at: number, into: Uint8Array): void {
    const view = this.#checked(at, into.length);
    into.set(view.subarray(at, at + into.length));
  }

  write(at: number, from: Uint8Array): void {
    this.#checked(at, from.length).set(from, at);
  }

  close(): void {
    this.#bytes?.release();
    this.#bytes = undefined;
  }

  /** The view. The program may have transferred the buffer. */
  #checked(at: number, length: number): Uint8Array {
    if (this.#bytes === undefined || this.#view.length !== this.size) throw closed();
    checkRange(this.size, at, length);
    return this.#view;
  }
}

// --- the self-test

/** The way of mapping that works here; null if none does; undefined before the test. */
let mapper: Mapper | null | undefined;

/** Whether this process maps files. Finds out when first asked. */
export function canMap(): boolean {
  if (!switches.mapping) return false;
  if (mapper === undefined) mapper = findTested();
  return mapper !== null;
}

function findTested(): Mapper | null {
  let folder: string | undefined;
  try {
    const found = findMapper();
    if (found === undefined) return null;
    folder = makeSharedDir() ?? makeTempDir();
    return isRight(found, `${folder}/test`) ? found : null;
  } catch {
    return null; // any doubt is enough
  } finally {
    if (folder !== undefined) removeDir(folder);
  }
}

/** More than one page, and not a whole number of them. */
const TEST_SIZE = 70_001;

/** Whether what is written here is read there, and what is given back is out of reach. */
function isRight(found: Mapper, path: string): boolean {
  const file = openShared(path, true);
  try {
    reserve(file, path, TEST_SIZE);
    const first = MappedBytes.of(path, TEST_SIZE, found);
    const second = MappedBytes.of(path, TEST_SIZE, found);
    const isShared = seesSame(file, first, second) && countsSame(first, second);
    const views = [first, second].map(({ buffer }) => new Uint8Array(buffer));
    first.release();
    second.release();
    return isShared && views.every((view) => !view[TEST_SIZE - 1]);
  } finally {
    file.close();
  }
}

function seesSame(file: SharedFile, first: MappedBytes, second: MappedBytes): boolean {
  const [one, other] = [new Uint8Array(first.buffer), new Uint8Array(second.buffer)];
  if (one.length !== TEST_SIZE || other.length !== TEST_SIZE) return false;
  const byte = new Uint8Array(1);
  return [0, 4095, TEST_SIZE - 1].every((at) => {
    one.fill(77, at, at + 1);
    file.read(byte, at);
    if (byte[0] !== 77 || other[at] !== 77) return false;
    file.write(Uint8Array.of(88), at);
    return one.at(at) === 88 && other.at(at) === 88;
  });
}

function countsSame(first: MappedBytes, second: MappedBytes): boolean {
  const one = new Int32Array(first.buffer, 4, 1);
  const other = new Int32Array(second.buffer, 4, 1);
  Atomics.store(one, 0, 1);
  return Atomics.add(other, 0, 5) === 1 &&
    Atomics.compareExchange(one, 0, 6, 9) === 6 && Atomics.load(other, 0) === 9;
}
