/**
 * JavaScript's iterators and generators by the methods that Python's have: `__next__`,
 * `send`, `throw`, `close`.
 *
 * What JavaScript tells as `{ value, done }` is the value, or `StopIteration` with what
 * the generator has returned. What differs: no one can tell whether a generator has begun,
 * so the value that is sent to a new one is lost, where Python raises TypeError.
 *
 * @module
 */
import { isError, isPromise } from "../../runtime/brands.ts";
import { pythonTypeName } from "../../python/arguments.ts";
import type { Callable } from "../../functions/callable.ts";
import { RuntimeError, StopIteration } from "../../python/errors.ts";
import { isErrorClass } from "../../reduction/policy.ts";

type Result = IteratorResult<unknown, unknown>;

/** A generator of either kind. */
export type AnyGenerator = Pick<Generator<unknown>, "next" | "throw" | "return">;

/** Other iterators take no value, as in Python: to send one would lose an item. */
export function isGenerator(object: Partial<AnyGenerator>): object is AnyGenerator {
  return [object.next, object.throw, object.return]
    .every((method) => typeof method === "function");
}

/** Python's `__next__()`. */
export function next(iterator: Pick<Iterator<unknown>, "next">): unknown {
  return afterwards(iterator.next(), valueOf);
}

/** Python's `send(value)`. */
export function send(generator: AnyGenerator, ...args: unknown[]): unknown {
  if (args.length !== 1) {
    const text = "generator.send() takes exactly one argument";
    throw new TypeError(`${text} (${args.length} given)`);
  }
  return afterwards(generator.next(args[0]), valueOf);
}

/** Python's `throw(value)`: an error, or a class of errors. */
export function throwInto(generator: AnyGenerator, ...args: unknown[]): unknown {
  if (args.length === 0) {
    throw new TypeError("throw expected at least 1 argument, got 0");
  }
  return afterwards(generator.throw(raised(args)), valueOf);
}

/** Python's `close()`: what the generator returns in its end. */
export function close(generator: AnyGenerator, ...args: unknown[]): unknown {
  if (args.length > 0) {
    throw new TypeError(`generator.close() takes no arguments (${args.length} given)`);
  }
  return afterwards(generator.return(undefined), ({ value, done }) => {
    if (!done) throw new RuntimeError("generator ignored GeneratorExit");
    return value;
  });
}

function valueOf({ value, done }: Result): unknown {
  if (!done) return value;
  throw value === undefined || value === null
    ? new StopIteration()
    : new StopIteration(value);
}

/** The steps of an asynchronous generator are promises. */
function afterwards(
  result: Result | Promise<Result>,
  then: (result: Result) => unknown,
): unknown {
  return isPromise(result) ? result.then(then) : then(result);
}

/** What Python raises for the arguments of `throw`: a class is called with the others. */
function raised([type, value]: readonly unknown[]): unknown {
  if (isError(type)) return type;
  if (typeof type === "function" && isErrorClass(type as Callable)) {
    if (isError(value)) return value;
    return Reflect.construct(
      type,
      value === undefined || value === null ? [] : [value],
    );
  }
  const text = "exceptions must be classes or instances deriving from BaseException";
  throw new TypeError(`${text}, not ${pythonTypeName(type)}`);
}
