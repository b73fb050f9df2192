import {
  deepStrictEqual,
  notDeepStrictEqual,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import { inspect } from "node:util";
import { AuthenticationString, newAuthkey } from "../../src/process/authkey.ts";
import { repr } from "../../src/python/repr.ts";
import { dumps, loads } from "../../src/reduction/mod.ts";
import { test } from "../suite.ts";

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

test("AuthenticationString travels to a process that is being started, and nowhere else", async () => {
  const key = newAuthkey();
  const copy = await loads(dumps([key], { handles: [] }) as Uint8Array) as Uint8Array[];
  ok(copy[0] instanceof AuthenticationString);
  deepStrictEqual([...copy[0]], [...key]);
});

test("AuthenticationString is not shown, but can be read", () => {
  const key = AuthenticationString.from(Uint8Array.of(7, 8, 9));
  const shown = "<AuthenticationString>";
  for (const text of [String(key), repr(key), key.toLocaleString(), key.toJSON()]) {
    strictEqual(text, shown);
  }
  strictEqual(JSON.stringify({ key }), `{"key":"${shown}"}`);
  strictEqual(inspect({ key }), `{ key: ${shown} }`);
  deepStrictEqual([...key], [7, 8, 9]);
  deepStrictEqual(new Uint8Array(key), Uint8Array.of(7, 8, 9));
});
