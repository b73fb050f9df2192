/**
 * The types that Python has and JavaScript lacks, as pickles need them: tuples, whole floats,
 * frozen sets, byte arrays, slices, references by name, and objects of Python's own classes
 * that have no twin here.
 *
 * The values of the two languages correspond like this:
 *
 * | Python | read as | written from |
 * | --- | --- | --- |
 * | None | null | null, undefined |
 * | bool | boolean | boolean |
 * | int | number if it is safe, else bigint | safe integers but -0, bigint |
 * | float | number (*`PyFloat` if whole*) | all other numbers, `PyFloat` |
 * | str | string | string |
 * | bytes | Uint8Array | Uint8Array |
 * | bytearray | Uint8Array (*`PyByteArray`*) | `PyByteArray` |
 * | list | Array | Array |
 * | tuple | Array (*`PyTuple`*) | `PyTuple`; any array that is a key or in a set |
 * | dict | object if all keys are strings, else Map | object, Map |
 * | set | Set | Set |
 * | frozenset | Set (*`PyFrozenSet`*) | `PyFrozenSet`; any set that is a key or in a set |
 * | array.array | typed array | typed arrays but Uint8Array |
 * | slice | `PySlice` | `PySlice` |
 * | exceptions | the classes of errors.ts | errors |
 * | others | by a table of names | by a hook |
 *
 * In italics: the results of `loads` when it is asked for exact types, so that writing the
 * value again gives Python what it sent.
 *
 * ```
 * loads:  bytes ─► Cursor ─► Machine: stack, marks, memo (handlers.ts: the opcodes)
 *                              names ─► a table of constructors, or an error
 * dumps:  value ─► Pickler ─► PickleOutput ─► bytes
 *                              objects that are no plain data ─► a call and a state
 * ```
 *
 * @module
 */

/**
 * A Python `float`, for numbers that look whole: `2` travels as an int.
 */
export class PyFloat extends Number {}

/**
 * A Python `tuple`: an array that is written as one. `PyTuple.of(1, 2)` and
 * `PyTuple.from(array)` make it; `map`, `slice` and the like give plain arrays, that is
 * lists.
 */
export class PyTuple<T = unknown> extends Array<T> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A Python `frozenset`: a set that is written as one. */
export class PyFrozenSet<T = unknown> extends Set<T> {}

/** A Python `bytearray`: bytes that are written as one. */
export class PyByteArray extends Uint8Array {
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}

/** A function or class of Python's, by name. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

/**
 * An instance of a Python class that has no twin here: class, arguments and state as they
 * were sent. It is written as it was read.
 */
export class PyObject {
  /** The class. */
  readonly global: PyGlobal;
  /** The arguments of `__new__`. */
  readonly args: readonly unknown[];
  /** The argument of `__setstate__`, mostly the fields; undefined if it was not called. */
  state: unknown;

  constructor(global: PyGlobal, args: readonly unknown[] = [], state?: unknown) {
    this.global = global;
    this.args = args;
    this.state = state;
  }
}

/** The written form of an object that is no plain data: a call, and a state. */
export interface Reduction {
  /** The function or class that Python calls. */
  global: PyGlobal;
  /** Its arguments. */
  args: readonly unknown[];
  /** Calls `__new__` of a class only, without its constructor. */
  newobj?: boolean;
  /** The state for the new object's `__setstate__`, or its `__dict__`. */
  state?: unknown;
}

/** The call that a {@linkcode Constructor} carries out. */
export interface Call {
  /** The function or class that is called. */
  readonly global: PyGlobal;
  /** Whether Python's types are to be kept; see {@linkcode PyFloat} and others. */
  readonly exact: boolean;
  /** Makes an instance of another class in the table. */
  construct(global: PyGlobal, args: readonly unknown[]): unknown;
  /**
   * Whether there is time for a text of all that a value holds: it may hold the same
   * things at many places, and so may others that want one.
   */
  canShow(value: unknown): boolean;
}

/**
 * Stands for a function or class of Python's when a pickle is read. It must have no effect
 * but its result: it may be called twice for the same object.
 */
export interface Constructor {
  /**
   * Makes the object. May copy what its arguments hold directly (each such use counts
   * towards what a pickle of its length may cost), not what those hold.
   */
  construct(args: readonly unknown[], call: Call): unknown;
  /** Whether arguments are only referred to, so that large ones cost nothing. */
  readonly keeps?: boolean;
  /** Gives the object its state, with the same care; without it, there must be none. */
  build?(object: object, state: unknown): void;
}

/** All that a pickle may name: constructors by module and name. */
export type Globals = ReadonlyMap<string, ReadonlyMap<string, Constructor>>;

/** Makes a table of the names that a pickle may contain, by a copy of `base`. */
export function globalTable(
  entries: Iterable<readonly [module: string, name: string, Constructor]>,
  base: Globals = new Map(),
): Globals {
  const table = new Map<string, Map<string, Constructor>>();
  for (const [module, names] of base) table.set(module, new Map(names));
  for (const [module, name, constructor] of entries) {
    let names = table.get(module);
    if (names === undefined) table.set(module, names = new Map());
    names.set(name, constructor);
  }
  return table;
}
