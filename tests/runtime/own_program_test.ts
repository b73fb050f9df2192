/** Where the package's files are; the argument of a program that is its own child. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import {
  AS_CHILD,
  isInFile,
  isNameless,
  isThere,
  SOURCES,
  takeChildArgument,
} from "../../src/runtime/own_program.ts";
import { test } from "../suite.ts";

test("the package knows its files where they are no part of a bundle", () => {
  strictEqual(isNameless, false);
  ok(SOURCES!.endsWith("/src/"));
  strictEqual(isThere(SOURCES!), true);
  strictEqual(isThere(`${SOURCES}nothing.ts`), false);
  strictEqual(isThere(""), false);
  // Whether a module of the network is there is not asked.
  strictEqual(isThere("https://example.invalid/child.ts"), true);
});

test("a function is in the file that its stack names", () => {
  strictEqual(isInFile(undefined), false);
  strictEqual(isInFile("file:///no/such/file.ts"), false);
});

test("only the first argument makes a program a child", () => {
  const { argv } = process;
  const before = [...argv];
  strictEqual(takeChildArgument(), false);
  deepStrictEqual(argv, before);
  if ("Deno" in globalThis) return; // Deno's arguments cannot be set here
  argv.splice(2, argv.length, "x", AS_CHILD);
  strictEqual(takeChildArgument(), false);
  argv.splice(2, argv.length, AS_CHILD, AS_CHILD);
  strictEqual(takeChildArgument(), true);
  deepStrictEqual(argv.slice(2), [AS_CHILD]);
  argv.splice(0, argv.length, ...before);
});
