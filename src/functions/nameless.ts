/**
 * Functions and classes that have no name another process knows, by what they are: mocks,
 * fields of instances, those of another copy of this package. not_found.ts, which is loaded
 * late, tells of all others.
 *
 * @module
 */
import { PicklingError } from "../python/errors.ts";
import { type Callable, nameOf } from "./callable.ts";

/** Own properties of what Vitest, Jest and sinon make. */
const MOCKS = ["_isMockFunction", "isSinonProxy"];

/**
 * Whether a function stands for another one in a test.
 *
 * @param isUnknown Whether it has no name; then getters may be called, which those of
 * `node:test`, which are proxies, and of Bun have.
 */
export function isMock(callable: Callable, isUnknown = true): boolean {
  if (MOCKS.some((key) => Object.hasOwn(callable, key))) return true;
  if (!isUnknown) return false;
  const { mock, mockClear } = callable as { mock?: object; mockClear?: unknown };
  return Array.isArray((mock as { calls?: unknown } | undefined)?.calls) &&
    (typeof mockClear === "function" ||
      mock!.constructor?.name === "MockFunctionContext");
}

/** The error for such a function. */
export function ofMock(callable: Callable): PicklingError {
  return new PicklingError(
    `Can't pickle <function ${nameOf(callable)}>: it is a mock, which exists in this ` +
      "process only: other processes import the module that it stands for; send a " +
      "function that is no mock",
  );
}

/** Why what another copy of this package has made cannot be sent, and the cure. */
export const OTHER_COPY =
  "it belongs to another copy of @pystd/multiprocessing: let all modules " +
  "import the same one (`npm ls @pystd/multiprocessing` lists them)";

/** The fields in which functions of instances were met. */
const fields = new WeakMap<Callable, { type: string; name: string }>();

/** Notes that a function is a field of an instance that is being sent, for its error. */
export function noteField(callable: Callable, type: string, name: string): void {
  fields.set(callable, { type, name });
}

/** The field in which a function was met, if it is one. */
export function fieldOf(
  callable: Callable,
): { type: string; name: string } | undefined {
  return fields.get(callable);
}

/** Whether a class is that of a shared object of another copy of this package. */
export function isOfOtherCopy(callable: Callable): boolean {
  const prototype: unknown = Object.getOwnPropertyDescriptor(callable, "prototype")
    ?.value;
  for (let at = prototype; at; at = Object.getPrototypeOf(at)) {
    const isOurs = Object.getOwnPropertySymbols(at)
      .some(({ description }) => description === "reduce_shared");
    if (isOurs) return true;
  }
  return false;
}
