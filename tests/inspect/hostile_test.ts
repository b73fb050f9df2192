/** Children that lie in their reports: nothing is believed that is not their own. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Lock, Process, Queue } from "../../mod.ts";
import { inspect, type Snapshot, snapshot, type View } from "../../src/inspect.ts";
import { flood, impersonate } from "../helpers/hostile_reports.ts";
import { test } from "../suite.ts";

async function lookUntil(
  view: View,
  isSeen: (seen: Snapshot) => boolean,
): Promise<Snapshot> {
  for (;;) {
    const seen = await view.snapshot();
    if (isSeen(seen)) return seen;
  }
}

test("a child's report says nothing of others, and no commands to terminals", async () => {
  await using view = await inspect({ page: false, interval: 0.05 });
  const hidden = Lock();
  const done = Queue<string>();
  const p = new Process({ target: impersonate, args: [done, hidden._number] });
  p.start();
  strictEqual(await done.get(), "said");
  const seen = await lookUntil(
    view,
    ({ processes }) => processes.some(({ name }) => name.includes("liar")),
  );
  const liar = seen.processes.find(({ name }) => name.includes("liar"))!;
  strictEqual(liar.name, "\ufffd[2Jliar");
  strictEqual(liar.role, "process");
  deepStrictEqual(liar.holds, []);
  deepStrictEqual(liar.orders, []);
  ok(liar.waits.every(({ object }) => object !== hidden._number));
  ok(liar.waits.every(({ process }) => process === null || process === 0));
  const lock = seen.objects.find(({ id }) => id === hidden._number)!;
  deepStrictEqual([lock.name, lock.type], ["hidden", "Lock"]);
  deepStrictEqual(seen.processes[0]!.name, "MainProcess");
  p.kill();
  await p.join();
});

test("reports without number, and some that are none, keep nobody up", async () => {
  await using view = await inspect({ page: false, interval: 0.05 });
  const done = Queue<number>();
  const p = new Process({ target: flood, args: [done] });
  p.start();
  strictEqual(await done.get(), 1);
  ok((await view.snapshot()).processes.length >= 1);
  p.kill();
  await p.join();
});

test("who was not asked is not listened to", async () => {
  const done = Queue<number>();
  const p = new Process({ target: flood, args: [done] });
  p.start();
  strictEqual(await done.get(), 1);
  p.kill();
  await p.join();
  strictEqual((await snapshot()).processes.length, 1);
});
