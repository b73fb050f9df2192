/**
 * Keyed digests. WebCrypto has no MD5 and is asynchronous, so this is `node:crypto`.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/** HMAC by Python's name of a digest (`md5`, `sha3_256` …); undefined if there is none here. */
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
