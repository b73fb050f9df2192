/** Types of the part of `@std/assert` that this project's tests and examples use. */

/** What a failed assertion throws. */
export class AssertionError extends Error {
  override name: string;
  constructor(message: string, options?: ErrorOptions);
}

/** Throws unless `expr` is truthy. */
export function assert(expr: unknown, msg?: string): asserts expr;

/** Throws unless the two are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void;

/** Throws if the two are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;

/** Throws unless the two are the same value, by `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T;

/** Throws unless `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void;

/** Throws unless `actual` matches the expression. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void;

/** Any constructor. */
// deno-lint-ignore no-explicit-any -- a parameter list that fits every class
export type AnyConstructor = new (...args: any[]) => unknown;

/** Throws unless `actual` is an instance of the class. */
export function assertInstanceOf<T extends AnyConstructor>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T>;

/** Any class of errors. */
// deno-lint-ignore no-explicit-any -- a parameter list that fits every class
export type ErrorClass<E extends Error> = new (...args: any[]) => E;

/** Throws unless `fn` throws; gives what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;

/** Throws unless `fn` gives a promise that rejects; gives its reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
