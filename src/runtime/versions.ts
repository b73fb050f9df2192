/**
 * One clear error on a runtime that is too old, before anything else fails there. No other
 * file of this folder is loaded before this one.
 *
 * @module
 */

/** The oldest versions that have all that is needed; of Node there are two. */
const OLDEST = {
  deno: ["2.4.0"],
  bun: ["1.2.6"],
  node: ["20.16.0", "22.3.0"],
} as const;

/** What is asked of users. */
const NEEDED = "Node 20.16 or 22.3, Bun 1.2.6 or Deno 2.4";

/** Not by a regular expression: each process does this as it starts. */
function numbers(version: string): number[] {
  return version.split(".", 3).map((part) => parseInt(part));
}

/** Whether a version is that one, or a later one. */
function isFrom(version: string, oldest: string): boolean {
  const [own, least] = [numbers(version), numbers(oldest)];
  const at = own.findIndex((part, i) => part !== least[i]);
  return at < 0 || own[at]! > least[at]!;
}

/** What is to be said on a version of a runtime; undefined if it is new enough. */
export function complaint(
  runtime: keyof typeof OLDEST,
  version: string,
): string | undefined {
  const [first, second] = OLDEST[runtime] as readonly [string, string?];
  const isOfFirst = second === undefined || numbers(version)[0] === numbers(first)[0];
  if (isFrom(version, isOfFirst ? first : second)) return undefined;
  const name = { deno: "Deno", bun: "Bun", node: "Node" }[runtime];
  return `@pystd/multiprocessing needs ${NEEDED} or later; this is ${name} ${version}`;
}

function present(): [keyof typeof OLDEST, string] {
  if ("Deno" in globalThis) return ["deno", Deno.version.deno];
  // deno-lint-ignore no-explicit-any -- present on Node and Bun, not in Deno's types
  const { versions } = (globalThis as any).process;
  return versions.bun === undefined ? ["node", versions.node] : ["bun", versions.bun];
}

const text = complaint(...present());
if (text !== undefined) {
  throw Object.assign(new Error(text), { code: "ERR_OLD_RUNTIME" });
}
