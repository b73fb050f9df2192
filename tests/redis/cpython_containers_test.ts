/**
 * CPython's cases of what a manager makes, and ours of its proxies, run with managers whose
 * objects are on a server.
 */
import type { SyncManager } from "../../src/managers.ts";
import { bindManagersInstead } from "../helpers/manager_tests.ts";
import { test } from "../suite.ts";
import { CASES, differing } from "./differences.ts";
import { OPTIONS, processWith, withManager } from "./manager_kind.ts";

bindManagersInstead({
  Process: processWith,
  test(name, fn, options = {}) {
    const difference = CASES[name];
    const run = difference === undefined
      ? fn
      : (manager: SyncManager) => differing(difference, () => fn(manager));
    test(`${name} (redis manager)`, () => withManager(run), { ...options, ...OPTIONS });
  },
});

await import("../cpython/test_sync_manager_test.ts");
await import("../managers/proxies/traps_test.ts");
await import("../managers/proxies/atomic_test.ts");
