import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { type OSError, Process, set_executable } from "../mod.ts";
import { get_executable } from "../src/spawn.ts";
import { nothing } from "./children/basics.ts";
import { test } from "./suite.ts";

test("set_executable() takes a path, a file URL or null", () => {
  set_executable("/a b");
  strictEqual(get_executable(), "/a b");
  set_executable(new URL("file:///a%20b"));
  strictEqual(get_executable(), "/a b");
  set_executable(null);
  strictEqual(get_executable(), null);
  throws(() => set_executable(5 as never), TypeError);
});

test("a program that is not there raises at start()", async () => {
  set_executable("/no/such/program");
  try {
    const p = new Process({ target: nothing });
    throws(() => p.start(), (error) => {
      deepStrictEqual([(error as OSError).name, (error as OSError).errno], [
        "FileNotFoundError",
        2,
      ]);
      return true;
    });
    await rejects(async () => await p.join(), { name: "AssertionError" });
  } finally {
    set_executable(null);
  }
});
