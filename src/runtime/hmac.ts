/**
 * Keyed digests. WebCrypto has no MD5 and is asynchronous, so this is `node:crypto`.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/**
 * HMAC.
 *
 * @param digest Python's name of the digest: `md5`, `sha256`, `sha3_256`…
 * @returns Undefined if the runtime does not have the digest.
 */
export function hmac(
  digest: string,
  key: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  const { createHmac } = builtin("node:crypto");
  try {
    return new Uint8Array(
      createHmac(digest.replace("_", "-"), key).update(data).digest(),
    );
  } catch {
    return undefined;
  }
}
