/** Tests of src/functions/import_cure.ts. */
import { match, ok, strictEqual } from "node:assert/strict";
import { cureOf } from "../../src/functions/import_cure.ts";
import { test } from "../suite.ts";

const failed = (code: string) => Object.assign(new Error("no"), { code });
const [EXTENSION, SYNTAX] = [
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
].map(failed);

test("a TypeScript module that Node cannot load is told by its cure", () => {
  for (const name of ["work.ts", "work.mts", "work.cts", "work.tsx"]) {
    const url = `file:///app/${name}`;
    match(
      cureOf(EXTENSION, url),
      /^: .* does not run TypeScript; .*tsx.*22\.18 or later$/,
    );
    match(cureOf(SYNTAX, url), /^: .* but does not compile TypeScript; .*--import=tsx/);
    ok(!cureOf(SYNTAX, url).includes("22.18"));
  }
});

test("a runner that is not there is told as such", () => {
  const error = new ReferenceError("describe is not defined");
  match(cureOf(error, "file:///app/a.js"), /^: the module is a test file, /);
});

test("other failures have no cure", () => {
  for (const error of [EXTENSION, SYNTAX]) {
    strictEqual(cureOf(error, "file:///a.css"), "");
  }
  for (const error of [new Error("no good"), undefined, "text"]) {
    strictEqual(cureOf(error, "file:///app/work.ts"), "");
  }
});
