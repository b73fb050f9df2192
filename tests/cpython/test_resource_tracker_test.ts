/**
 * `TestResourceTracker` of CPython 3.13's `test/_test_multiprocessing.py`, as far as it
 * applies: there is no process for it.
 *
 * - `test_resource_tracker`: in tests/shared_memory/segments_test.ts, for shared memory;
 * - `test_too_long_name_resource`: here;
 * - all others are about CPython's process.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { ensure_running, register, unregister } from "../../src/resource_tracker.ts";
import { removeShared } from "../../src/runtime/program_folder.ts";
import { SharedMemory } from "../../src/shared_memory.ts";
import { testBothWays } from "../helpers/mapping.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import { raises } from "./helpers/checks.ts";

testBothWays("TestResourceTracker.test_too_long_name_resource", async () => {
  ensure_running();
  const rtype = "shared_memory";
  await raises(() => register("a".repeat(512), rtype), "ValueError", "msg too long");
  await raises(
    () => register("/x", "bogus"),
    "ValueError",
    /unknown resource type bogus/,
  );
  register("/x", "semaphore");
  unregister("/x", "semaphore");
});

testBothWays("register and unregister choose what goes with the program", () => {
  const kept = SharedMemory({ create: true, size: 1 });
  const given = SharedMemory({ create: true, size: 1, track: false });
  unregister(kept._name, "shared_memory");
  register(given._name, "shared_memory");
  const names = removeShared(); // as at the end
  strictEqual(names.join(), given.name);
  ok(existsSync(`/dev/shm/${kept.name}`));
  unregister(given._name, "shared_memory");
  kept.close();
  given.close();
  kept.unlink();
}, { skip: noSharedFiles });
