/**
 * Notices what this process prints: by `console`, by `process.stdout`, by `Deno.stdout`.
 * What native code and subprocesses print is not noticed.
 *
 * @module
 */

/** The methods of `console` that write to stdout. */
const METHODS = [
  ...["log", "info", "debug", "dir", "dirxml", "table", "group", "groupCollapsed"],
  ...["count", "timeEnd", "timeLog"],
] as const;

type Anything = (...args: unknown[]) => unknown;

/** Calls `onPrint` before each print from now on. */
export function watchPrints(onPrint: () => void): void {
  wrap(console as unknown as Record<string, unknown>, METHODS, onPrint);
  if ("Deno" in globalThis) {
    wrap(
      Deno.stdout as unknown as Record<string, unknown>,
      ["write", "writeSync"],
      onPrint,
    );
  } else {
    watchStream(onPrint);
  }
}

/** `process.stdout` is made when somebody looks; until then it is left alone. */
function watchStream(onPrint: () => void): void {
  // deno-lint-ignore no-explicit-any -- the types of Node are not at hand here
  const { process } = globalThis as any;
  const { get } = Object.getOwnPropertyDescriptor(process, "stdout") ?? {};
  if (get === undefined) return wrap(process.stdout, ["write"], onPrint);
  let isWrapped = false;
  Object.defineProperty(process, "stdout", {
    configurable: true,
    get() {
      const stream = get.call(process);
      if (!isWrapped) wrap(stream, ["write"], onPrint);
      isWrapped = true;
      return stream;
    },
  });
}

function wrap(
  object: Record<string, unknown> | undefined,
  names: readonly string[],
  before: () => void,
): void {
  for (const name of names) {
    const method = object?.[name];
    if (typeof method !== "function") continue;
    Object.defineProperty(object, name, {
      value(...args: unknown[]): unknown {
        before();
        return (method as Anything).apply(this, args);
      },
      writable: true,
      configurable: true,
    });
  }
}
