/** Where the package's files are. */
import { ok, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { isNameless, OWN_FILE, SOURCES } from "../../src/runtime/own_program.ts";
import { test } from "../suite.ts";

test("the package knows its files where they are no part of a bundle", () => {
  strictEqual(isNameless, false);
  ok(existsSync(new URL(OWN_FILE)));
  ok(existsSync(new URL("managers", SOURCES)));
});
