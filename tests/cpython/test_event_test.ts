/**
 * `_TestEvent` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from what
 * each case checks.
 *
 * Changed: nothing is timed.
 *
 * @module
 */
import { match, strictEqual } from "node:assert/strict";
import { Event, Process } from "../../mod.ts";
import { test } from "../suite.ts";
import { exitcodeOf, PATIENCE } from "./helpers/checks.ts";
import { setEvent } from "./helpers/sync_targets.ts";

test("_TestEvent.test_event", async () => {
  const event = Event();
  strictEqual(await event.is_set(), false);
  strictEqual(await event.wait(0), false);
  strictEqual(await event.wait(0.05), false);

  strictEqual(await event.set(), undefined);
  strictEqual(await event.is_set(), true);
  strictEqual(await event.wait(), true);
  strictEqual(await event.wait(PATIENCE), true);

  strictEqual(await event.clear(), undefined);
  const p = new Process({ target: setEvent, args: [event], daemon: true });
  await p.start();
  strictEqual(await event.wait(), true);
  strictEqual(await exitcodeOf(p), 0);
});

test("_TestEvent.test_repr", async () => {
  const event = Event();
  match(String(event), /^<Event at 0x[0-9a-f]+ unset>$/);
  await event.set();
  match(String(event), /^<Event at 0x[0-9a-f]+ set>$/);
});
