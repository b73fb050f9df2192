/** Tests of src/link/spares.ts, with processes that are made up. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Kind, type Spare, Spares } from "../../src/link/spares.ts";
import { holdTimers } from "../helpers/timers.ts";
import { testsWith } from "../suite.ts";

/** Spares whose processes are made up. */
class World {
  readonly held = holdTimers();
  readonly stopped = new Set<number>();
  readonly spares: Spares<Spare> = new Spares((pid) => !this.stopped.has(pid));
  /** What was started, and has not ended: its kind and how to end it. */
  readonly living = new Map<number, { key: string; end: () => void }>();
  /** Who was killed. */
  readonly killed: number[] = [];
  /** Whether none can be started. */
  isFull = false;
  #pid = 0;

  kind(key: string): Kind<Spare> {
    return {
      key,
      start: (ended) => {
        if (this.isFull) throw new Error("no room");
        const pid = ++this.#pid;
        const end = () => {
          this.living.delete(pid);
          ended();
        };
        this.living.set(pid, { key, end });
        return { pid, signal: () => void this.killed.push(pid) };
      },
    };
  }

  take(key: string, count = 2): number | undefined {
    return this.spares.take(this.kind(key), count)?.pid;
  }

  /** Time passes. */
  wait(): void {
    for (const timer of [...this.held.timers]) timer.ring();
  }

  /** The kinds of those that wait. */
  get waiting(): string {
    const keys = [...this.living].filter(([pid]) => !this.killed.includes(pid));
    return keys.map(([, { key }]) => key).sort().join("");
  }
}

const WORLD = testsWith<World>({}, async (fn) => {
  const world = new World();
  try {
    await fn(world);
  } finally {
    world.held.restore();
  }
});

WORLD.test("none is started before one was asked for, and then after a pause", (world) => {
  world.spares.fill();
  strictEqual(world.waiting, "");
  strictEqual(world.take("a"), undefined);
  strictEqual(world.waiting, "");
  world.wait();
  strictEqual(world.waiting, "aa");
  deepStrictEqual([world.take("a"), world.take("a"), world.take("a")], [
    1,
    2,
    undefined,
  ]);
  strictEqual(world.spares.size, 0);
  strictEqual(world.held.timers.length, 1);
});

WORLD.test("they are of the kinds that the last starts have asked for", (world) => {
  const steps: [string, string][] = [
    ["a", "aaa"],
    ["b", "aab"],
    ["b", "abb"],
    ["c", "bbc"],
    ["a", "abc"],
    ["a", "aac"],
    ["a", "aaa"],
  ];
  for (const [key, waiting] of steps) {
    world.take(key, 3);
    world.wait();
    strictEqual(world.spares.size, 3);
    const kinds = world.waiting.split("");
    // Those that were given away live on.
    for (const one of waiting) kinds.splice(kinds.indexOf(one), 1);
    strictEqual(kinds.length + 3, world.waiting.length);
  }
});

WORLD.test("the number changes with the last start; 0 is none", (world) => {
  for (const count of [5, 1, 0, 2]) {
    world.take("a", count);
    world.wait();
    strictEqual(world.spares.size, count);
  }
});

WORLD.test("one that has ended is replaced, one that is stopped is ended", (world) => {
  world.spares.prepare([world.kind("a"), world.kind("b")], 3);
  strictEqual(world.waiting, "aab");
  world.living.get(1)!.end();
  strictEqual(world.spares.size, 2);
  world.wait();
  strictEqual(world.waiting, "aab");
  world.stopped.add(3);
  deepStrictEqual([world.take("a"), world.killed], [4, [3]]);
});

WORLD.test("if they end again and again no more are started before a start", (world) => {
  world.take("a", 1);
  let started = 0;
  for (let n = 0; n < 10; n++) {
    world.wait();
    for (const { end } of world.living.values()) {
      started++;
      end();
    }
  }
  strictEqual(started, 3);
  world.take("a", 1);
  world.wait();
  strictEqual(world.waiting, "a");
});

WORLD.test("where none can be started that is tried once a start", (world) => {
  world.isFull = true;
  world.take("a");
  world.wait();
  world.isFull = false;
  world.wait();
  world.spares.fill();
  strictEqual(world.waiting, "");
  world.take("a");
  world.wait();
  strictEqual(world.waiting, "aa");
});

WORLD.test("end: settles when all have ended, and none is started again", async (world) => {
  world.take("a", 3);
  world.wait();
  let hasEnded = false;
  strictEqual(world.spares.areLeft, false);
  const ended = world.spares.end().then(() => hasEnded = true);
  deepStrictEqual(world.killed, [1, 2, 3]);
  for (const pid of [1, 2, 3]) {
    deepStrictEqual([hasEnded, world.spares.areLeft], [false, true]);
    world.living.get(pid)!.end();
    await Promise.resolve();
  }
  await ended;
  world.wait();
  world.spares.fill();
  strictEqual(world.waiting, "");
  deepStrictEqual(world.held.timers, []);
  await world.spares.end(); // there are none
  strictEqual(world.spares.areLeft, false);
});

WORLD.test("what was given away is no spare: its end changes nothing", (world) => {
  world.take("a", 1);
  world.wait();
  const pid = world.take("a", 1)!;
  world.wait();
  void world.spares.end();
  deepStrictEqual(world.killed.includes(pid), false);
});
