/**
 * What others did before the time of a wait was over is found, although the waiting process
 * computed until later: its messages are read before it says that there was nothing.
 */
import { strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  Barrier,
  Event,
  JoinableQueue,
  Lock,
  Pipe,
  Pool,
  Queue,
  Semaphore,
} from "../../mod.ts";
import { exitcodeOf, started } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import { test } from "../suite.ts";
import { act, give, type Kind, type Objects, remember } from "./time_targets.ts";

/** Seconds. */
const TIME = 0.05;

/** An object that another process acts on, and a wait in this one for that. */
interface Scene<T> {
  object: T;
  wait: () => Promise<unknown>;
  expected: unknown;
}

type Scenes = { [K in Kind]: () => Scene<Objects[K]> | Promise<Scene<Objects[K]>> };

const SCENES: Omit<Scenes, "pipe"> = {
  "queue": () => getting(Queue<number>()),
  "bounded queue": () => getting(Queue<number>(3)),
  "joinable queue": () => getting(JoinableQueue<number>()),
  "lock": () => acquiring(Lock()),
  "semaphore": () => acquiring(Semaphore(1)),
  "event"() {
    const object = Event();
    return { object, wait: () => object.wait(TIME), expected: true };
  },
  "barrier"() {
    const object = Barrier(2);
    return { object, wait: async () => await object.wait(TIME) >= 0, expected: true };
  },
};

function getting<Q extends { get(options: { timeout: number }): Promise<number> }>(
  object: Q,
): Scene<Q> {
  return { object, wait: () => object.get({ timeout: TIME }), expected: 5 };
}

function acquiring<L extends Lock | Semaphore>(object: L): Scene<L> {
  return { object, wait: () => object.acquire({ timeout: TIME }), expected: true };
}

/** Computes until another process has done something, and the time of the wait is over. */
function computeUntil(path: string, time: number): void {
  const now = performance.now();
  const [over, end] = [now + 2000 * time, now + 60_000];
  while (performance.now() < over || (!existsSync(path) && performance.now() < end));
}

/** A wait during which this process computes, until another has acted and its time is over. */
async function waitAndCompute(wait: () => Promise<unknown>, path: string, time = TIME) {
  const waiting = wait();
  computeUntil(path, time);
  return await waiting;
}

for (const kind of Object.keys(SCENES) as (keyof typeof SCENES)[]) {
  test(`${kind}: what another did before the time of a wait was over is found`, () =>
    withFolder(async (folder) => {
      const path = join(folder, "done"), ready = Queue<null>();
      const { object, wait, expected } = await SCENES[kind]();
      const p = await started(act, [kind, object, ready, path]);
      await ready.get();
      strictEqual(await waitAndCompute(wait, path), expected);
      if (kind === "lock") await (object as Lock).release();
      strictEqual(await exitcodeOf(p), 0);
    }));
}

test("pipe: what another did before the time of a wait was over is found", () =>
  withFolder(async (folder) => {
    const path = join(folder, "done"), ready = Queue<null>();
    const [reading, writing] = Pipe(false);
    const p = await started(act, ["pipe", writing, ready, path]);
    await ready.get();
    strictEqual(await waitAndCompute(() => reading.poll(TIME), path), true);
    strictEqual(await reading.recv(), 5);
    strictEqual(await exitcodeOf(p), 0);
    reading.close();
    writing.close();
  }));

test("pool: a result that was given before the time of a wait was over is found", () =>
  withFolder(async (folder) => {
    const path = join(folder, "done"), ready = Queue<null>();
    const pool = Pool(1, { initializer: remember, initargs: [ready] });
    const result = pool.apply_async(give, [path]);
    await ready.get();
    strictEqual(await waitAndCompute(() => result.get({ timeout: TIME }), path), 5);
    await pool.terminate();
  }));

test("pool: a task that was done before its time was over is not ended for that", () =>
  withFolder(async (folder) => {
    const timeout = 1; // it runs from when the task begins, which is before this computes
    const path = join(folder, "done"), ready = Queue<null>();
    const pool = Pool(1, { initializer: remember, initargs: [ready] });
    const result = pool.apply_async(give, [path], { timeout });
    await ready.get();
    strictEqual(await waitAndCompute(() => result.get(), path, timeout), 5);
    await pool.terminate();
  }));
