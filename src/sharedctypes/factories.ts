/**
 * `Value`, `Array`, `RawValue`, `RawArray`, `copy` and `synchronized`. Mirrors the functions
 * of `multiprocessing/sharedctypes.py`.
 *
 * @module
 */
import {
  parseArguments,
  repr,
  REQUIRED,
  signature,
  takes,
} from "../python/arguments.ts";
import { isPlain } from "../python/repr.ts";
import { AttributeError } from "../python/errors.ts";
import type { ArrayType, CArray, CharArray, WideArray } from "./array.ts";
import type { CData } from "./layout.ts";
import type { TypedArray } from "./memory.ts";
import { makeArray, makeCopy, makeValue } from "./raw.ts";
import type { SimpleData } from "./simple_data.ts";
import type { Structure, StructureClass } from "./structure.ts";
import {
  isLock,
  type LockLike,
  type Synchronized,
  type SynchronizedArray,
  type SynchronizedBase,
  type SynchronizedString,
  type SynchronizedStructure,
  wrap,
} from "./synchronized.ts";
import type { SimpleType, Typecode, TypecodeValues } from "./types.ts";

/** Options of `Value` and `Array`. */
export interface SharedOptions {
  /** The lock; true or null for a new `RLock`, false for an object without one. */
  lock?: boolean | null | LockLike;
}

/** Options of `synchronized`. */
export interface SynchronizedOptions {
  /** The lock; null for a new `RLock`. */
  lock?: LockLike | null;
  /** Not used: there is one context. */
  ctx?: unknown;
}

/** Options that leave the lock away. */
export interface Unlocked extends SharedOptions {
  /** No lock. */
  lock: false;
}

/** What an array can be made of: its length, or its elements. */
export type ArrayInit<T> = number | bigint | ArrayLike<T> | Iterable<T>;

/** A typecode, or a simple type such as `c_int`. */
// deno-lint-ignore no-explicit-any -- of any values
export type AnySimple = Typecode | SimpleType<any>;
/** A typecode, or any type: simple, a structure's, an array's. */
// deno-lint-ignore no-explicit-any -- of any elements
export type AnyType = AnySimple | StructureClass | ArrayType<any>;

/** The values of a typecode or simple type. */
export type ValueOf<T> = T extends Typecode ? TypecodeValues[T]
  : T extends SimpleType<infer V> ? V
  : never;

/** The elements of an array whose elements are of a type. */
export type ElementOf<T> = T extends AnySimple ? ValueOf<T>
  : T extends StructureClass<infer S> ? S
  : T extends ArrayType<infer E> ? CArray<E>
  : never;

/** What `RawValue` makes of a structure's or array's type. */
export type RawOf<T> = T extends StructureClass<infer S> ? S
  : T extends ArrayType<infer E> ? CArray<E>
  : never;

/** The same with a lock. */
export type LockedOf<T> = T extends StructureClass<infer S> ? SynchronizedStructure<S>
  : T extends ArrayType<infer E> ? SynchronizedArray<E>
  : never;

/** What `RawArray` makes. */
export type RawArrayOf<T> = T extends "c" ? CharArray
  : T extends "u" ? WideArray
  : CArray<ElementOf<T>>;

/** The same with a lock. */
export type ArrayOf<T> = T extends "c" ? SynchronizedString
  : SynchronizedArray<ElementOf<T>>;

/** What elements may be made of. */
export type Initial<T> = ElementOf<T> | number | bigint | boolean | readonly unknown[];

/** What a value may be made of. */
export type InitialValue<T> = ValueOf<T> | number | bigint | boolean;

/** A structure's or an array's type. */
// deno-lint-ignore no-explicit-any -- of any elements
export type Composite = StructureClass<any> | ArrayType<any>;

/** `RawValue`, with or without `new`. */
export interface RawValueConstructor {
  /** A number or character. */
  new <T extends AnySimple>(
    typecode_or_type: T,
    value?: InitialValue<T>,
  ): SimpleData<ValueOf<T>>;
  /** A structure or an array. */
  new <T extends Composite>(typecode_or_type: T, ...values: unknown[]): RawOf<T>;
  <T extends AnySimple>(
    typecode_or_type: T,
    value?: InitialValue<T>,
  ): SimpleData<ValueOf<T>>;
  <T extends Composite>(typecode_or_type: T, ...values: unknown[]): RawOf<T>;
}

/** `RawArray`, with or without `new`. */
export interface RawArrayConstructor {
  /** An array of a length, or of these elements. */
  new <T extends AnyType>(
    typecode_or_type: T,
    size_or_initializer: ArrayInit<Initial<T>>,
  ): RawArrayOf<T>;
  <T extends AnyType>(
    typecode_or_type: T,
    size_or_initializer: ArrayInit<Initial<T>>,
  ): RawArrayOf<T>;
}

/** `Value`, with or without `new`. */
export interface ValueConstructor {
  /** A number or character without a lock. */
  new <T extends AnySimple>(
    typecode_or_type: T,
    value: InitialValue<T> | undefined,
    options: Unlocked,
  ): SimpleData<ValueOf<T>>;
  /** A number or character. */
  new <T extends AnySimple>(
    typecode_or_type: T,
    value?: InitialValue<T> | SharedOptions,
    options?: SharedOptions,
  ): Synchronized<ValueOf<T>>;
  /** A structure or an array. */
  new <T extends Composite>(typecode_or_type: T, ...values: unknown[]): LockedOf<T>;
  <T extends AnySimple>(
    typecode_or_type: T,
    value: InitialValue<T> | undefined,
    options: Unlocked,
  ): SimpleData<ValueOf<T>>;
  <T extends AnySimple>(
    typecode_or_type: T,
    value?: InitialValue<T> | SharedOptions,
    options?: SharedOptions,
  ): Synchronized<ValueOf<T>>;
  <T extends Composite>(typecode_or_type: T, ...values: unknown[]): LockedOf<T>;
}

/** `Array`, with or without `new`. */
export interface ArrayConstructor {
  /** An array without a lock. */
  new <T extends AnyType>(
    typecode_or_type: T,
    size_or_initializer: ArrayInit<Initial<T>>,
    options: Unlocked,
  ): RawArrayOf<T>;
  /** An array of a length, or of these elements. */
  new <T extends AnyType>(
    typecode_or_type: T,
    size_or_initializer: ArrayInit<Initial<T>>,
    options?: SharedOptions,
  ): ArrayOf<T>;
  <T extends AnyType>(
    typecode_or_type: T,
    size_or_initializer: ArrayInit<Initial<T>>,
    options: Unlocked,
  ): RawArrayOf<T>;
  <T extends AnyType>(
    typecode_or_type: T,
    size_or_initializer: ArrayInit<Initial<T>>,
    options?: SharedOptions,
  ): ArrayOf<T>;
}

const RAW_VALUE = signature<{ typecode_or_type: unknown }>(
  "BaseContext.RawValue",
  { typecode_or_type: REQUIRED },
);
const RAW_ARRAY = signature<
  { typecode_or_type: unknown; size_or_initializer: unknown }
>(
  "BaseContext.RawArray",
  { typecode_or_type: REQUIRED, size_or_initializer: REQUIRED },
  { objects: ["size_or_initializer"] },
);
const SYNCHRONIZED = signature<{ obj: unknown; lock: LockLike | null; ctx: unknown }>(
  "synchronized",
  { obj: REQUIRED, lock: null, ctx: null },
  { method: false, objects: ["obj", "lock"] },
);
const VALUE = signature<{ typecode_or_type: unknown } & SharedOptions>(
  "BaseContext.Value",
  { typecode_or_type: REQUIRED, lock: true },
  { keywordOnly: ["lock"] },
);
const ARRAY = signature<
  { typecode_or_type: unknown; size_or_initializer: unknown } & SharedOptions
>(
  "BaseContext.Array",
  {
    typecode_or_type: REQUIRED,
    size_or_initializer: REQUIRED,
    lock: true,
  },
  { keywordOnly: ["lock"], objects: ["size_or_initializer"] },
);

/** Gives an object the lock that its maker's options name. */
function lockedAs(object: CData, { lock }: SharedOptions): unknown {
  if (lock === false) return object;
  if (lock === true || lock === null || lock === undefined) {
    return wrap(object, null);
  }
  if (isLock(lock)) return wrap(object, lock);
  throw new AttributeError(`${repr(lock)} has no method 'acquire'`);
}

/**
 * An object in shared memory without a lock. CPython: `multiprocessing.RawValue`.
 *
 * @example
 * ```ts
 * import { RawValue } from "@pystd/multiprocessing";
 * const value = RawValue("d", 2.5);
 * console.log(value.value); // 2.5
 * ```
 */
export const RawValue: RawValueConstructor = function RawValue(
  type: unknown,
  ...values: unknown[]
) {
  if (type === undefined) parseArguments(RAW_VALUE, []);
  return makeValue(type, values);
} as unknown as RawValueConstructor;

/**
 * An array in shared memory without a lock. CPython: `multiprocessing.RawArray`.
 *
 * @example
 * ```ts
 * import { RawArray } from "@pystd/multiprocessing";
 * const array = RawArray("i", [1, 2, 3]);
 * array[0] = 7;
 * console.log(array[-1], array.slice(0, 2)); // 3 [7, 2]
 * ```
 */
export const RawArray: RawArrayConstructor = function RawArray(...given: unknown[]) {
  const { typecode_or_type, size_or_initializer } = parseArguments(RAW_ARRAY, given);
  return makeArray(typecode_or_type, size_or_initializer);
} as unknown as RawArrayConstructor;

/**
 * An object in shared memory with a lock. CPython: `multiprocessing.Value`.
 *
 * To read or assign `value` is synchronous and happens whole. What is more than that needs
 * the lock: `await v.with(() => v.value += 1)`.
 *
 * @example
 * ```ts
 * import { Value } from "@pystd/multiprocessing";
 * const counter = Value("i", 0);
 * await counter.with(() => counter.value += 1);
 * console.log(counter.value); // 1
 * ```
 */
export const Value: ValueConstructor = function Value(
  type: unknown,
  ...given: unknown[]
) {
  const options = isPlain(given.at(-1)) ? [given.pop()] : [];
  if (type === undefined) parseArguments(VALUE, options);
  const parsed = parseArguments(VALUE, [type, ...options]);
  return lockedAs(makeValue(type, given), parsed);
} as unknown as ValueConstructor;

/**
 * An array in shared memory with a lock. CPython: `multiprocessing.Array`.
 *
 * @example
 * ```ts
 * import { Array } from "@pystd/multiprocessing";
 * const array = Array("d", [0.5, 1.5]);
 * array[1] = 3;
 * console.log(array.slice()); // [0.5, 3]
 * ```
 */
const SharedArray: ArrayConstructor = function Array(...given: unknown[]) {
  const parsed = parseArguments(ARRAY, given);
  const { typecode_or_type, size_or_initializer } = parsed;
  return lockedAs(makeArray(typecode_or_type, size_or_initializer), parsed);
} as unknown as ArrayConstructor;

export { SharedArray as Array };

/**
 * A new shared object that holds what another one does. CPython:
 * `multiprocessing.sharedctypes.copy`.
 *
 * @param obj An object of a ctypes type, without a lock.
 * @throws {TypeError} if it is none
 *
 * @example
 * ```ts
 * import { copy, RawArray } from "@pystd/multiprocessing/sharedctypes";
 * console.log(copy(RawArray("i", [1, 2])).slice()); // [1, 2]
 * ```
 */
export function copy<O extends CData>(obj: O): O;
/** The same of a typed array that `get_obj` gave. */
export function copy(obj: TypedArray): CArray<number | bigint>;
export function copy(obj: unknown): CData {
  takes("copy", arguments, { most: 1, self: 0 });
  return makeCopy(obj);
}

/**
 * Gives a shared object a lock. CPython: `multiprocessing.sharedctypes.synchronized`.
 *
 * @param obj An object of a ctypes type, without a lock.
 * @param lock Its lock; a new `RLock` if it is left away.
 *
 * @example
 * ```ts
 * import { RawValue, synchronized } from "@pystd/multiprocessing/sharedctypes";
 * console.log(String(synchronized(RawValue("i", 5)))); // <Synchronized wrapper for c_int(5)>
 * ```
 */
export function synchronized<V>(
  obj: SimpleData<V>,
  lock?: LockLike | SynchronizedOptions | null,
): Synchronized<V>;
/** Gives an array of `char` a lock. */
export function synchronized(
  obj: CharArray,
  lock?: LockLike | SynchronizedOptions | null,
): SynchronizedString;
/** Gives an array a lock. */
export function synchronized<T>(
  obj: CArray<T>,
  lock?: LockLike | SynchronizedOptions | null,
): SynchronizedArray<T>;
/** Gives a structure a lock. */
export function synchronized<S extends Structure>(
  obj: S,
  lock?: LockLike | SynchronizedOptions | null,
): SynchronizedStructure<S>;
export function synchronized(...given: unknown[]): SynchronizedBase {
  const { obj, lock } = parseArguments(SYNCHRONIZED, given);
  return wrap(obj, lock);
}
