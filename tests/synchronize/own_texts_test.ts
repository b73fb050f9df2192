/** The texts of locks that a child has made itself: it knows their state. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import * as targets from "../helpers/own_lock_targets.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";

const PYTHON = `
import json, multiprocessing as mp, re, sys
def show(lock): return re.sub(" at 0x[0-9a-f]+", "", repr(lock))
def child(q, stories):
    for name, args, steps in stories:
        lock = getattr(mp, name)(*args)
        texts = [show(lock)]
        for step in steps.split():
            try: getattr(lock, step)(*[False] if step == "acquire" else [])
            except Exception: pass
            texts.append(show(lock))
        q.put(texts)
q = mp.SimpleQueue()
stories = json.loads(sys.argv[1])
p = mp.get_context("fork").Process(target=child, args=(q, stories), name="P")
p.start()
print(json.dumps([q.get() for _ in stories]))
p.join()
`;

async function texts<T>(
  target: (q: Queue<T>) => Promise<void>,
  count: number,
): Promise<T[]> {
  const q = Queue<T>();
  const child = new Process({ target, args: [q], name: "P" });
  await child.start();
  const got: T[] = [];
  for (let i = 0; i < count; i++) got.push(await q.get());
  await child.join();
  strictEqual(child.exitcode, 0);
  return got;
}

pythonTest("a child tells the state of its own locks as CPython does", async () => {
  const [ours] = await texts(targets.tellTexts, 1);
  const theirs = await askPython(PYTHON, [targets.STORIES]) as string[][];
  const told = (all: string[][]) => targets.STORIES.map((story, i) => [story, all[i]]);
  deepStrictEqual(told(ours!), told(theirs));
});

test("what another process has got may be in any state", async () => {
  deepStrictEqual(await texts(targets.tellShared, 2), [
    [
      "<Lock(owner=None)>",
      "<Semaphore(value=3)>",
      "<Event unset>",
      "<Condition(<RLock(None, 0)>, 0)>",
      "<multiprocessing.synchronize.Barrier: waiters=0/2>",
    ],
    [
      "<Lock(owner=unknown)>",
      "<Semaphore(value=unknown)>",
      "<Event unknown>",
      "<Condition(<RLock(unknown, unknown)>, unknown)>",
      "<multiprocessing.synchronize.Barrier: waiters=unknown/2>",
    ],
  ]);
});

test("tasks of the child that wait are told, as long as that is certain", async () => {
  const [told] = await texts(targets.tellWaiters, 1);
  const barrier = (waiters: string) =>
    `<multiprocessing.synchronize.Barrier: waiters=${waiters}/2>`;
  deepStrictEqual(told, [
    ...["<Condition(<RLock(None, 0)>, 2)>", barrier("1")],
    ...["<Condition(<RLock(None, 0)>, 1)>", barrier("1")],
    ...["<Condition(<RLock(None, 0)>, 0)>", barrier("0")],
    ...["<Condition(<RLock(None, 0)>, 0)>", barrier("unknown")],
  ]);
});
