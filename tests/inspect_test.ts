/** Tests of src/inspect.ts: what is seen of real processes. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { Event, Lock, Pipe, Process, Queue } from "../mod.ts";
import {
  inspect,
  type ProcessSnapshot,
  type Snapshot,
  snapshot,
  type View,
  type WaitSnapshot,
} from "../src/inspect.ts";
import { SyncManager } from "../src/managers.ts";
import { currentWatching } from "../src/link/watched.ts";
import { runtime } from "../src/runtime/mod.ts";
import { consumer, locker, parent, patient, sender } from "./children/observed.ts";
import { runtimeName, test } from "./suite.ts";

const SOURCE = new URL("./children/observed.ts", import.meta.url);

/** The line of the program's file that has this comment. */
function lineOf(comment: string): number {
  const lines = readFileSync(SOURCE, "utf8").split("\n");
  return 1 + lines.findIndex((line) => line.includes(`// ${comment}`));
}

/** Where something is, in short. */
function shortPlace({ place }: Pick<WaitSnapshot, "place">): string {
  const file = place?.file.replace(/^.*\//, "").replace(/\.[jt]s$/, "");
  return `${file}:${place?.line} ${place?.func}`;
}

/** Looks until something is seen. */
async function lookUntil(
  view: View,
  isSeen: (snapshot: Snapshot) => boolean,
): Promise<Snapshot> {
  for (;;) {
    const seen = await view.snapshot(); // takes a turn of the event loop
    if (isSeen(seen)) return seen;
  }
}

function named({ processes }: Snapshot, name: string): ProcessSnapshot | undefined {
  return processes.find((process) => process.name === name);
}

/** Whether processes of these names wait at a line that is known. */
function allWait(...names: string[]): (snapshot: Snapshot) => boolean {
  return (seen) =>
    names.every((name) => named(seen, name)?.waits.some(({ place }) => place !== null));
}

const QUICK = { page: false, interval: 0.05 };

test("inspect: the line of a process that waits in get, and the queue's name", async () => {
  await using view = await inspect(QUICK);
  const frames = Queue<number>(64);
  const p = new Process({ target: consumer, args: [frames], name: "taker" });
  p.start();
  const seen = await lookUntil(view, allWait("taker"));
  const taker = named(seen, "taker")!;
  const [wait] = taker.waits;
  strictEqual(wait!.op, "get");
  strictEqual(shortPlace(wait!), `observed:${lineOf("consumer waits")} consumer`);
  strictEqual(taker.state, "waiting");
  strictEqual(taker.role, "process");
  strictEqual(taker.pid, p.pid);
  strictEqual(taker.runtime.split(" ")[0]!.toLowerCase(), runtimeName);
  const queue = seen.objects.find(({ id }) => id === wait!.object)!;
  deepStrictEqual([queue.name, queue.type, queue.kind], ["frames", "Queue", "queue"]);
  if (queue.kind !== "queue") return;
  deepStrictEqual(queue.getters.map(({ process }) => process), [taker.number]);
  strictEqual(queue.maxsize, 64);
  p.kill();
  await p.join();
});

test("inspect: who holds which lock, since where, and who waits for it", async () => {
  await using view = await inspect(QUICK);
  const [a, b, ready] = [Lock(), Lock(), Queue<string>()];
  const processes = [["one", a, b], ["two", b, a]].map(([name, ...locks]) =>
    new Process({
      target: locker,
      args: [...locks as [Lock, Lock], ready],
      name: name as string,
    })
  );
  await a.acquire();
  await b.acquire();
  for (const p of processes) p.start();
  await lookUntil(view, allWait("one", "two")); // each for its first one
  await Promise.all([a.release(), b.release()]);
  const hold = (seen: Snapshot) =>
    allWait("one", "two")(seen) &&
    ["one", "two"].every((name) => named(seen, name)!.holds.length > 0);
  const both = await lookUntil(view, hold);
  for (const [name, own, other] of [["one", "a", "b"], ["two", "b", "a"]] as const) {
    const { waits: [wait], holds } = named(both, name)!;
    const nameOf = (id: number | null) => both.objects.find((o) => o.id === id)?.name;
    strictEqual(nameOf(wait!.object), other);
    strictEqual(shortPlace(wait!), `observed:${lineOf("locker waits")} locker`);
    deepStrictEqual(holds.map(({ object }) => nameOf(object)), [own]);
    strictEqual(shortPlace(holds[0]!), `observed:${lineOf("locker holds")} locker`);
  }
  for (const p of processes) p.kill();
  for (const p of processes) await p.join();
});

test("inspect: who waits for room in a pipe, until something is received", async () => {
  await using view = await inspect(QUICK);
  const [here, there] = Pipe();
  const p = new Process({ target: sender, args: [there], name: "sender" });
  p.start();
  there.close();
  const pipesOf = ({ objects }: Snapshot) =>
    objects.filter((one) => one.kind === "pipe");
  const seen = await lookUntil(view, allWait("sender"));
  const { number, waits: [wait] } = named(seen, "sender")!;
  strictEqual(wait!.op, "send");
  strictEqual(shortPlace(wait!), `observed:${lineOf("sender waits")} sender`);
  const all = pipesOf(seen).map(({ id, writers }) => ({
    isIts: id === wait!.object,
    writers: writers.map(({ process }) => process),
  }));
  deepStrictEqual(all.sort((a, b) => a.writers.length - b.writers.length), [
    { isIts: false, writers: [] },
    { isIts: true, writers: [number] },
  ]);
  ok(pipesOf(seen).every(({ writers }) => writers.every(({ age }) => age! >= 0)));
  for (let i = 0; i < 4; i++) {
    strictEqual((await here.recv() as Uint8Array).length, 50_000);
  }
  await p.join();
  await lookUntil(
    view,
    (seen) => pipesOf(seen).every(({ writers }) => writers.length === 0),
  );
  here.close();
});

test(
  "inspect: a wait with a limit at a manager's object, and one without beside it",
  async () => {
    await using view = await inspect(QUICK);
    const manager = new SyncManager();
    await manager.start();
    const orders = await manager.Queue<number>();
    const ready = Queue<string>();
    const next = Event();
    const args = [orders, ready, next] as [typeof orders, typeof ready, typeof next];
    const p = new Process({ target: patient, args, name: "patient" });
    p.start();
    await ready.get();
    const waitsOf = (seen: Snapshot, count: number) => {
      const queue = seen.objects.find(({ name }) => name === "orders");
      const waits = named(seen, "patient")?.waits.filter(({ op }) => op === "get") ??
        [];
      const isSeen = waits.length === count && queue?.kind === "queue" &&
        queue.getters.length === count &&
        waits.every(({ object }) => object === queue.id);
      return isSeen ? waits : undefined;
    };
    const isLimited = ({ left }: WaitSnapshot) => left! > 0 && left! <= 60;
    const [first] = waitsOf(
      await lookUntil(view, (seen) => waitsOf(seen, 1) !== undefined),
      1,
    )!;
    ok(isLimited(first!));
    await next.set();
    const both = waitsOf(
      await lookUntil(view, (seen) => waitsOf(seen, 2) !== undefined),
      2,
    )!;
    // Which of them has the limit is not known, so that none makes an alarm.
    ok(both.every(isLimited));
    await orders.put(1);
    await orders.put(2);
    await p.join();
    await manager.shutdown();
  },
  { leaks: "a manager's connections end later" },
);

test("inspect: a child's child, and who joins it", async () => {
  await using view = await inspect(QUICK);
  const ready = Queue<string>();
  const p = new Process({ target: parent, args: [ready], name: "middle" });
  p.start();
  const seen = await lookUntil(view, allWait("middle", "inner"));
  const middle = named(seen, "middle")!;
  const inner = seen.processes.find(({ parent }) => parent === middle.number)!;
  const join = middle.waits.find(({ op }) => op === "join")!;
  strictEqual(join.process, inner.number);
  strictEqual(shortPlace(join), `observed:${lineOf("parent waits")} parent`);
  const queue = seen.objects.find(({ id }) => id === inner.waits[0]!.object)!;
  deepStrictEqual([queue.name, queue.place?.line], ["inner", lineOf("inner is made")]);
  process.kill(inner.pid, "SIGKILL"); // then its parent goes on, and ends
  await p.join();
});

test("inspect: a process that began before has no line, but its waits", async () => {
  const queue = Queue<number>();
  const p = new Process({ target: consumer, args: [queue], name: "early" });
  await p.start();
  const isWaiting = () =>
    currentWatching()!.describe().objects.some((object) =>
      object.kind === "queue" && object.getters.length > 0
    );
  while (!isWaiting()) {
    await new Promise((resolve) => runtime.nextTurn(() => resolve(0)));
  }
  const { waits } = named(await snapshot(), "early")!;
  deepStrictEqual(waits.map(({ op, place }) => [op, place]), [["get", null]]);
  p.kill();
  await p.join();
});

test("inspect: refuses what makes no sense", async () => {
  await rejects(inspect({ interval: 0 }), { name: "ValueError" });
  await rejects(inspect({ port: 65536 }), { name: "ValueError" });
  await rejects(inspect({ interval: "1" as never }), { name: "TypeError" });
  await rejects(inspect({ onDeadlock: 1 as never }), { name: "TypeError" });
  await rejects(inspect({ nope: 1 } as never), { name: "TypeError" });
  const signal = AbortSignal.abort("no");
  await rejects(inspect({ signal }), (reason) => reason === "no");
});

test("inspect: a view may be closed again, and by its signal", async () => {
  const controller = new AbortController();
  const view = await inspect({ ...QUICK, signal: controller.signal });
  ok((await view.snapshot()).processes.length === 1);
  controller.abort();
  await view.close();
  await view.close();
});
