/** An agent that is cut off from the server for ten seconds, while it runs tasks of pools. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import {
  agentCount,
  LEASE,
  startAgent,
  stopAgent,
  WITH_SHORT_LEASES,
} from "./agents.ts";
import { withPath } from "./paths.ts";
import { meet, place } from "./pool/pool_targets.ts";
import { Proxy } from "./proxy.ts";
import { type Server, until } from "./server.ts";

/** Seconds of the partition. */
const LENGTH = 10;

/** Starts an agent of a name that its processes know. */
function start(server: Server, name: string, url = server.url) {
  const args = ["--processes", "2", "--host", name];
  return startAgent(server, args, { lease: LEASE, url, env: { PLACE: name } });
}

WITH_SHORT_LEASES.test("tasks of an agent that is cut off are run elsewhere, or fail", (given) =>
  withPath(async (path) => {
    const { server, mp } = given;
    const proxy = await Proxy.to(server);
    const agents = [
      await start(server, "cut", proxy.url),
      await start(server, "other"),
    ];
    const begun = mp.Queue<string>(), event = mp.Event();
    // Each pool has one worker here, one there.
    const pools = [mp.Pool(2, { retries: 1 }), mp.Pool(2)];
    const [again, once] = pools.map((pool) =>
      [1, 2].map(() => pool.apply_async(meet, [begun, event, path]))
    );
    const places = [];
    for (let i = 0; i < 4; i++) places.push(await begun.get());
    deepStrictEqual(places.sort(), ["cut", "cut", "other", "other"]);
    proxy.cut();
    const over = mp.Event().wait(LENGTH);
    writeFileSync(path, ""); // there are results now, which cannot be told
    agents.push(await start(server, "third"));
    const error = await Promise.race(
      once!.map((one) => one.get().then(() => undefined, (error) => error)),
    );
    strictEqual(error?.name, "WorkerLostError");
    match(error.message, /on cut/);
    strictEqual(await begun.get(), "third"); // once more
    await over;
    proxy.heal(); // and what was held back arrives
    await until(async () => await agentCount(server) === 3);
    await event.set();
    const results = await Promise.all(again!.map((one) => one.get()));
    deepStrictEqual(results.sort(), ["other", "third"]);
    const rest = await Promise.allSettled(once!.map((one) => one.get()));
    deepStrictEqual(rest.flatMap((one) => "value" in one ? [one.value] : []), [
      "other",
    ]);
    strictEqual(await begun.qsize(), 0);
    const back = mp.Pool(2); // only there is room
    strictEqual(await back.apply(place), "cut");
    await Promise.all([...pools, back].map((pool) => pool.terminate()));
    await Promise.all(agents.map(stopAgent));
    await proxy.close();
  }));
