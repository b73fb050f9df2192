/**
 * CPython's cases of queues, locks and the like with objects on a server: those of
 * `tests/cpython` that know kinds of objects run here with this one. What differs from the
 * package's own is in their texts only.
 */
import process from "node:process";
import { Process } from "../../mod.ts";
import {
  bindInstead,
  type Kind,
  PROCESSES,
  type Work,
} from "../cpython/helpers/kinds.ts";
import { noServer, type Server, until, withServer } from "./server.ts";
import { ADDRESS, LEASE, onServer } from "./targets.ts";

function kindOn(server: Server): Kind {
  const mp = server.context({ lease: LEASE }) as unknown as Kind;
  return {
    ...PROCESSES,
    isOnServer: true,
    Process: ({ target, args, ...more }: Work = {}) =>
      new Process(
        { ...more, target: onServer, args: [target!, [...args ?? []]] } as never,
      ),
    Lock: async () => await mp.Lock(),
    RLock: async () => await mp.RLock(),
    Semaphore: async (value) => await mp.Semaphore(value),
    BoundedSemaphore: async (value) => await mp.BoundedSemaphore(value),
    Condition: async () => await mp.Condition(),
    Event: async () => await mp.Event(),
    Barrier: async (...given) => await mp.Barrier(...given),
    Queue: async (maxsize = 0) => await mp.Queue(maxsize),
    JoinableQueue: async (maxsize = 0) => await mp.JoinableQueue(maxsize),
  };
}

bindInstead({
  name: "redis",
  use: (fn) =>
    withServer(async (server) => {
      process.env[ADDRESS] = server.url;
      try {
        await fn(kindOn(server));
      } finally {
        delete process.env[ADDRESS];
      }
      // Sessions of daemons that were killed end when their leases are over.
      await until(async () =>
        await server.command("ZCARD", "{mp:test}:sessions") as number < 2
      );
    }),
  options: { skip: noServer, timeout: 120 },
});

await import("../cpython/test_queue_test.ts");
await import("../cpython/test_lock_test.ts");
await import("../cpython/test_semaphore_test.ts");
await import("../cpython/test_event_test.ts");
await import("../cpython/test_condition_test.ts");
await import("../cpython/test_barrier_test.ts");
