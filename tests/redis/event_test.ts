/** Events on a server: what is not in CPython's cases. */
import { match, strictEqual } from "node:assert/strict";
import { ON_SERVER, until } from "./server.ts";

ON_SERVER.test("all who wait hear of it, also if it is unset right after", async (server) => {
  const [one, two] = [server.context(), server.context()];
  const here = one.Event({ name: "go" }), there = two.Event({ name: "go" });
  const waiting = [here.wait(), there.wait(), there.wait(30)];
  await until(async () => await server.command("LLEN", "{mp:test}:o:n.go:w") === 3);
  await Promise.all([there.set(), there.clear()]);
  for (const wait of waiting) strictEqual(await wait, true);
  strictEqual(await here.is_set(), false);
  strictEqual(await here.wait(0.01), false);
  strictEqual(await here.wait(0), false);
  match(String(here), /^<Event at 0x[0-9a-f]+ unknown>$/);
  await here.unlink();
});
