/** What a child is started with where it is the program itself. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import process from "node:process";
import {
  AS_CHILD,
  childProgram,
  isInFile,
  isThere,
  takeChildArgument,
} from "../../src/runtime/as_child.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { test } from "../suite.ts";

test("a child is started with the entry if that is there, or else with the program", () => {
  const own = import.meta.url;
  deepStrictEqual(childProgram(own, null, ["x"]), { entry: own, args: ["x"] });
  const { mainModule } = runtime;
  const again = { entry: mainModule, args: [AS_CHILD, "x"] };
  deepStrictEqual(
    childProgram(`${own}.no`, null, ["x"]),
    mainModule === undefined ? undefined : again,
  );
  strictEqual(isThere(own), true);
  strictEqual(isThere(`${own}.no`), false);
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
