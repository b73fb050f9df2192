import {
  deepStrictEqual,
  notDeepStrictEqual,
  strictEqual,
  throws,
} from "node:assert/strict";
import { AuthenticationString, newAuthkey } from "../src/authkey.ts";
import { dumps } from "../src/reduction.ts";
import { test } from "./suite.ts";

test("AuthenticationString.from() copies bytes", () => {
  const bytes = Uint8Array.of(1, 2);
  const key = AuthenticationString.from(bytes);
  bytes[0] = 9;
  deepStrictEqual([...key], [1, 2]);
  throws(() => AuthenticationString.from("abc"), {
    name: "TypeError",
    message: "string argument without an encoding",
  });
});

test("AuthenticationString refuses to travel", () => {
  throws(() => dumps({ key: newAuthkey() }), {
    name: "TypeError",
    message:
      "Pickling an AuthenticationString object is disallowed for security reasons",
  });
});

test("newAuthkey() gives 32 bytes, each time others", () => {
  strictEqual(newAuthkey().length, 32);
  notDeepStrictEqual(newAuthkey(), newAuthkey());
});
