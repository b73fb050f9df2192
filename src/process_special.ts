/**
 * In what a process is started otherwise than others: what the package asks of those that
 * it starts for itself, in pools, and what a process may do.
 *
 * @module
 */
import { asWanted } from "./permissions.ts";
import type { Wanted } from "./runtime/mod.ts";

/** What is special about a process. */
export interface Specials {
  keepsStderr?: boolean;
  wanted?: Wanted | undefined;
}

const specials = new WeakMap<object, Specials>();

/** What is special about a process. */
export function specialsOf(process: object): Specials {
  return specials.get(process) ?? {};
}

/**
 * Has a process, when it is started, write its stderr to the root, which passes it on
 * and keeps the last lines for `Popen.lastWords`.
 */
export function keepStderr(process: object): void {
  specials.set(process, { ...specialsOf(process), keepsStderr: true });
}

/**
 * Has a process, when it is started, get these permissions.
 *
 * @throws {ValueError} if they are malformed
 */
export function limitProcess(process: object, permissions: unknown): void {
  const wanted = asWanted(permissions);
  specials.set(process, { ...specialsOf(process), wanted });
}
