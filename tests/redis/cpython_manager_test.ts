/**
 * CPython's cases of queues, locks and the like with the proxies of a manager, run with
 * managers whose objects are on a server.
 */
import { bindInstead } from "../cpython/helpers/kinds.ts";
import { kindOf, OPTIONS, withManager } from "./manager_kind.ts";

bindInstead({
  name: "redis manager",
  use: (fn) => withManager((manager) => fn(kindOf(manager))),
  options: OPTIONS,
});

await import("../cpython/test_queue_test.ts");
await import("../cpython/test_lock_test.ts");
await import("../cpython/test_semaphore_test.ts");
await import("../cpython/test_event_test.ts");
await import("../cpython/test_condition_test.ts");
await import("../cpython/test_barrier_test.ts");
