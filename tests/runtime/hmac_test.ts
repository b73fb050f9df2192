/** HMAC by the digests that CPython's handshake knows; vectors of RFC 2202 and 4231. @module */
import { strictEqual } from "node:assert/strict";
import { hmac } from "../../src/runtime/hmac.ts";
import { test } from "../suite.ts";

function hex(digest: string): string | undefined {
  const text = new TextEncoder();
  const bytes = hmac(
    digest,
    text.encode("Jefe"),
    text.encode("what do ya want for nothing?"),
  );
  return bytes &&
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

test("HMAC is what the standards say", () => {
  strictEqual(hex("md5"), "750c783e6ab0b503eaa86e310a5db738");
  strictEqual(
    hex("sha256"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  strictEqual(hex("nonsense"), undefined);
});
