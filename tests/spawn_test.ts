/** Tests of src/spawn.ts and of src/process/original_dir.ts. */
import { strictEqual } from "node:assert/strict";
import { tmpdir } from "node:os";
import process from "node:process";
import { AuthenticationString, current_process, ORIGINAL_DIR } from "../src/process.ts";
import { freeze_support, get_executable, set_executable } from "../src/spawn.ts";
import * as multiprocessing from "../mod.ts";
import { test } from "./suite.ts";

test("get_executable is what runs this process, or what was set", () => {
  strictEqual(get_executable(), process.execPath);
  set_executable(new TextEncoder().encode("/opt/node"));
  strictEqual(get_executable(), "/opt/node");
  set_executable(null);
  strictEqual(get_executable(), process.execPath);
});

test("the names that the package has too are the same", () => {
  strictEqual(freeze_support, multiprocessing.freeze_support);
  strictEqual(set_executable, multiprocessing.set_executable);
});

test("AuthenticationString is the class of keys", () => {
  strictEqual(current_process().authkey instanceof AuthenticationString, true);
});

test("ORIGINAL_DIR stays when the directory changes", () => {
  const before = process.cwd();
  strictEqual(ORIGINAL_DIR, before);
  process.chdir(tmpdir());
  try {
    strictEqual(ORIGINAL_DIR, before);
  } finally {
    process.chdir(before);
  }
});
