/**
 * Random calls of a queue that is shut down now and then: what each gives, or raises, is what
 * CPython's `queue.Queue` does, which has `shutdown` since 3.13. One task makes all of them:
 * among threads it would be chance.
 */
import { deepStrictEqual } from "node:assert/strict";
import { JoinableQueue, Manager } from "../../mod.ts";
import * as dummy from "../../src/dummy.ts";
import { askPython, pythonVersions, spared } from "../helpers/python.ts";
import { test } from "../suite.ts";
import { Random } from "../wire/support.ts";

type Step = [method: string, ...args: unknown[]];
type Story = [maxsize: number, ...steps: Step[]];

const PYTHON = `
import json, sys
from queue import Queue

def outcome(q, method, *args):
    try:
        return getattr(q, method)(*args)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)

def tell(size, *steps):
    q = Queue(size)
    return [outcome(q, *step) for step in steps]

print(json.dumps([tell(*story) for story in json.loads(sys.argv[1])]))
`;

const newest = pythonVersions().find(({ version }) =>
  Number(version.split(".")[1]) >= 13
);
const HERE = {
  skip: (newest === undefined && "no Python of 3.13 or later here") || spared(newest),
};

function stories(count: number, length: number): Story[] {
  const random = new Random(7);
  const step = (): Step =>
    random.of<() => Step>([
      () => ["put", random.below(9), false],
      () => ["put", random.below(9), true, 0.001],
      () => ["put_nowait", random.below(9)],
      () => ["put_nowait", random.below(9)],
      () => ["get", false],
      () => ["get", true, 0.001],
      () => ["get_nowait"],
      () => ["qsize"],
      () => ["empty"],
      () => ["full"],
      () => ["task_done"],
      () => random.below(4) > 0 ? ["qsize"] : ["shutdown"],
      () => random.below(8) > 0 ? ["empty"] : ["shutdown", random.below(2) === 0],
    ])();
  return Array.from(
    { length: count },
    () => [random.below(4), ...Array.from({ length }, step)],
  );
}

async function tell(q: object, [, ...steps]: Story): Promise<unknown[]> {
  const told: unknown[] = [];
  for (const [method, ...args] of steps) {
    try {
      const call = Reflect.get(q, method) as (...args: unknown[]) => Promise<unknown>;
      told.push(await call.apply(q, args) ?? null);
    } catch (error) {
      const { name, message } = error as Error;
      told.push(`${name}: ${message}`);
    }
  }
  return told;
}

async function compare(
  make: (maxsize: number) => object | Promise<object>,
  count: number,
): Promise<void> {
  const all = stories(count, 30);
  const expected = await askPython(PYTHON, [all], { python: newest });
  for (const [i, story] of all.entries()) {
    deepStrictEqual(await tell(await make(story[0]), story), expected[i], `${story}`);
  }
}

test(
  "a JoinableQueue tells what CPython's queue.Queue tells",
  () => compare((maxsize) => JoinableQueue(maxsize), 120),
  HERE,
);

test(
  "so does a queue of threads",
  () => compare((maxsize) => dummy.Queue(maxsize), 120),
  HERE,
);

test("so does a manager's", async () => {
  await using manager = Manager();
  await compare((maxsize) => manager.Queue(maxsize), 20);
}, HERE);
