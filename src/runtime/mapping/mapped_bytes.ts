/**
 * Mapped memory, and how it is given back though views of it may be left.
 *
 * @module
 */
import type { Mapper } from "./mappers.ts";

/** Flags of `mmap`: the same everywhere, on Linux, on macOS. */
const SHARED = 0x1;
const PRIVATE_FIXED = 0x2 | 0x10;
const ANONYMOUS = { linux: 0x20 | 0x4000, darwin: 0x1000 | 0x40 };

/** Memory whose buffer is garbage, where the runtime does not unmap it itself. */
const collected = new FinalizationRegistry<() => void>((replace) => replace());

/** The first bytes of a file, mapped to be read and written, shared with everybody. */
export class MappedBytes {
  /** The bytes. */
  readonly buffer: ArrayBuffer;
  readonly #unmap: (() => void) | undefined;
  readonly #replace: () => void;

  /** Use {@linkcode MappedBytes.of}. */
  constructor(buffer: ArrayBuffer, replace: () => void, unmap?: () => void) {
    this.buffer = buffer;
    this.#replace = replace;
    this.#unmap = unmap;
    if (unmap !== undefined) collected.register(buffer, replace, this);
  }

  /** Maps a file that has at least `size` bytes. */
  static of(path: string, size: number, mapper: Mapper): MappedBytes {
    const at = mapper.withFile(path, (fd) => mapper.mmap(null, size, SHARED, fd));
    if (at === undefined) {
      const text = `${path} cannot be mapped`;
      throw Object.assign(new Error(text), { code: "ENOMEM" });
    }
    const replace = () => void mapper.mmap(at, size, replacing(), -1);
    const unmap = mapper.munmap && (() => void mapper.munmap!(at, size));
    return new MappedBytes(mapper.view(at, size), replace, unmap);
  }

  /**
   * Gives the memory back; at most once. Views must not lead to memory that is not there:
   * they lose it, if the runtime can take it from them, and it is unmapped; else its place
   * is taken by zeros, which cost nothing. A buffer that the program has transferred may
   * be in use anywhere, so that gets zeros, too, as does one that is garbage.
   */
  release(): void {
    collected.unregister(this);
    if (detach(this.buffer) && this.#unmap !== undefined) this.#unmap();
    else this.#replace();
  }
}

function replacing(): number {
  const isDarwin = "Deno" in globalThis
    ? Deno.build.os === "darwin"
    // deno-lint-ignore no-explicit-any -- present on Node and Bun, not in Deno's types
    : (globalThis as any).process.platform === "darwin";
  return PRIVATE_FIXED | ANONYMOUS[isDarwin ? "darwin" : "linux"];
}

/** Takes a buffer from all its views; false if that is impossible or was done before. */
function detach(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength === 0) return false;
  try {
    // The method also where the memory is of a library that forbids `structuredClone`.
    if ("transfer" in buffer) (buffer as { transfer(): unknown }).transfer();
    else structuredClone(buffer, { transfer: [buffer] });
  } catch {
    return false;
  }
  return (buffer as ArrayBuffer).byteLength === 0;
}
