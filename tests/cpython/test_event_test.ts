/**
 * `_TestEvent` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from what
 * each case checks.
 *
 * Changed: nothing is timed.
 */
import { match, strictEqual } from "node:assert/strict";
import type { EventProxy } from "../../src/managers.ts";
import { CLAIM_WAIT } from "./helpers/checks.ts";
import { ALL, bind, endAll, startAll } from "./helpers/kinds.ts";
import { setEvent } from "./helpers/sync_targets.ts";

const eventCase = bind("_TestEvent", ALL);

eventCase("test_event", async (kind) => {
  const event = await kind.Event();
  strictEqual(await event.is_set(), false);
  strictEqual(await event.wait(0), false);
  strictEqual(await event.wait(0.05), false);

  strictEqual(await event.set(), undefined);
  strictEqual(await event.is_set(), true);
  strictEqual(await event.wait(), true);
  strictEqual(await event.wait(CLAIM_WAIT), true);

  strictEqual(await event.clear(), undefined);
  const processes = await startAll(kind, 1, setEvent, [event]);
  strictEqual(await event.wait(), true);
  await endAll(processes);
});

eventCase("test_repr", async (kind) => {
  const event = await kind.Event();
  const isManaged = kind.TYPE === "manager";
  if (isManaged) {
    match(String(event), /^<EventProxy object, typeid 'Event' at 0x[0-9a-f]+>$/);
  }
  const shape = kind.TYPE === "processes" ? "Event at 0x@" : "threading.Event at 0x@:";
  const is = async (state: string) => {
    const text = isManaged
      ? await (event as unknown as EventProxy).__str__()
      : String(event);
    const shown = kind.isOnServer ? "unknown" : state;
    strictEqual(text.replace(/0x[0-9a-f]+/, "0x@"), `<${shape} ${shown}>`);
  };
  await is("unset");
  await event.set();
  await is("set");
  await event.clear();
  await is("unset");
});
