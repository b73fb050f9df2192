/** HMAC by the digests that CPython's handshake knows; vectors of RFC 2202 and 4231. @module */
import { strictEqual } from "node:assert/strict";
import { hmac } from "../../src/runtime/hmac.ts";
import { test } from "../suite.ts";
import { hex, utf8 } from "../wire/support.ts";

function digest(name: string): string | undefined {
  const bytes = hmac(name, utf8("Jefe"), utf8("what do ya want for nothing?"));
  return bytes && hex(bytes);
}

test("HMAC is what the standards say", () => {
  strictEqual(digest("md5"), "750c783e6ab0b503eaa86e310a5db738");
  strictEqual(
    digest("sha256"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  strictEqual(digest("nonsense"), undefined);
});
