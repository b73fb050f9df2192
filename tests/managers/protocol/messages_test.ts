/** The parts of messages between our managers and their servers. */

import { ok, strictEqual, throws } from "node:assert/strict";
import {
  decodeName,
  encodeName,
  get32,
  HELLO,
  put32,
  sameBytes,
  WELCOME,
} from "../../../src/managers/protocol/messages.ts";
import { loads } from "../../../src/pickle/reader.ts";
import { test } from "../../suite.ts";

test("names and numbers of the protocol come back", () => {
  const bytes = new Uint8Array(4);
  put32(bytes, 0, 0xfffffffe);
  strictEqual(get32(bytes, 0), 0xfffffffe);
  const name = encodeName("größe");
  strictEqual(decodeName(name, 1, name.length), "größe");
});

test("a name that is too long is refused", () => {
  throws(() => encodeName("x".repeat(256)), { name: "TypeError" });
});

test("the first word is a pickle, and the answer to it is none", () => {
  const [ident, name, args] = loads(HELLO) as [null, string, unknown[]];
  strictEqual(ident, null);
  strictEqual(name, "_pystd_native_1");
  strictEqual(args.length, 0);
  throws(() => loads(WELCOME), { name: "UnpicklingError" });
  ok(sameBytes(WELCOME, WELCOME.slice()) && !sameBytes(WELCOME, HELLO));
});
