/**
 * Shared objects that have a lock. Mirrors the classes `Synchronized…` of
 * `multiprocessing/sharedctypes.py`.
 *
 * What differs from Python: to read or to assign an element is synchronous and takes no
 * lock. It happens whole: no process sees a half of it, whatever others do at the time. What is
 * more than one such step, `v.value += 1` above all, needs the lock, as it does in Python:
 *
 *     await v.with(() => v.value += 1);
 *
 * So a lock that one process holds keeps no other from a single read or assignment, and a slice
 * may show some elements before, and others after a change that is going on.
 *
 * @module
 */
import { pythonTypeName, repr, takes } from "../python/arguments.ts";
import { AssertionError, AttributeError, UnpicklingError } from "../python/errors.ts";
import type { PySlice } from "../python/slice.ts";
import {
  assert_spawning,
  type DumpContext,
  REDUCE_SHARED,
  registerTransferable,
} from "../reduction/mod.ts";
import { RLock } from "../synchronize/lock.ts";
import {
  type AcquireOptions,
  SemLock,
  type WithOptions,
} from "../synchronize/semlock.ts";
import { CArray, CharArray, type SliceOf } from "./array.ts";
import { answerBrackets, type Index } from "./indices.ts";
import { CData, LAYOUT } from "./layout.ts";
import { unviewed } from "./raw.ts";
import type { TypedArray } from "./memory.ts";
import { SimpleData } from "./simple_data.ts";
import { fieldNames, type Structure, structureClass } from "./structure.ts";
import { viewOf } from "./views.ts";
import { printAsText } from "../python/printing.ts";

/** What a lock must be able to do: all locks and semaphores of this package can. */
export interface LockLike {
  /** Takes it. */
  acquire(...given: unknown[]): unknown;
  /** Gives it back. */
  release(...given: unknown[]): unknown;
}

/** The kind on the wire. */
const KIND = "sharedctypes:synchronized";

/**
 * A shared object and its lock. CPython: `multiprocessing.sharedctypes.SynchronizedBase`.
 */
export class SynchronizedBase<O extends object = object, G = O> {
  /** The object itself. */
  readonly _obj: O;
  /** Its lock. */
  readonly _lock: LockLike;

  /** An object with a lock. @param obj The object. @param lock Its lock; a new RLock if it is null. */
  constructor(obj: O, lock: LockLike | null = null) {
    this._obj = obj;
    this._lock = lock || RLock();
  }

  /** Takes the lock; see `Lock.acquire`. */
  acquire(block?: boolean, timeout?: number | null): Promise<boolean>;
  /** The same with options. */
  acquire(options: AcquireOptions): Promise<boolean>;
  async acquire(...given: unknown[]): Promise<boolean> {
    return await this._lock.acquire(...given) as boolean;
  }

  /** Gives the lock back; see `Lock.release`. */
  async release(...given: []): Promise<void> {
    await this._lock.release(...given);
  }

  /** The lock. */
  get_lock(): LockLike {
    takes("SynchronizedBase.get_lock", arguments);
    return this._lock;
  }

  /**
   * The object without its lock: of an array of numbers, where the runtime maps memory, a
   * typed array over the shared bytes.
   */
  get_obj(): G {
    takes("SynchronizedBase.get_obj", arguments);
    return this._obj as unknown as G;
  }

  /**
   * Calls a function while holding the lock: Python's `with v:` and `with v.get_lock():`.
   *
   * @example
   * ```ts
   * import { Value } from "@pystd/multiprocessing/sharedctypes";
   * const counter = Value("i", 0);
   * await counter.with(() => counter.value += 1);
   * ```
   */
  with<T>(fn: () => T, options?: WithOptions): Promise<Awaited<T>> {
    // A lock of this package can often be taken at once.
    return this._lock instanceof SemLock
      ? this._lock.with(fn, options)
      : this.#holding(fn, options);
  }

  async #holding<T>(fn: () => T, options?: WithOptions): Promise<Awaited<T>> {
    await this.#take(options);
    try {
      return await fn();
    } finally {
      await this._lock.release();
    }
  }

  /** `await using _ = await v.__enter__()` holds the lock for the rest of a block. */
  async __enter__(options?: WithOptions): Promise<AsyncDisposable> {
    await this.#take(options);
    let isHeld = true;
    return {
      [Symbol.asyncDispose]: async () => {
        if (isHeld) await this._lock.release();
        isHeld = false;
      },
    };
  }

  /** Gives the lock back. */
  async __exit__(..._exception: unknown[]): Promise<void> {
    await this._lock.release();
  }

  #take({ signal }: WithOptions = {}): unknown {
    return signal === undefined ? this._lock.acquire() : this._lock.acquire({ signal });
  }

  /** `<Synchronized wrapper for c_int(5)>`. */
  toString(): string {
    return `<${this.constructor.name} wrapper for ${this._obj}>`;
  }

  /** @internal Only a process that is being started may be given it. */
  [REDUCE_SHARED](context: DumpContext): [string, SynchronizedFields] {
    assert_spawning(this.constructor.name, context);
    return [KIND, { obj: this._obj, lock: this._lock }];
  }
}

printAsText(SynchronizedBase);

interface SynchronizedFields {
  obj: unknown;
  lock: unknown;
}

/** A number or character with a lock. CPython: `Synchronized`. */
export class Synchronized<V = unknown> extends SynchronizedBase<SimpleData<V>> {
  /** What it holds: read and written whole, without the lock. */
  get value(): V {
    return this._obj.value;
  }

  set value(value: V) {
    this._obj.value = value;
  }
}

/** The typed arrays that may be there for an array of these elements. */
export type TypedArrayOf<T> = T extends number
  ? Exclude<TypedArray, BigInt64Array | BigUint64Array>
  : T extends bigint ? BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>
  : never;

/** An array with a lock. CPython: `SynchronizedArray`. */
export class SynchronizedArray<T = unknown>
  extends SynchronizedBase<CArray<T>, CArray<T> | TypedArrayOf<T>> {
  /** The elements: negative indices count from the end. */
  [index: number]: T;
  #view: TypedArray | undefined;

  /** How many elements there are. */
  get length(): number {
    return this._obj.length;
  }

  /** The same, as Python's `len` asks. */
  __len__(): number {
    return this._obj.length;
  }

  /** The array without its lock, as a typed array if that is possible. */
  override get_obj(): CArray<T> | TypedArrayOf<T> {
    takes("SynchronizedBase.get_obj", arguments);
    this.#view ??= viewOf(this._obj as CArray);
    return this.#view as TypedArrayOf<T> | undefined ?? this._obj;
  }

  /** Python's `a[index]`; see `CArray`. */
  __getitem__(index: PySlice): SliceOf<T>;
  /** An element. */
  __getitem__(index: number | bigint | boolean): T;
  /** The one or the other. */
  __getitem__(index: Index): unknown;
  __getitem__(index: Index): unknown {
    return this._obj.__getitem__(index);
  }

  /** Python's `a[index] = value`; see `CArray`. */
  __setitem__(index: Index, value: unknown): void {
    this._obj.__setitem__(index, value);
  }

  /** Python's `a[start:stop:step]`. */
  slice(
    start?: number | null,
    stop?: number | null,
    step?: number | null,
  ): SliceOf<T> {
    return this._obj.slice(start, stop, step);
  }

  /** Sets elements from `offset` on, as typed arrays do. */
  set(values: ArrayLike<T> | Iterable<T>, offset?: number): void {
    this._obj.set(values, offset);
  }

  /** Sets all elements from `start` to `stop` to a value. */
  fill(value: T, start?: number | null, stop?: number | null): this {
    this._obj.fill(value, start, stop);
    return this;
  }

  /** The elements, each as it is when its turn comes. */
  [Symbol.iterator](): Generator<T, void, undefined> {
    return this._obj[Symbol.iterator]();
  }
}

answerBrackets(SynchronizedArray);

/** An array of `char` with a lock. CPython: `SynchronizedString`. */
export class SynchronizedString extends SynchronizedArray<Uint8Array> {
  /** The array itself. */
  declare readonly _obj: CharArray;

  /** The bytes before the first 0; see `CharArray`. */
  get value(): Uint8Array<ArrayBuffer> {
    return this._obj.value;
  }

  set value(value: Uint8Array) {
    this._obj.value = value;
  }

  /** All bytes; see `CharArray`. */
  get raw(): Uint8Array<ArrayBuffer> {
    return this._obj.raw;
  }

  set raw(value: Uint8Array) {
    this._obj.raw = value;
  }
}

/** A structure with a lock: its fields are its own. */
export type SynchronizedStructure<S extends Structure> =
  & SynchronizedBase<S>
  & Omit<S, keyof Structure>;

/** The classes of structures with a lock, by those of structures. */
const classes = new WeakMap<object, StructureWrapper>();

type StructureWrapper = new (
  obj: object,
  lock?: LockLike | null,
) => SynchronizedBase;

function structureWrapper(object: CData): StructureWrapper {
  const type = structureClass(object[LAYOUT])!;
  const known = classes.get(type);
  if (known !== undefined) return known;
  const Class: StructureWrapper = class extends SynchronizedBase<object> {};
  Object.defineProperty(Class, "name", { value: `Synchronized${object[LAYOUT].name}` });
  for (const name of fieldNames(object[LAYOUT])) {
    Object.defineProperty(Class.prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: SynchronizedBase<Record<string, unknown>>) {
        return this._obj[name];
      },
      set(this: SynchronizedBase<Record<string, unknown>>, value: unknown) {
        this._obj[name] = value;
      },
    });
  }
  classes.set(type, Class);
  return Class;
}

/** Gives an object a lock. @throws {AssertionError | AttributeError} if that is impossible */
export function wrap(
  given: unknown,
  lock: LockLike | null,
): SynchronizedBase {
  if (given instanceof SynchronizedBase) {
    throw new AssertionError("object already synchronized");
  }
  const object = unviewed(given);
  if (object instanceof SimpleData) return new Synchronized(object, lock);
  if (object instanceof CharArray) return new SynchronizedString(object, lock);
  if (object instanceof CArray) return new SynchronizedArray(object, lock);
  if (object instanceof CData) {
    const Class = structureWrapper(object);
    return new Class(object, lock);
  }
  const name = repr(pythonTypeName(object));
  throw new AttributeError(`type object ${name} has no attribute '_fields_'`);
}

registerTransferable<SynchronizedFields>(KIND, {
  rebuild({ obj, lock }) {
    if (!(obj instanceof CData) || !isLock(lock)) {
      throw new UnpicklingError("malformed synchronized object");
    }
    return wrap(obj, lock);
  },
  inherited: "Synchronized",
});

/** Whether it can be taken, as far as CPython looks at it. */
export function isLock(lock: unknown): lock is LockLike {
  return typeof (lock as LockLike | null | undefined)?.acquire === "function";
}
