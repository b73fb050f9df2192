/**
 * How a method that a client names is found in an object of the server's: under its
 * name, or, for objects of JavaScript's own, as the protocol of Python that they follow.
 *
 * @module
 */
import { pythonTypeName, repr, str } from "../../python/arguments.ts";
import { AttributeError, StopIteration } from "../../python/errors.ts";
import { plainResult } from "../registry.ts";

// deno-lint-ignore no-explicit-any -- a method takes and gives anything
type Method = (...args: any[]) => unknown;

/** The method of an object; undefined if it has none of this name. */
export function methodOf(object: object, name: string): Method | undefined {
  if (!isInherited(name)) {
    const method = (object as Record<string, unknown>)[name];
    if (typeof method === "function") return method as Method;
  }
  return Object.hasOwn(SPECIAL, name) ? SPECIAL[name]!(object as never) : undefined;
}

/** What every object has is no method of this one. */
function isInherited(name: string): boolean {
  return name === "constructor" || name in Object.prototype;
}

/** Methods that Python's syntax stands for, for objects that do not define them. */
const SPECIAL: Record<string, (object: never) => Method | undefined> = {
  __next__: (object: Iterator<unknown>) =>
    typeof object.next !== "function" ? undefined : () => step(object.next()),
  send: (object: Generator<unknown>) =>
    isGenerator(object) ? (value: unknown) => step(object.next(value)) : undefined,
  throw: (object: Generator<unknown>) =>
    isGenerator(object) ? (error: unknown) => step(object.throw(error)) : undefined,
  close: (object: Generator<unknown>) =>
    isGenerator(object) ? () => void object.return(undefined) : undefined,
  __iter__: (object: Partial<Iterable<unknown> & AsyncIterable<unknown>>) => {
    if (typeof object[Symbol.iterator] === "function") {
      return () => object[Symbol.iterator]!();
    }
    return typeof object[Symbol.asyncIterator] === "function"
      ? () => object[Symbol.asyncIterator]!()
      : undefined;
  },
  __call__: (object: unknown) =>
    typeof object === "function" ? object as Method : undefined,
  __len__: (object: { length?: number; size?: number }) => {
    const length = object.length ?? object.size;
    return typeof length === "number" ? () => length : undefined;
  },
  __getattribute__: (object: Record<string, unknown>) => (name: string) => {
    checkName(name);
    if (!isInherited(name) && name in object) return object[name];
    const type = pythonTypeName(object);
    throw new AttributeError(`'${type}' object has no attribute '${name}'`);
  },
  __setattr__: (object: Record<string, unknown>) => (name: string, value: unknown) => {
    checkName(name);
    if (!isInherited(name)) object[name] = value;
  },
  __delattr__: (object: Record<string, unknown>) => (name: string) => {
    checkName(name);
    delete object[name];
  },
};

/** Anything else would be made text, however long that takes. */
function checkName(name: unknown): asserts name is string {
  if (typeof name === "string") return;
  throw new TypeError(`attribute name must be string, not '${pythonTypeName(name)}'`);
}

/** Other iterators take no value, as in Python: to send one would lose an item. */
function isGenerator(object: Generator<unknown>): boolean {
  return [object.next, object.throw, object.return]
    .every((method) => typeof method === "function");
}

function step(
  result: IteratorResult<unknown> | Promise<IteratorResult<unknown>>,
): unknown {
  if (result instanceof Promise) return result.then(step);
  if (!result.done) return result.value;
  throw new StopIteration();
}

/** What can be asked of every object, exposed or not. */
export const FALLBACKS: Readonly<Record<string, (object: object) => unknown>> = {
  __str__: (object) => str(object),
  __repr__: (object) => repr(object),
  "#GETVALUE": (object) => plainResult(object),
};
