/**
 * Classes that a function makes, as those of zod 4 are: what `new` gives is of a class that
 * nobody sees, and `instanceof` works by `Symbol.hasInstance`.
 */
import { exported } from "../../mod.ts";
import { register } from "../../src/reduction.ts";

/** What such an instance knows of its classes; it cannot be sent. */
interface Inner {
  traits: Set<string>;
  make: unknown;
}

interface Made {
  _inner: Inner;
}

/** Such a class. */
export interface Constructed<T> {
  new (given: string[]): T;
  init(made: object, given: string[]): void;
}

function construct<T>(
  name: string,
  initialize: (made: never, given: string[]) => void,
  Parent?: typeof Error,
): Constructed<T> {
  class Definition extends (Parent ?? Object) {}
  Object.defineProperty(Definition, "name", { value: name });
  function init(made: Partial<Made>, given: string[]): void {
    if (made._inner === undefined) {
      const value: Inner = { traits: new Set(), make };
      Object.defineProperty(made, "_inner", { value, enumerable: false });
    }
    if (made._inner!.traits.has(name)) return;
    made._inner!.traits.add(name);
    initialize(made as never, given);
  }
  function make(this: object, given: string[]): object {
    const made = Parent === undefined ? this : new Definition();
    init(made, given);
    return made;
  }
  Object.defineProperties(make, {
    name: { value: name },
    init: { value: init },
    [Symbol.hasInstance]: {
      value: (value: Partial<Made> | undefined) =>
        Parent !== undefined && value instanceof Parent ||
        value?._inner?.traits.has(name) === true,
    },
  });
  return make as unknown as Constructed<T>;
}

/** The fields of both errors. */
export interface Issues extends Error {
  issues: string[];
}

function fill(made: Issues, issues: string[]): void {
  made.name = "IssuesError";
  Object.defineProperty(made, "issues", { value: issues, enumerable: false });
  made.message = issues.join();
}

/** What users test for by `instanceof`. */
export const IssuesError = construct<Issues>("IssuesError", fill);
/** What is thrown: an Error, of the same name. */
export const RealIssuesError = construct<Issues>("IssuesError", fill, Error);
/** One with more. */
export const MoreIssuesError = construct<Issues>(
  "MoreIssuesError",
  (made: Issues, issues) => IssuesError.init(made, issues),
  Error,
);
/** One that nobody has registered. */
export const OtherError = construct<Issues>("OtherError", fill, Error);
/** No error, and called with `new` only. */
export const Point = construct<{ at: string[] }>(
  "Point",
  (made: { at: string[] }, at) => {
    Object.defineProperty(made, "at", { value: at, enumerable: true });
  },
);

export function makeIssuesError(issues: string[]): Issues {
  return new RealIssuesError(issues);
}

register(IssuesError, ({ issues }) => [makeIssuesError, [issues]], makeIssuesError);
register(Point, ({ at }) => [Point as never, [at]]);
exported(import.meta, { Point: Point as never });

export function refuse(issue: string): never {
  throw new RealIssuesError([issue]);
}
