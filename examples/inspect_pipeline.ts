/**
 * A camera, a detector and a store, joined by queues, beside a pool that makes thumbnails;
 * and a page that shows what each of them does. The detector is too slow: the page shows
 * that the queue before it is full most of the time, and that the camera waits to put.
 *
 * ```sh
 * deno run -A examples/inspect_pipeline.ts             # till Ctrl-C
 * deno run -A examples/inspect_pipeline.ts --frames=500
 * deno run -A examples/inspect_pipeline.ts --deadlock  # two processes that lock in turn
 * ```
 *
 * @module
 */
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
// In a program of your own: from "@pystd/multiprocessing" and "@pystd/multiprocessing/inspect"
import {
  Barrier,
  is_main,
  KeyboardInterrupt,
  Lock,
  Pool,
  Process,
  Queue,
} from "../mod.ts";
import { inspect } from "../src/inspect.ts";

/** A picture. */
interface Frame {
  number: number;
  pixels: Uint8Array;
}

/** Where something is in a picture. */
interface Box {
  frame: number;
  left: number;
}

/** Takes a picture every few milliseconds. */
export async function camera(
  frames: Queue<Frame>,
  count: number,
): Promise<void> {
  for (let number = 0; number < count; number++) {
    await sleep(8);
    await frames.put({ number, pixels: new Uint8Array(2000).fill(number) });
  }
  await frames.shutdown();
}

/** Looks for boxes in pictures, which takes longer than to make them. */
export async function detector(
  frames: Queue<Frame>,
  boxes: Queue<Box>,
  log: Lock,
): Promise<void> {
  for await (const { number, pixels } of frames) {
    compute(number % 200 < 150 ? 14 : 4);
    await boxes.put({ frame: number, left: pixels[0]! });
    if (number % 90 === 0) {
      await report(log, `frame ${number} is blurred`, true);
    }
  }
  await boxes.shutdown();
}

/** Keeps what was found. */
export async function store(boxes: Queue<Box>, log: Lock): Promise<void> {
  let stored = 0;
  for await (const _ of boxes) {
    if (++stored % 50 === 0) await report(log, `stored ${stored} boxes`);
  }
}

/** Prints a line; one process at a time does, and takes its time. */
async function report(log: Lock, text: string, isError = false): Promise<void> {
  await log.with(async () => {
    await sleep(60);
    if (isError) console.error(text);
    else console.log(text);
  });
}

/** Makes a picture smaller. */
export function shrink(number: number): number {
  compute(20 + (number * 7) % 40);
  return number;
}

/** Draws a border; some pictures are too small for that. */
export function frame_it(number: number): number {
  compute(6 + (number * 5) % 12);
  if (number % 97 === 0) throw new RangeError(`picture ${number} is too small`);
  return number;
}

/** Takes money from one account to another; both are locked, one after the other. */
export async function transfer(
  from: Lock,
  to: Lock,
  both: Barrier,
): Promise<void> {
  await from.with(async () => {
    await both.wait();
    await to.with(() => console.log("never printed"));
  });
}

/** Keeps the processor busy for some milliseconds, as real work would. */
function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Has a pool make thumbnails, a few at a time, until `signal` says that it is enough. */
async function thumbnails(signal: AbortSignal): Promise<void> {
  const pool = Pool(4);
  try {
    for (let first = 0; !signal.aborted; first += 24) {
      const numbers = Array.from({ length: 24 }, (_, i) => first + i);
      await pool.map(shrink, numbers, { chunksize: 1 });
      await Promise.allSettled(
        numbers.map((n) => pool.apply_async(frame_it, [n]).get()),
      );
      await sleep(250);
    }
  } finally {
    await pool.terminate();
  }
}

/** Two processes that wait for each other for ever. */
function deadlock(): Process[] {
  const accountA = Lock();
  const accountB = Lock();
  const both = Barrier(2);
  const there: [Lock, Lock, Barrier] = [accountA, accountB, both];
  const back: [Lock, Lock, Barrier] = [accountB, accountA, both];
  return [there, back].map((args, i) =>
    new Process({
      target: transfer,
      args,
      name: `transfer-${i + 1}`,
      daemon: true,
    })
  );
}

/** Has the processes work until all pictures are stored. */
async function work(processes: Process[]): Promise<void> {
  const done = new AbortController();
  // Also by Ctrl-C, which ends what waits: those who make thumbnails may just sleep.
  const stored = Promise.all(processes.map((p) => p.join()))
    .finally(() => done.abort());
  await Promise.all([stored, thumbnails(done.signal)]);
}

if (is_main(import.meta)) {
  const given = process.argv.find((arg) => arg.startsWith("--frames="));
  const count = given === undefined ? Infinity : Number(given.slice(9));
  await using view = await inspect();
  console.log(`open ${view.url}`);

  const frames = Queue<Frame>(64);
  const boxes = Queue<Box>();
  const log = Lock();
  const daemon = true;
  const processes = [
    new Process({ target: camera, args: [frames, count], name: "camera", daemon }),
    new Process({
      target: detector,
      args: [frames, boxes, log],
      name: "detector",
      daemon,
    }),
    new Process({ target: store, args: [boxes, log], name: "store", daemon }),
  ];
  const stuck = process.argv.includes("--deadlock") ? deadlock() : [];
  for (const p of [...processes, ...stuck]) p.start();
  try {
    await work(processes);
    console.log("done");
  } catch (error) {
    if (!(error instanceof KeyboardInterrupt)) throw error; // Ctrl-C
  }
}
