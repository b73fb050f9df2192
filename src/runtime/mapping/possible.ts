/**
 * Whether mapping is worth a try: the rest of this folder takes some milliseconds to load,
 * and most processes never need it.
 *
 * @module
 */
import { isAllowedAll } from "../permissions/deno.ts";
import { OWN_FILE } from "../own_program.ts";
import { builtin } from "../posix.ts";
import { switches } from "../switches.ts";

/** False where no way of mapping is at hand; see mod.ts for the ways. */
export function mayMap(): boolean {
  if (!switches.mapping) return false;
  if ("Deno" in globalThis) return isAllowedAll();
  if ("Bun" in globalThis) return true;
  const { createRequire, isBuiltin } = builtin("node:module");
  try {
    return isBuiltin("node:ffi") ||
      createRequire(OWN_FILE).resolve("koffi") !== "";
  } catch {
    return false; // there is no koffi
  }
}
