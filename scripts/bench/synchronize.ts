/**
 * The cases of the benchmark that are about locks, events and barriers, for one
 * JavaScript runtime: prints them as one line of JSON. `synchronize.py` beside it is the
 * same program in Python.
 *
 * @module
 */
import { Barrier, Event, is_main, Lock, Pipe, Process, Semaphore } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { perSecond, print, TIMES, warmRate } from "./report.ts";

/** How often a lock is taken and released that nobody else wants. */
const ALONE = 100_000;

/** How long several processes want one. */
const SECONDS = 0.5;

/** How often an event is set, a barrier passed, or a turn taken. */
const TURNS = 2_000;

/** Takes and releases a lock. */
async function use(lock: Lock, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await lock.acquire();
    await lock.release();
  }
}

/** Measures the lock in this process, and says how fast it was. */
export async function useAndTell(lock: Lock, result: Connection): Promise<void> {
  await result.send(await warmRate(ALONE, () => use(lock, ALONE)));
}

/** For as many seconds as it is told, takes and releases the lock; tells how often. */
export async function useOnOrder(lock: Lock, orders: Connection): Promise<void> {
  for await (const seconds of orders) {
    const end = performance.now() + Number(seconds) * 1000;
    let times = 0;
    for (; performance.now() < end; times += 10) await use(lock, 10);
    await orders.send(times);
  }
}

/** Waits for one event and sets the other one, again and again. */
export async function answer(
  ping: Event,
  pong: Event,
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) {
    await ping.wait();
    await ping.clear();
    await pong.set();
  }
}

/** Takes one semaphore and releases the other one, again and again. */
export async function takeTurns(
  mine: Semaphore,
  yours: Semaphore,
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) {
    await mine.acquire();
    await yours.release();
  }
}

/** Passes a barrier again and again. */
export async function pass(barrier: Barrier, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await barrier.wait();
}

async function aloneInRoot(): Promise<number> {
  const lock = Lock();
  return await warmRate(ALONE, () => use(lock, ALONE));
}

async function aloneInChild(): Promise<number> {
  const [result, tell] = Pipe(false);
  const p = new Process({ target: useAndTell, args: [Lock(), tell] });
  p.start();
  tell.close();
  const rate = await result.recv();
  await p.join();
  return rate;
}

/** How often per second a lock goes from hand to hand that `count` processes want. */
async function contended(count: number): Promise<number> {
  const lock = Lock();
  const orders: Connection[] = [];
  const processes: Process[] = [];
  for (let i = 0; i < count; i++) {
    const [here, there] = Pipe();
    const p = new Process({ target: useOnOrder, args: [lock, there] });
    p.start();
    there.close();
    orders.push(here);
    processes.push(p);
  }
  const once = async () => {
    const start = performance.now();
    for (const order of orders) await order.send(SECONDS);
    let times = 0;
    for (const order of orders) times += Number(await order.recv());
    return perSecond(times, performance.now() - start);
  };
  await once();
  const rate = await once();
  for (const order of orders) order.close();
  for (const p of processes) await p.join();
  return rate;
}

/** How often per second two processes hand over to each other, neither ever twice. */
async function handOver(): Promise<number> {
  const [here, there] = [Semaphore(1), Semaphore(0)];
  const times = TIMES * TURNS;
  const p = new Process({ target: takeTurns, args: [there, here, times] });
  p.start();
  const rate = await warmRate(2 * TURNS, () => takeTurns(here, there, TURNS));
  await p.join();
  return rate;
}

async function setAndWait(): Promise<number> {
  const [ping, pong] = [Event(), Event()];
  const times = TIMES * TURNS;
  const p = new Process({ target: answer, args: [ping, pong, times] });
  p.start();
  const rate = await warmRate(2 * TURNS, async () => {
    for (let i = 0; i < TURNS; i++) {
      await ping.set();
      await pong.wait();
      await pong.clear();
    }
  });
  await p.join();
  return rate;
}

async function meet(): Promise<number> {
  const barrier = Barrier(2);
  const p = new Process({ target: pass, args: [barrier, TIMES * TURNS] });
  p.start();
  const rate = await warmRate(TURNS, () => pass(barrier, TURNS));
  await p.join();
  return rate;
}

if (is_main(import.meta)) {
  print({
    lockInRoot: await aloneInRoot(),
    lockInChild: await aloneInChild(),
    lockOfTwo: await contended(2),
    lockOfEight: await contended(8),
    handOver: await handOver(),
    eventSetToWait: await setAndWait(),
    barrierOfTwo: await meet(),
  });
}
