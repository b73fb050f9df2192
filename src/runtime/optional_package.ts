/**
 * Packages that users install themselves, if they need them: this package asks for them when
 * they are used, and does not depend on them.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/**
 * Loads a package of npm; undefined if it is not installed. Deno looks into its import map, and
 * then fetches it by `npm:`.
 *
 * @param name Its name.
 * @param version The versions that will do, as npm writes them.
 */
export async function importPackage(
  name: string,
  version: string,
): Promise<Record<string, unknown> | undefined> {
  const specifiers = "Deno" in globalThis ? [name, `npm:${name}@${version}`] : [name];
  for (const specifier of specifiers) {
    try {
      return await import(specifier);
    } catch (error) {
      if (!isMissing(error, name)) throw error;
    }
  }
  return undefined;
}

/** Whether an error says that this package, and none that it needs, is not there. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message = "" } = error as { code?: string; message?: string };
  const isNotFound = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND" ||
    /not a dependency|not in import map|Cannot find (package|module)|not found|Could not (find|resolve)/
      .test(message);
  return isNotFound && message.includes(name);
}

/** The same bytes as a `Buffer`, which some of these packages insist on. */
export function asBuffer(bytes: Uint8Array): Uint8Array {
  const { Buffer } = builtin("node:buffer");
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
