/**
 * The objects of a manager's server, which are made, called, counted and dropped here. The
 * connections to clients are server.ts's.
 *
 * Mirrors `Server` of `multiprocessing/managers.py` without its threads. What differs:
 * references are counted for each client too, and go with it.
 *
 * @module
 */
import { isPromise } from "../runtime/brands.ts";
import { pythonTypeName, repr } from "../python/arguments.ts";
import {
  AssertionError,
  AttributeError,
  errorClasses,
  KeyError,
  UnpicklingError,
  ValueError,
} from "../python/errors.ts";
import { formatException } from "../python/traceback.ts";
import { debug } from "../python/util.ts";
import { checkArity } from "./types/python_values.ts";
import {
  asReferent,
  type Factory,
  FALLBACKS,
  methodOf,
  plainResult,
  public_methods,
  type Registry,
} from "./types/referent.ts";

/** An object, and the uses of it that clients have. */
export interface Entry {
  readonly id: number;
  readonly object: object;
  exposed: Set<string>;
  methodTypes: Readonly<Record<string, string>> | null;
  /** The number of references that clients have. */
  references: number;
}

/** A request was wrong, rather than that its method has failed. */
export class RequestError {
  /** The traceback, as CPython gives it. */
  readonly text: string;
  /** Whether it has the wrong form: no client that works sends it, and its connection ends. */
  readonly isMalformed: boolean;

  constructor(error: unknown, isMalformed = false) {
    this.isMalformed = isMalformed;
    this.text = tracebackOf(error);
  }
}

/** The text of an error, as CPython's server sends it. */
export function tracebackOf(error: unknown): string {
  return `Traceback (most recent call last):\n${formatException(error)}`;
}

/** A result that stays here, for which the client gets a proxy. */
export class Stored {
  readonly typeid: string;
  readonly entry: Entry;
  readonly exposed: readonly string[];

  constructor(typeid: string, entry: Entry, exposed: readonly string[]) {
    this.typeid = typeid;
    this.entry = entry;
    this.exposed = exposed;
  }
}

/** The references that one client holds. */
export class References {
  readonly #counts = new Map<Entry, number>();
  readonly #objects: Objects;
  /** The client's process; 0 if that is not known. */
  pid: number;

  constructor(objects: Objects, pid = 0) {
    this.#objects = objects;
    this.pid = pid;
    objects.clients.add(this);
  }

  has(entry: Entry): boolean {
    return this.#counts.has(entry);
  }

  add(entry: Entry): void {
    entry.references++;
    this.#counts.set(entry, (this.#counts.get(entry) ?? 0) + 1);
  }

  /** Takes one back; nothing happens if there is none. */
  remove(entry: Entry): void {
    const count = this.#counts.get(entry);
    if (count === undefined) return;
    if (count === 1) this.#counts.delete(entry);
    else this.#counts.set(entry, count - 1);
    this.#objects.release(entry, 1);
  }

  /** Takes all back. */
  clear(): void {
    for (const [entry, count] of this.#counts) this.#objects.release(entry, count);
    this.#counts.clear();
    this.#objects.clients.delete(this);
  }
}

/** The objects of one server, by number. */
export class Objects {
  readonly #registry: Registry;
  readonly #entries = new Map<number, Entry>();
  readonly #entryOf = new WeakMap<object, Entry>();
  /** What all clients have. */
  readonly clients: Set<References> = new Set();
  #lastId = 0;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** An object by its number; undefined if it is gone. */
  /** All of them. */
  entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** The entry of an object that is here. */
  entryOf(object: object): Entry | undefined {
    return this.#entryOf.get(object);
  }

  get(id: number): Entry | undefined {
    return this.#entries.get(id);
  }

  /** The same. @throws {RequestError} with CPython's KeyError if it is gone */
  need(id: number): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RequestError(new KeyError(id.toString(16)));
    return entry;
  }

  release(entry: Entry, count: number): void {
    entry.references -= count;
    if (entry.references > 0) return;
    this.#entries.delete(entry.id);
    this.#entryOf.delete(entry.object);
    debug("disposing of obj with id %r", entry.id.toString(16));
  }

  /** Makes an object of a type; the caller counts a reference at once. @throws {RequestError} */
  create(
    typeid: string,
    args: readonly unknown[],
    kwds: object | null,
  ): Stored | Promise<Stored> {
    try {
      const made = this.#make(typeid, args, kwds);
      if (!isPromise(made)) return this.#enter(typeid, made);
      return made.then((object) => this.#enter(typeid, object)).catch(rethrow);
    } catch (error) {
      return rethrow(error);
    }
  }

  #make(typeid: string, args: readonly unknown[], kwds: object | null): unknown {
    const registration = this.#registry.get(typeid);
    if (registration === undefined) throw new KeyError(typeid);
    const { callable } = registration;
    if (callable !== null) return construct(callable, args, kwds);
    if (kwds !== null || args.length !== 1) {
      throw new ValueError("Without callable, must have one non-keyword argument");
    }
    return args[0];
  }

  #enter(typeid: string, made: unknown): Stored {
    const { exposed: names, method_to_typeid } = this.#registry.get(typeid)!;
    const object = asReferent(made, names?.includes("__getitem__") ?? false);
    const exposed = [...names ?? public_methods(object)];
    if (method_to_typeid !== null) exposed.push(...Object.keys(method_to_typeid));
    let entry = this.#entryOf.get(object);
    if (entry === undefined) {
      entry = {
        id: ++this.#lastId,
        object,
        exposed: new Set(exposed),
        methodTypes: method_to_typeid,
        references: 0,
      };
      this.#entryOf.set(object, entry);
    } else {
      entry.exposed = new Set(exposed);
      entry.methodTypes = method_to_typeid;
    }
    this.#entries.set(entry.id, entry);
    debug("%r callable returned object with id %r", typeid, entry.id.toString(16));
    return new Stored(typeid, entry, exposed);
  }

  /**
   * Calls a method.
   *
   * @returns The result, or a promise of it; a {@linkcode Stored} for what stays here.
   * @throws {RequestError} If the object has no such method, or may not be asked for it.
   * @throws whatever the method throws
   */
  call(
    entry: Entry,
    name: string,
    args: readonly unknown[],
    kwds: object | null,
  ): unknown {
    const method = entry.exposed.has(name) ? methodOf(entry.object, name) : undefined;
    if (method === undefined) return this.#fallback(entry, name);
    checkArity(entry.object, name, kwds === null ? args.length : args.length + 1);
    const result = kwds === null
      ? method.apply(entry.object, args as unknown[])
      : method.call(entry.object, ...args, kwds);
    if (isThenable(result)) {
      return result.then((value) => this.#result(entry, name, value));
    }
    return this.#result(entry, name, result);
  }

  #result(entry: Entry, name: string, result: unknown): unknown {
    const { methodTypes } = entry;
    if (methodTypes === null || !Object.hasOwn(methodTypes, name)) {
      return plainResult(result);
    }
    return this.create(methodTypes[name]!, [result], null);
  }

  /** Calls a method of every object's, or refuses one that is not exposed or not there. */
  #fallback({ object, exposed }: Entry, name: string): unknown {
    if (Object.hasOwn(FALLBACKS, name)) return FALLBACKS[name]!(object);
    if (exposed.has(name)) {
      const type = pythonTypeName(object);
      throw new RequestError(
        new AttributeError(`'${type}' object has no attribute '${name}'`),
      );
    }
    const text = `method ${repr(name)} of <class '${typeName(object)}'> object`;
    throw new RequestError(
      new AttributeError(`${text} is not in exposed=${repr(exposed)}`),
    );
  }

  /** A list of all objects, for a developer. */
  debugInfo(): string {
    return [...this.#entries.values()].map(({ id, object, references }) =>
      `  ${id.toString(16)}:       refcount=${references}\n    ${
        String(repr(object)).slice(0, 75)
      }`
    ).join("\n");
  }
}

const PYTHON_NAMES: Readonly<Record<string, string>> = {
  ManagedList: "list",
  ManagedDict: "dict",
  ManagedSet: "set",
  ManagedArray: "array.array",
  ManagedQueue: "queue.Queue",
};

function typeName(object: object): string {
  const name = pythonTypeName(object);
  return PYTHON_NAMES[name] ?? name;
}

function rethrow(error: unknown): never {
  throw error instanceof RequestError ? error : new RequestError(error);
}

function construct(
  callable: Factory,
  args: readonly unknown[],
  kwds: object | null,
): unknown {
  const all = kwds === null ? args : [...args, kwds];
  return isClass(callable)
    ? Reflect.construct(callable, all)
    : (callable as (...args: unknown[]) => unknown)(...all);
}

function isClass(callable: Factory): boolean {
  return /^class\b/.test(Function.prototype.toString.call(callable)) ||
    errorClasses.get(callable.name) === callable;
}

export function isThenable(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}

/** The error of a request that has the wrong form. */
export function malformed(what: string): RequestError {
  return new RequestError(new UnpicklingError(`malformed request: ${what}`), true);
}

/** A list that a client has sent, of so many elements. @throws {RequestError} */
export function listOf(value: unknown, length?: number): unknown[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) {
    return value;
  }
  throw malformed("not the parts of a request");
}

/** Keyword arguments that a client has sent. @throws {RequestError} */
export function keywordsOf(value: unknown): object | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "object" && !Array.isArray(value)) return value;
  throw malformed("keywords are no dict");
}

/** A name that a client has sent. Other things are shown: their own text has no bound. */
export function textOf(name: unknown): string {
  return typeof name === "string" ? name : repr(name);
}

/** The number of an object, in hexadecimal digits as tokens have it; NaN if it is none. */
export function parseId(id: unknown): number {
  return typeof id === "string" ? parseInt(id, 16) : NaN;
}

/** Checks a name for one of the server's own functions. @throws {RequestError} */
export function checkPublic(name: unknown, functions: readonly string[]): void {
  if (!(functions as unknown[]).includes(name)) {
    throw new RequestError(new AssertionError(`${repr(name)} unrecognized`));
  }
}
