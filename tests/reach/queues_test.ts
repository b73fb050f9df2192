/**
 * Nobody waits behind another: an item or message that no process has begun is had by who
 * asks, at once and in order, whatever the others do. Here one has got a long item while it was
 * the only one who took any, and never is done with it as long as anything is checked.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JoinableQueue, Pipe, Process, Queue, SimpleQueue } from "../../mod.ts";
import {
  type Fate,
  LONG,
  type Note,
  putAndTell,
  receive,
  take,
  takeHastily,
  waitAWhile,
} from "./targets.ts";
import { withFolder } from "../helpers/folders.ts";
import { test } from "../suite.ts";

/** Small items, beside the one long. */
const SMALL = 300;

const FATES: Fate[] = ["computes", "hangs", "is stopped"];

/** Indices of the long item among the small ones. */
const PLACES = { first: 0, middle: SMALL / 2, last: SMALL };

/** A queue with items, and a process that has the long one of them and is stuck with it. */
class Scene {
  readonly q: Queue<number> = Queue<number>();
  readonly notes: Queue<Note> = Queue<Note>();
  readonly #over: string;
  readonly #processes: Process[] = [];

  constructor(folder: string) {
    this.#over = join(folder, "over");
  }

  /** The holder takes all items before the long one, which it then is busy with. */
  async open(fate: Fate, place: number): Promise<void> {
    for (let n = 0; n < place; n++) await this.q.put(n);
    await this.q.put(LONG);
    for (let n = place; n < SMALL; n++) await this.q.put(n);
    this.start(take, [0, this.q, this.notes, fate, this.#over]);
    for (let [, item] = await this.notes.get(); item !== LONG;) {
      [, item] = await this.notes.get();
    }
  }

  start<A extends unknown[]>(target: (...args: A) => unknown, args: A): Process {
    const p = new Process({ target, args } as never);
    p.start();
    this.#processes.push(p);
    return p;
  }

  take(by: number): void {
    this.start(take, [by, this.q, this.notes, "hangs" as Fate, this.#over]);
  }

  async close(): Promise<void> {
    writeFileSync(this.#over, "");
    for (const p of this.#processes) p.kill();
    for (const p of this.#processes) await p.join();
  }
}

/** Runs a program with a holder that has come to the long item. */
function withScene(
  fate: Fate,
  place: number,
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const scene = new Scene(folder);
    try {
      await scene.open(fate, place);
      await use(scene);
    } finally {
      await scene.close();
    }
  });
}

/** The next `count` items that are noted; by whom does not matter. */
async function noted(notes: Queue<Note>, count: number): Promise<Note[]> {
  const found: Note[] = [];
  while (found.length < count) {
    const note = await notes.get();
    if (!Number.isNaN(note[1])) found.push(note);
  }
  return found;
}

const from = (place: number) =>
  Array.from({ length: SMALL - place }, (_, i) => place + i);

for (const fate of FATES) {
  test(`queue: another has all small items in order, though the holder ${fate}`, async () => {
    for (const place of Object.values(PLACES)) {
      await withScene(fate, place, async (scene) => {
        strictEqual(await scene.q.qsize(), SMALL - place);
        scene.take(1);
        const items = (await noted(scene.notes, SMALL - place)).map(([, item]) => item);
        deepStrictEqual(items, from(place));
      });
    }
  });

  test(`queue: seven others have all small items, though the holder ${fate}`, async () => {
    await withScene(fate, 30, async (scene) => {
      for (let by = 1; by <= 7; by++) scene.take(by);
      const found = await noted(scene.notes, SMALL - 30);
      const items = found.map(([, item]) => item).sort((a, b) => a - b);
      deepStrictEqual(items, from(30));
      for (let by = 1; by <= 7; by++) {
        const own = found.filter(([other]) => other === by).map(([, item]) => item);
        deepStrictEqual(
          own,
          own.toSorted((a, b) => a - b),
          "the order of one producer",
        );
      }
    });
  });

  test(`queue: nobody finds it empty, though the holder ${fate}`, async () => {
    await withScene(fate, 100, async (scene) => {
      const { q, notes } = scene;
      for (let n = 100; n < 150; n += 2) {
        strictEqual(await q.get({ timeout: 0.001 }), n);
        strictEqual(await q.get_nowait(), n + 1);
      }
      const p = scene.start(takeHastily, [q, notes, 50, 0.001]);
      const found = await noted(notes, 50);
      deepStrictEqual(found.map(([, item]) => item), from(150).slice(0, 50));
      await p.join();
      scene.start(takeHastily, [q, notes, 100, 0]);
      deepStrictEqual((await noted(notes, 100)).map(([, item]) => item), from(200));
      strictEqual(await q.empty(), true);
    });
  });
}

for (const fate of FATES) {
  test(`pipe: another reader has all that is left, though the first one ${fate}`, () =>
    withFolder(async (folder) => {
      const over = join(folder, "over");
      const [reading, writing] = Pipe(false);
      const notes = Queue<Note>();
      const start = (by: number) => {
        const args = [by, reading, notes, fate, over] as const;
        const p = new Process({ target: receive, args: [...args] });
        p.start();
        return p;
      };
      const readers = [start(0)]; // and this process keeps the end
      const place = 100;
      for (let n = 0; n < place; n++) await writing.send(n);
      await writing.send(LONG);
      for (let n = place; n < SMALL; n++) await writing.send(n);
      const before = (await noted(notes, place + 1)).map(([, item]) => item);
      deepStrictEqual(before, [...from(0).slice(0, place), LONG]);
      readers.push(start(1));
      const after = (await noted(notes, SMALL - place)).map(([, item]) => item);
      deepStrictEqual(after, from(place));
      writeFileSync(over, "");
      for (const p of readers) p.kill();
      for (const p of readers) await p.join();
      reading.close();
      writing.close();
    }));
}

test("queue: only who owns it says that it is empty", async () => {
  for (const isThere of [true, false]) {
    const q = Queue<number>(), notes = Queue<string>();
    if (isThere) await q.put(7);
    const p = new Process({ target: waitAWhile, args: [q, notes, 0.05] });
    p.start();
    strictEqual(await notes.get(), "waits");
    const start = performance.now();
    while (performance.now() - start < 500) { /* its own clock says that it is over */ }
    strictEqual(await notes.get(), isThere ? "7" : "Empty");
    await p.join();
  }
});

test("a put without a bound waits for nobody, not even for a root that computes", async () => {
  await withFolder(async (folder) => {
    const queues = [Queue<number>(), JoinableQueue<number>(), SimpleQueue<number>()];
    const [notes, path] = [Queue<string>(), join(folder, "put")];
    const p = new Process({ target: putAndTell, args: [queues, notes, path] });
    p.start();
    strictEqual(await notes.get(), "puts");
    const end = performance.now() + 20_000;
    while (!existsSync(path) && performance.now() < end); // computes
    strictEqual(existsSync(path), true);
    for (const [n, q] of queues.entries()) strictEqual(await q.get(), n);
    await p.join();
    strictEqual(p.exitcode, 0);
  });
});
