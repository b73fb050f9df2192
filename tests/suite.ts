/**
 * `test(name, fn)` on any runtime: `Deno.test` with its leak checks where there is
 * Deno, `node:test` on Bun and Node. A test file needs nothing else from a runner,
 * so the same file runs unchanged on the three.
 *
 * ```ts
 * import { test } from "./suite.ts";
 * import { strictEqual } from "node:assert/strict";
 *
 * test("addition is what it was", () => strictEqual(1 + 1, 2));
 * ```
 */

/** Options of a test. */
export interface TestOptions {
  /**
   * Why the test cannot run here; the reason shows in the report. `undefined` and
   * `false` run it, so that `skip: python === undefined && "no python3"` reads well.
   */
  skip?: string | false | undefined;
  /** Seconds until the test counts as failed; 60 if not given. */
  timeout?: number | undefined;
  /**
   * Why Deno's checks for leaked operations and resources are off for this test. There
   * is no way to switch them off without saying why.
   */
  leaks?: string | undefined;
}

/** Registers one test. */
export type Test = (
  name: string,
  fn: () => void | Promise<void>,
  options?: TestOptions,
) => void;

/** The runtime the tests are running on. */
export const runtimeName: "deno" | "bun" | "node" = "Deno" in globalThis
  ? "deno"
  : "Bun" in globalThis
  ? "bun"
  : "node";

/** Seconds a test may take when it does not say otherwise. */
const DEFAULT_TIMEOUT = 60;

/** `node:test`'s entry, or undefined on Deno, where `Deno.test` has the leak checks. */
const nodeTest = runtimeName === "deno" ? undefined : (await import("node:test")).test;

/** Registers one test with the runtime's own runner; it fails by throwing or rejecting. */
export const test: Test = (name, fn, options = {}) => {
  const skip = options.skip || undefined;
  const title = skip === undefined ? name : `${name} (skipped: ${skip})`;
  const timeout = (options.timeout ?? DEFAULT_TIMEOUT) * 1000;
  if (nodeTest !== undefined) {
    nodeTest(title, { skip: skip !== undefined, timeout }, () => fn());
    return;
  }
  const sanitize = options.leaks === undefined;
  Deno.test({
    name: title,
    // The runner's context is kept from `fn`, as it differs from runtime to runtime.
    fn: () => fn(),
    ignore: skip !== undefined,
    timeout,
    sanitizeOps: sanitize,
    sanitizeResources: sanitize,
  });
};

/** Tests with something in common: see {@linkcode testsWith}. */
export interface Tests<T> {
  /** Registers one of them, as {@linkcode test} does; `more` are its own options. */
  test(
    name: string,
    fn: (given: T) => void | Promise<void>,
    more?: TestOptions,
  ): void;
}

/**
 * Tests that have the same options, such as where they cannot run. If they use the same
 * thing, too, `use` makes it, has the test use it, and puts it away.
 *
 * ```ts
 * const HERE = testsWith({ skip: noSharedFiles });
 * HERE.test("a file is there", () => ok(existsSync(path)));
 * ```
 */
export function testsWith(options: TestOptions): Tests<void>;
export function testsWith<T>(
  options: TestOptions,
  use: (fn: (given: T) => void | Promise<void>) => void | Promise<void>,
): Tests<T>;
export function testsWith(
  options: TestOptions,
  use: (fn: (given: void) => void | Promise<void>) => void | Promise<void> = (fn) =>
    fn(),
): Tests<void> {
  return {
    test(name, fn, more = {}) {
      const skip = options.skip || more.skip;
      test(name, () => use(fn), { ...options, ...more, skip });
    },
  };
}
