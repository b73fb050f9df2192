/** Tests of src/wire/encoder.ts, and of the tables of src/wire/message.ts. */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ProtocolError } from "../../src/python/errors.ts";
import { Kind, SCHEMA } from "../../src/wire/message.ts";
import {
  LETTER,
  SCHEMAS,
  unknownKind,
  wrongCount,
  wrongField,
} from "../../src/wire/encoder.ts";
import { test } from "../suite.ts";
import { VECTORS } from "./support.ts";

test("SCHEMA: every kind is a byte, has a schema, and every schema's letters are known", () => {
  const letters = Object.values(LETTER).map((code) => String.fromCharCode(code)).join(
    "",
  );
  for (const kind of Object.values(Kind)) {
    ok(kind < 256);
    for (const letter of SCHEMA[kind]) ok(letters.includes(letter), `letter ${letter}`);
    strictEqual(SCHEMAS[kind], SCHEMA[kind]);
  }
});

test("the vectors: every kind that leaves src/wire is among them", () => {
  const kinds = Object.values(Kind).filter((kind) =>
    kind !== Kind.Piece && kind !== Kind.LastPiece
  );
  deepStrictEqual(new Set(VECTORS.map(([message]) => message[0])), new Set(kinds));
});

test("errors: they are ProtocolErrors and name the kind and the field", () => {
  strictEqual(unknownKind(99).message, "unknown kind of message: 99");
  strictEqual(
    wrongCount(Kind.Put, 3).message,
    "malformed Put message: 3 fields instead of 4",
  );
  for (const kind of Object.values(Kind)) {
    for (let i = 0; i < SCHEMA[kind].length; i++) {
      const error = wrongField(kind, i);
      ok(error instanceof ProtocolError);
      match(error.message, /^malformed \w+ message: field \d must be [a-z0-9* ]+$/);
    }
  }
});
