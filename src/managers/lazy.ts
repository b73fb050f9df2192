/**
 * Loads what only programs with managers need, when it is needed: a process starts sooner
 * the fewer files it has to load. Whoever imports `./managers` has it all from the start.
 *
 * @module
 */
import type * as Parts from "./parts.ts";

/** The parts; the same promise each time, or at least the same parts. */
export function loadParts(): Promise<typeof Parts> {
  return import("./parts.ts");
}
