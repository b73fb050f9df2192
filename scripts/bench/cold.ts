/**
 * What a short program sees, for one JavaScript runtime: little work, in processes that
 * have done nothing before. `cold.py` beside it is the same program in Python.
 *
 * It measures one case, whose name is its argument, so that each case has a process of its
 * own, and prints it as one line of JSON. What is measured begins with the first put, send
 * or call when all processes are there, as in the other programs, and ends with the last
 * get. Whether they are there is asked by other objects than those that are measured.
 *
 * @module
 */
import {
  cpu_count,
  is_main,
  Pipe,
  Pool,
  Process,
  Queue,
  Semaphore,
} from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { square } from "./pool_work.ts";
import { perSecond, print, rate } from "./report.ts";

/** Items of the cases that count items, messages or elements. */
const ITEMS = 20_000;

/** Bytes of a message. */
const SIZE = 100;

/** Calls or turns of the cases that count those. */
const CALLS = 200;

/** The time in milliseconds, by a clock that all processes share. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Puts the time at which it begins, and then the items. */
export async function produce(q: Queue<number>): Promise<void> {
  await q.put(now());
  for (let i = 0; i < ITEMS; i++) await q.put(i);
}

/** Takes what {@linkcode produce} puts; gives the milliseconds since that began. */
async function consume(q: Queue<number>): Promise<number> {
  const began = await q.get();
  for (let i = 0; i < ITEMS; i++) await q.get();
  return now() - began;
}

/** Says that it is there, then how long {@linkcode consume} took. */
export async function consumeAndTell(
  q: Queue<number>,
  tell: Connection,
): Promise<void> {
  await tell.send("ready");
  await tell.send(await consume(q));
}

/** Says that it is there, then gives back what it gets. */
export async function echo(
  q: Queue<number>,
  back: Queue<number>,
  tell: Connection,
): Promise<void> {
  await tell.send("ready");
  for (let i = 0; i < CALLS; i++) await back.put(await q.get());
}

/** Sends the time at which it begins, and then the messages. */
export async function send(to: Connection): Promise<void> {
  const message = new Uint8Array(SIZE);
  await to.send(now());
  for (let i = 0; i < ITEMS; i++) await to.send_bytes(message);
}

/** Receives what {@linkcode send} sends; gives the milliseconds since that began. */
async function receive(from: Connection): Promise<number> {
  const began = await from.recv();
  for (let i = 0; i < ITEMS; i++) await from.recv_bytes();
  return now() - began;
}

/** Says by a queue that it is there, then how long {@linkcode receive} took. */
export async function receiveAndTell(
  from: Connection,
  tell: Queue<number>,
): Promise<void> {
  await tell.put(-1);
  await tell.put(await receive(from));
}

/** Says by a queue that it is there, then sends back what it receives. */
export async function reflect(
  connection: Connection,
  tell: Queue<number>,
): Promise<void> {
  await tell.put(-1);
  for (let i = 0; i < CALLS; i++) await connection.send(await connection.recv());
}

/** A worker's initializer: says that it is there. */
export async function arrive(arrived: Semaphore): Promise<void> {
  await arrived.release();
}

async function queueChildToRoot(): Promise<number> {
  const q = Queue<number>();
  const p = new Process({ target: produce, args: [q] });
  p.start();
  const took = await consume(q);
  await p.join();
  return perSecond(ITEMS, took);
}

async function queueRootToChild(): Promise<number> {
  const q = Queue<number>();
  const [told, tell] = Pipe(false);
  const p = new Process({ target: consumeAndTell, args: [q, tell] });
  p.start();
  await told.recv();
  await produce(q);
  const took = await told.recv();
  await p.join();
  return perSecond(ITEMS, took);
}

async function queueChildToChild(): Promise<number> {
  const q = Queue<number>();
  const [told, tell] = Pipe(false);
  const c = new Process({ target: consumeAndTell, args: [q, tell] });
  const p = new Process({ target: produce, args: [q] });
  c.start();
  await told.recv();
  p.start();
  const took = await told.recv();
  await Promise.all([p.join(), c.join()]);
  return perSecond(ITEMS, took);
}

async function queueRoundTrip(): Promise<number> {
  const q = Queue<number>();
  const back = Queue<number>();
  const [told, tell] = Pipe(false);
  const p = new Process({ target: echo, args: [q, back, tell] });
  p.start();
  await told.recv();
  const result = await rate(CALLS, async () => {
    for (let i = 0; i < CALLS; i++) {
      await q.put(i);
      await back.get();
    }
  });
  await p.join();
  return result;
}

async function pipeChildToRoot(): Promise<number> {
  const [reader, writer] = Pipe(false);
  const p = new Process({ target: send, args: [writer] });
  p.start();
  writer.close();
  const took = await receive(reader);
  await p.join();
  return perSecond(ITEMS, took);
}

async function pipeRootToChild(): Promise<number> {
  const [reader, writer] = Pipe(false);
  const told = Queue<number>();
  const p = new Process({ target: receiveAndTell, args: [reader, told] });
  p.start();
  reader.close();
  await told.get();
  await send(writer);
  const took = await told.get();
  await p.join();
  return perSecond(ITEMS, took);
}

async function pipeChildToChild(): Promise<number> {
  const [reader, writer] = Pipe(false);
  const told = Queue<number>();
  const p = new Process({ target: receiveAndTell, args: [reader, told] });
  const q = new Process({ target: send, args: [writer] });
  p.start();
  await told.get();
  q.start();
  const took = await told.get();
  await Promise.all([p.join(), q.join()]);
  return perSecond(ITEMS, took);
}

async function pipeRoundTrip(): Promise<number> {
  const [here, there] = Pipe();
  const told = Queue<number>();
  const p = new Process({ target: reflect, args: [there, told] });
  p.start();
  there.close();
  await told.get();
  const result = await rate(CALLS, async () => {
    for (let i = 0; i < CALLS; i++) {
      await here.send(i);
      await here.recv();
    }
  });
  await p.join();
  return result;
}

/** What `use` does a second with a new pool, whose workers are there. */
async function ofPool(
  count: number,
  use: (pool: Pool) => Promise<void>,
): Promise<number> {
  const workers = cpu_count();
  const arrived = Semaphore(0);
  const pool = Pool(workers, arrive, [arrived]);
  for (let i = 0; i < workers; i++) await arrived.acquire();
  const result = await rate(count, () => use(pool));
  await pool.terminate();
  await pool.join();
  return result;
}

async function apply(pool: Pool): Promise<void> {
  for (let i = 0; i < CALLS; i++) await pool.apply(square, [i]);
}

async function applyAsync(pool: Pool): Promise<void> {
  const results = [];
  for (let i = 0; i < CALLS; i++) results.push(pool.apply_async(square, [i]));
  for (const result of results) await result.get();
}

const elements = () => Array.from({ length: ITEMS }, (_, i) => i);

async function map(pool: Pool): Promise<void> {
  await pool.map(square, elements());
}

async function imapUnordered(pool: Pool): Promise<void> {
  for await (const _ of pool.imap_unordered(square, elements())) { /* that is all */ }
}

/** A pool from its making to the last result of some calls, its start included. */
async function poolFromStart(): Promise<number> {
  const start = performance.now();
  const pool = Pool(cpu_count());
  await apply(pool);
  const took = performance.now() - start;
  await pool.terminate();
  await pool.join();
  return perSecond(CALLS, took);
}

const CASES: Record<string, () => Promise<number>> = {
  coldQueueChildToRoot: queueChildToRoot,
  coldQueueRootToChild: queueRootToChild,
  coldQueueChildToChild: queueChildToChild,
  coldQueueRoundTrip: queueRoundTrip,
  coldPipeChildToRoot: pipeChildToRoot,
  coldPipeRootToChild: pipeRootToChild,
  coldPipeChildToChild: pipeChildToChild,
  coldPipeRoundTrip: pipeRoundTrip,
  coldPoolApply: () => ofPool(CALLS, apply),
  coldPoolApplyAsync: () => ofPool(CALLS, applyAsync),
  coldPoolMap: () => ofPool(ITEMS, map),
  coldPoolImapUnordered: () => ofPool(ITEMS, imapUnordered),
  coldPoolFromStart: poolFromStart,
};

if (is_main(import.meta)) {
  // Not imported above: on Deno each child would load it too.
  const { argv } = await import("node:process");
  const name = argv[2]!;
  print({ [name]: await CASES[name]!() });
}
