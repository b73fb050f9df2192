/**
 * Runs in a child before anything else is loaded, and keeps Deno from two things that take a
 * fifth of a child's start each:
 *
 * - cbor-x reads the global `Buffer`, which makes Deno load its part of Node; cbor-x works
 *   without it.
 * - The adapter would make a timer to keep the process alive, which a child does not need.
 *
 * When user code is loaded, the globals are as they were. No other file imports this one,
 * and it imports none: so it stays first in every build.
 *
 * @module
 */
if ("Deno" in globalThis) {
  const before = {
    "Buffer": undefined,
    [Symbol.for("@pystd/multiprocessing: child")]: true,
  };
  for (const key of Reflect.ownKeys(before)) {
    const own = Object.getOwnPropertyDescriptor(globalThis, key);
    // Not deleted: its name is still that of a global.
    Object.defineProperty(globalThis, key, {
      value: before[key as keyof typeof before],
      configurable: true,
    });
    // All that child.ts imports is evaluated without a pause.
    queueMicrotask(() => {
      if (own === undefined) Reflect.deleteProperty(globalThis, key);
      else Object.defineProperty(globalThis, key, own);
    });
  }
}
