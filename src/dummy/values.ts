/**
 * `dict`, `list`, `Array`, `Value` and `Namespace` of threads: objects of this process.
 *
 * @module
 */
import { DictProxy } from "../managers/proxies/dict_proxy.ts";
import { ListProxy } from "../managers/proxies/list_proxy.ts";
import { ManagedArray } from "../managers/types/array.ts";
import { ManagedDict } from "../managers/types/dict.ts";
import { ManagedList } from "../managers/types/list.ts";
import { Namespace as NamespaceClass, VALUE } from "../managers/types/namespace.ts";
import { REFERENT } from "../managers/types/python_values.ts";
import { callable } from "../python/callable.ts";
import { parseArguments, repr } from "../python/arguments.ts";
import { printAsText } from "../python/printing.ts";
import type { Typecode } from "../sharedctypes/types.ts";
import { partsOf, showObject } from "./channel.ts";

/** What `dict` of threads makes. */
export class DictClass<K, V> extends DictProxy<K, V> {
  /** Takes what the function of the class's name takes. */
  constructor(...sources: unknown[]) {
    super(...partsOf(new ManagedDict(...sources), "dict"));
  }

  /** For `for await`: the keys. @throws {RuntimeError} if the size changes meanwhile */
  override async *[Symbol.asyncIterator](): AsyncGenerator<K, void, void> {
    yield* (this[REFERENT]() as ManagedDict).__iter__() as Iterable<K>;
  }
}

/** What `list` of threads makes. */
export class ListClass<T> extends ListProxy<T> {
  /** Takes what the function of the class's name takes. */
  constructor(sequence: unknown = []) {
    super(...partsOf(new ManagedList(sequence), "list"));
  }
}

showObject(DictClass, ListClass);

/** What `Value` of threads makes. */
export class ValueClass<T> {
  /** The value. CPython: `Value.value`. */
  value: T;
  readonly #typecode: unknown;

  /** Takes what the function of the class's name takes. */
  constructor(...given: unknown[]) {
    const { typecode, value } = parseArguments(VALUE, given);
    [this.#typecode, this.value] = [typecode, value as T];
  }

  /** `<Value('i', 3)>`. */
  toString(): string {
    return `<${this.constructor.name}(${repr(this.#typecode)}, ${repr(this.value)})>`;
  }
}

printAsText(ValueClass);

/** A dict of threads. */
export type dict<K = unknown, V = unknown> = DictClass<K, V>;
/** A list of threads. */
export type list<T = unknown> = ListClass<T>;
/** A value of threads. */
export type Value<T = unknown> = ValueClass<T>;
/** An object with any fields. */
export type Namespace = NamespaceClass;

/** `dict` as a value: a class that may be called without `new`. */
export interface DictConstructor {
  /** Of a Map or pairs, with `new`, as in JavaScript. */
  // deno-lint-ignore no-explicit-any -- an untyped dict takes anything
  new <K = any, V = any>(items: Iterable<readonly [K, V]>): DictClass<K, V>;
  /** Of an object, whose names are the keys. */
  // deno-lint-ignore no-explicit-any -- as above
  new <K = string, V = any>(fields: { readonly [name: string]: V }): DictClass<K, V>;
  /** An empty one, or of several of these. */
  // deno-lint-ignore no-explicit-any -- as above
  new <K = any, V = any>(...sources: unknown[]): DictClass<K, V>;
  /** Of a Map or pairs, without `new`, as in Python. */
  // deno-lint-ignore no-explicit-any -- as above
  <K = any, V = any>(items: Iterable<readonly [K, V]>): DictClass<K, V>;
  /** Of an object, whose names are the keys. */
  // deno-lint-ignore no-explicit-any -- as above
  <K = string, V = any>(fields: { readonly [name: string]: V }): DictClass<K, V>;
  /** An empty one, or of several of these. */
  // deno-lint-ignore no-explicit-any -- as above
  <K = any, V = any>(...sources: unknown[]): DictClass<K, V>;
  /** The members that all dicts have. */
  // deno-lint-ignore no-explicit-any -- as above
  readonly prototype: DictClass<any, any>;
}

/** `list` as a value: a class that may be called without `new`. */
export interface ListConstructor {
  /** With `new`, as in JavaScript. */
  // deno-lint-ignore no-explicit-any -- an untyped list takes anything
  new <T = any>(sequence?: Iterable<NoInfer<T>>): ListClass<T>;
  /** Without, as in Python. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(sequence?: Iterable<NoInfer<T>>): ListClass<T>;
  /** The members that all lists have. */
  // deno-lint-ignore no-explicit-any -- as above
  readonly prototype: ListClass<any>;
}

/** What `Value` and `Array` take by name. */
export interface LockOption {
  /** There for Python's sake: it has no effect. */
  lock?: unknown;
}

/** `Value` as a value: a class that may be called without `new`. */
export interface ValueConstructor {
  /** With `new`, as in JavaScript. */
  // deno-lint-ignore no-explicit-any -- an untyped value takes anything
  new <T = any>(typecode: unknown, value: T, lock?: unknown): ValueClass<T>;
  /** The same with Python's keyword. */
  // deno-lint-ignore no-explicit-any -- as above
  new <T = any>(typecode: unknown, value: T, options: LockOption): ValueClass<T>;
  /** Without, as in Python. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(typecode: unknown, value: T, lock?: unknown): ValueClass<T>;
  /** The same with Python's keyword. */
  // deno-lint-ignore no-explicit-any -- as above
  <T = any>(typecode: unknown, value: T, options: LockOption): ValueClass<T>;
  /** The members that all values have. */
  // deno-lint-ignore no-explicit-any -- as above
  readonly prototype: ValueClass<any>;
}

/** `Namespace` as a value: a class that may be called without `new`. */
export interface NamespaceConstructor {
  /** With `new`, as in JavaScript. */
  new (fields?: Record<string, unknown>): NamespaceClass;
  /** Without, as in Python. */
  (fields?: Record<string, unknown>): NamespaceClass;
  /** The members that all namespaces have. */
  readonly prototype: NamespaceClass;
}

/**
 * Python's dict, with the methods that a manager's dict has: `await d.get("k")`,
 * `d.k = 1`, `await d.k`. The values themselves are kept, not copies. CPython:
 * `multiprocessing.dummy.dict`, Python's own.
 *
 * @param sources The first entries: objects, Maps, pairs.
 *
 * @example
 * ```ts
 * import { dict } from "@pystd/multiprocessing/dummy";
 * const d = dict({ a: 1 });
 * d.b = 2;
 * console.log(await d.b, String(d)); // 2 {'a': 1, 'b': 2}
 * ```
 */
export const dict: DictConstructor = callable("dict", DictClass);

/**
 * Python's list, with the methods that a manager's list has. The items themselves are kept,
 * not copies. CPython: `multiprocessing.dummy.list`, Python's own.
 *
 * @example
 * ```ts
 * import { list } from "@pystd/multiprocessing/dummy";
 * const l = list([1, 2]);
 * await l.append(3);
 * console.log(await l[0], String(l)); // 1 [1, 2, 3]
 * ```
 */
export const list: ListConstructor = callable("list", ListClass);

/**
 * An object with a `value` of any type. CPython: `multiprocessing.dummy.Value`.
 *
 * @param typecode Is kept, and has no effect, as in Python.
 * @param value The value.
 * @param lock Has no effect.
 *
 * @example
 * ```ts
 * import { Value } from "@pystd/multiprocessing/dummy";
 * const n = Value("i", 3);
 * n.value++;
 * console.log(String(n)); // <Value('i', 4)>
 * ```
 */
export const Value: ValueConstructor = callable("Value", ValueClass);

/**
 * An object with any fields. CPython: `multiprocessing.dummy.Namespace`.
 *
 * @param fields The first ones: Python's keyword arguments.
 */
export const Namespace: NamespaceConstructor = callable("Namespace", NamespaceClass);

/** The typed array of each type code. */
export interface ArrayTypes {
  /** Signed, 8 bits. */
  b: Int8Array;
  /** Unsigned, 8 bits. */
  B: Uint8Array;
  /** Signed, 16 bits. */
  h: Int16Array;
  /** Unsigned, 16 bits. */
  H: Uint16Array;
  /** Signed, 32 bits. */
  i: Int32Array;
  /** Unsigned, 32 bits. */
  I: Uint32Array;
  /** Signed, 64 bits: bigints. */
  l: BigInt64Array;
  /** Unsigned, 64 bits: bigints. */
  L: BigUint64Array;
  /** Signed, 64 bits: bigints. */
  q: BigInt64Array;
  /** Unsigned, 64 bits: bigints. */
  Q: BigUint64Array;
  /** Floating point, 32 bits. */
  f: Float32Array;
  /** Floating point, 64 bits. */
  d: Float64Array;
}

/**
 * Numbers of one type: a typed array, which is what Python's `array.array` is here. CPython:
 * `multiprocessing.dummy.Array`.
 *
 * @param typecode As Python's: `i`, `d` and others.
 * @param sequence The numbers.
 * @param _lock Has no effect, as in Python.
 * @throws {ValueError} `bad typecode (must be …)`
 * @throws {TypeError | OverflowError} for what is no number of that type
 *
 * @example
 * ```ts
 * import { Array } from "@pystd/multiprocessing/dummy";
 * const a = Array("i", [1, 2]);
 * a[0] = 5;
 * console.log(a.length, a[0]); // 2 5
 * ```
 */
export function Array<C extends Exclude<Typecode, "c" | "u">>(
  typecode: C,
  sequence: Iterable<number | bigint>,
  _lock?: unknown,
): ArrayTypes[C];
/** The same with Python's keyword. */
export function Array<C extends Exclude<Typecode, "c" | "u">>(
  typecode: C,
  sequence: Iterable<number | bigint>,
  options: LockOption,
): ArrayTypes[C];
export function Array(...given: unknown[]): unknown {
  return new ManagedArray(...given)._getvalue();
}
