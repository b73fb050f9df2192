/**
 * `_TestAtExit` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: a handler of `process`'s exit event stands for `atexit`; on Deno an `unload`
 * listener is looked at as well.
 */
import { strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Process } from "../../mod.ts";
import { withFolder } from "../helpers/folders.ts";
import { runtimeName, test } from "../suite.ts";
import { runToEnd } from "./helpers/checks.ts";
import { writeAtExit } from "./helpers/exit_targets.ts";

test("_TestAtExit.test_atexit", () =>
  withFolder(async (directory) => {
    const path = join(directory, "output.txt");
    strictEqual(await runToEnd(new Process({ target: writeAtExit, args: [path] })), 0);
    const expected = runtimeName === "deno" ? "unload\ndeadbeef\n" : "deadbeef\n";
    const lines = readFileSync(path, "utf8").split("\n").sort();
    strictEqual(lines.join("\n"), expected.split("\n").sort().join("\n"));
  }));
