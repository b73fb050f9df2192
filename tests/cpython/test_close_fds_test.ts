/**
 * `TestCloseFds` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: nobody can be asked about a file descriptor by its number here; instead the
 * child lists what it has open (`/proc/self/fd`), and neither the parent's listening
 * socket nor a file of the parent may be there.
 */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { closeSync, existsSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { Queue } from "../../mod.ts";
import { test } from "../suite.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "./helpers/checks.ts";
import { openFiles, tellOpenFiles } from "./helpers/exit_targets.ts";

test("TestCloseFds.test_closefd", async () => {
  const before = openFiles();
  const file = openSync(fileURLToPath(import.meta.url), "r");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const ours = openFiles().filter((name) => !before.includes(name))
      .filter((name) => name.startsWith("socket:") || name.startsWith("/"));
    notStrictEqual(ours.length, 0);
    const q = Queue<string[]>();
    const p = await started(tellOpenFiles, [q]);
    const theirs = await q.get(true, CLAIM_WAIT);
    strictEqual(await exitcodeOf(p), 0);
    deepStrictEqual(theirs.filter((name) => ours.includes(name)), []);
  } finally {
    closeSync(file);
    await new Promise((resolve) => server.close(resolve));
  }
}, { skip: !existsSync("/proc/self/fd") && "no /proc/self/fd" });
