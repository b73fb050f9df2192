/** Barriers on a server: what is not in CPython's cases. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { raises } from "../cpython/helpers/checks.ts";
import { ON_SERVER, until } from "./server.ts";

ON_SERVER.test("parties of two contexts pass, and the last one acts", async (server) => {
  const [one, two] = [server.context(), server.context()];
  let acted = 0;
  const options = { name: "gate", action: () => void acted++ };
  const here = one.Barrier(3, options), there = two.Barrier(3, options);
  for (let round = 1; round <= 3; round++) {
    const places = await Promise.all([here.wait(), there.wait(), there.wait()]);
    deepStrictEqual(places.sort(), [0, 1, 2]);
    strictEqual(acted, round);
  }
  match(
    String(here),
    /^<multiprocessing\.synchronize\.Barrier at 0x[0-9a-f]+: waiters=unknown\/3>$/,
  );
  await here.unlink();
});

ON_SERVER.test("an action that fails breaks it", async (server) => {
  const barrier = server.context().Barrier(2, () => {
    throw new RangeError("no");
  });
  const waits = [barrier.wait(), barrier.wait()].map((wait) =>
    wait.then(() => "passed", ({ name }) => name)
  );
  deepStrictEqual((await Promise.all(waits)).sort(), [
    "BrokenBarrierError",
    "RangeError",
  ]);
  strictEqual(await barrier.broken, true);
  await barrier.reset();
  strictEqual(await barrier.broken, false);
  await barrier.abort();
  await raises(() => barrier.wait(), "BrokenBarrierError");
});

ON_SERVER.test("it breaks when a party's context is shut down", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const gone = raises(
    () => one.Barrier(3, { name: "gate" }).wait(),
    "BrokenBarrierError",
  );
  const here = two.Barrier(3, { name: "gate" });
  await until(async () => await here.n_waiting === 1);
  const waiting = raises(() => here.wait(), "BrokenBarrierError");
  await until(async () => await here.n_waiting === 2);
  await one.shutdown();
  await gone;
  await waiting;
  strictEqual(await here.broken, true);
  await here.unlink();
});

ON_SERVER.test("a party whose time is over breaks it", async (server) => {
  const barrier = server.context().Barrier(2, null, 0.02);
  await raises(() => barrier.wait(), "BrokenBarrierError");
  strictEqual(await barrier.broken, true);
  await raises(() => server.context().Barrier(0), "ValueError", "parties must be > 0");
});
