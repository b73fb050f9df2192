/** CPython's cases of pools, run with the pool of a context on a server. */
import { bindInstead, type Kind, PROCESSES } from "../cpython/helpers/kinds.ts";
import { LEASE } from "./targets.ts";
import { noServer, type Server, withServer } from "./server.ts";

function kindOn(server: Server): Kind {
  const mp = server.context({ lease: LEASE });
  return {
    ...PROCESSES,
    isOnServer: true,
    Queue: async (maxsize = 0) => await mp.Queue(maxsize as number) as never,
    Pool: async (processes, initializer, initargs = []) =>
      await mp.Pool(processes, initializer, initargs as never) as never,
  };
}

bindInstead({
  name: "redis",
  use: (fn) => withServer((server) => fn(kindOn(server))),
  options: { skip: noServer, timeout: 120 },
});

await import("../cpython/test_pool_test.ts");
