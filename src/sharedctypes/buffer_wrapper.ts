/**
 * A block of shared memory as bytes. Mirrors `BufferWrapper` of `multiprocessing/heap.py`.
 *
 * @module
 */
import {
  parseArguments,
  pythonTypeName,
  REQUIRED,
  signature,
  takes,
} from "../python/arguments.ts";
import { UnpicklingError } from "../python/errors.ts";
import {
  assert_spawning,
  type DumpContext,
  REDUCE_SHARED,
  registerTransferable,
} from "../reduction/mod.ts";
import { byteView } from "../shared_memory/byte_view.ts";
import { ArrayLayout, type CArray } from "./array.ts";
import { Block } from "./block.ts";
import { simpleLayout } from "./types.ts";
import { viewOf } from "./views.ts";

const BUFFER_WRAPPER = signature<{ size: unknown }>("BufferWrapper.__init__", {
  size: REQUIRED,
});

/** The kind on the wire. */
const KIND = "heap:buffer";

/** Views that have no memory of their own keep their block. */
const kept = new WeakMap<Uint8Array, Block>();

/**
 * A block of memory, all 0, that this process and those which it starts share. CPython:
 * `multiprocessing.heap.BufferWrapper`.
 *
 * It goes to other processes as they are started, in the arguments of `Process`. The block
 * stays as long as any process has the object or a view of it.
 *
 * @example
 * ```ts
 * import { BufferWrapper } from "@pystd/multiprocessing/heap";
 * const buffer = new BufferWrapper(16);
 * buffer.create_memoryview()[0] = 42;
 * console.log(buffer.create_memoryview()[0]); // 42
 * ```
 */
export class BufferWrapper {
  readonly #block: Block;

  /**
   * Takes a new block.
   *
   * @param size In bytes, 0 or more.
   * @throws {ValueError} `Size -1 out of range`
   * @throws {RangeError} `Size … too large`; in Python it is an `OverflowError`
   * @throws {TypeError} if it is no integer
   * @throws {OSError} if there is no room
   */
  constructor(size: number);
  constructor(...given: unknown[]) {
    // Only what arrives is made of a block.
    const [block] = given;
    this.#block = block instanceof Block
      ? block
      : new Block(sizeOf(parseArguments(BUFFER_WRAPPER, given).size));
  }

  /**
   * The bytes, as a `Uint8Array` over the shared memory itself. CPython:
   * `BufferWrapper.create_memoryview`.
   *
   * Where the runtime cannot map memory, the object looks like one and has no `buffer`: each
   * access reads or writes the file.
   */
  create_memoryview(): Uint8Array {
    takes("BufferWrapper.create_memoryview", arguments);
    const block = this.#block;
    const { memory, start, size } = block;
    const layout = new ArrayLayout(simpleLayout("c_ubyte")!, size);
    const array = layout.over({ memory, at: start, block }) as CArray;
    const mapped = viewOf(array) as Uint8Array | undefined;
    if (mapped !== undefined) return mapped;
    const view = byteView(memory.mapping!, start, size);
    kept.set(view, block);
    return view;
  }

  /** @internal Only a process that is being started may be given it. */
  [REDUCE_SHARED](context: DumpContext): [string, { block: Block }] {
    assert_spawning("BufferWrapper", context);
    return [KIND, { block: this.#block }];
  }
}

function sizeOf(size: unknown): number {
  if (typeof size === "bigint" || typeof size === "boolean") return Number(size);
  if (Number.isInteger(size)) return size as number;
  throw new TypeError(
    typeof size === "number"
      ? "unsupported operand type(s) for &: 'float' and 'int'"
      : `'<' not supported between instances of '${pythonTypeName(size)}' and 'int'`,
  );
}

registerTransferable<{ block: Block }>(KIND, {
  rebuild({ block }) {
    if (!(block instanceof Block)) {
      throw new UnpicklingError("malformed buffer in shared memory");
    }
    return Reflect.construct(BufferWrapper, [block]);
  },
  inherited: "BufferWrapper",
});
