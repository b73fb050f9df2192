/**
 * Signals that this process was started to ignore: by `nohup`, or by a shell that has put
 * it into the background. Listening to one would end that.
 *
 * @module
 */
import { isAllowedAll } from "../permissions/deno.ts";
import { readTextSync, signalNumber } from "../posix.ts";
import type { SignalName } from "../types.ts";

/** The signals that were ignored at first, as bits; null if that cannot be told. */
let mask: bigint | null | undefined;

/**
 * Whether the process was started to ignore a signal; undefined where that cannot be told.
 * Must be called before this process listens to one. (Node ignores no signal that it was
 * started to ignore.)
 */
export function isIgnored(name: SignalName): boolean | undefined {
  if (mask === undefined) mask = maskOf(readStatus());
  if (mask === null) return undefined;
  return (mask >> BigInt(signalNumber(name) - 1) & 1n) === 1n;
}

/** The mask in the text of `/proc/self/status`; null if it is not there. */
export function maskOf(status: string | undefined): bigint | null {
  const found = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status ?? "");
  return found === null ? null : BigInt(`0x${found[1]}`);
}

function readStatus(): string | undefined {
  try {
    // Else Deno might ask the user for a permission, for what is not necessary.
    if ("Deno" in globalThis && !isAllowedAll()) return undefined;
    return readTextSync("/proc/self/status");
  } catch {
    return undefined; // another system
  }
}
