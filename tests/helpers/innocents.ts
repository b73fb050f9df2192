/**
 * Programs that only look stuck: for some seconds their main process waits, without a limit,
 * for something that a child does at last. Generated: each way to wait with each thing that a
 * child may be busy with meanwhile; and some of other kinds.
 */
import process from "node:process";
import {
  Barrier,
  Condition,
  Event,
  JoinableQueue,
  Lock,
  Manager,
  Pipe,
  Pool,
  Process,
  Queue,
  Semaphore,
} from "../../mod.ts";
import { Client, Listener } from "../../src/connection.ts";
import { ThreadPool } from "../../src/pool.ts";

/** Milliseconds for which each looks stuck. */
export const TIME = 3500;

export function sleep(milliseconds: number = TIME): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}

// ------------------------------------------------------- what a child is busy with

const LIVES: Record<string, () => unknown> = {
  sleeps: () => sleep(),
  async polls() {
    const end = Date.now() + TIME;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (Date.now() < end) return;
        clearInterval(timer);
        resolve();
      }, 100);
    });
  },
  computes() {
    for (const end = Date.now() + TIME; Date.now() < end;);
  },
  blocks: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TIME),
  async "runs a command"() {
    const { spawn } = await import("node:child_process");
    const command = spawn("sleep", [String(TIME / 1000)], { stdio: "ignore" });
    await new Promise((resolve) => command.on("exit", resolve));
  },
  async "has a thread"() {
    const { Worker } = await import("node:worker_threads");
    const text =
      `setTimeout(() => require("node:worker_threads").parentPort.postMessage(1), ${TIME})`;
    const worker = new Worker(text, { eval: true });
    await new Promise((resolve) => worker.on("message", resolve));
    await worker.terminate();
  },
  async "asks a server"() {
    const { createServer, get } = await import("node:http");
    const server = createServer((_, response) =>
      void setTimeout(() => response.end("x"), TIME)
    );
    await new Promise<void>((resolve) =>
      server.listen(0, "127.0.0.1", () => resolve())
    );
    const { port } = server.address() as { port: number };
    await new Promise<void>((resolve) => {
      get({ port, host: "127.0.0.1", agent: false }, (response) => {
        response.resume();
        response.on("end", () => resolve());
      });
    });
    server.close();
    server.closeAllConnections();
  },
};

// --------------------------------------------------------- what the main process waits in

/** An object, how the main process waits at it, and how a child ends that. */
interface Way {
  // deno-lint-ignore no-explicit-any -- one of many classes
  make(): any;
  // deno-lint-ignore no-explicit-any -- as above
  wait(object: any): Promise<unknown>;
  // deno-lint-ignore no-explicit-any -- as above
  help(object: any): Promise<unknown>;
}

const WAYS: Record<string, Way> = {
  "an item": {
    make: () => Queue(),
    wait: (queue) => queue.get(),
    help: (queue) => queue.put(1),
  },
  room: {
    make: () => Queue(1),
    wait: (queue) => queue.put(1).then(() => queue.put(2)),
    help: (queue) => queue.get(),
  },
  "all tasks": {
    make: () => JoinableQueue(),
    wait: (queue) => queue.put(1).then(() => queue.join()),
    help: (queue) => queue.get().then(() => queue.task_done()),
  },
  "a lock": {
    make: () => Lock(),
    wait: (lock) => lock.acquire().then(() => lock.acquire()), // a signal
    help: (lock) => lock.release(),
  },
  "a semaphore": {
    make: () => Semaphore(0),
    wait: (semaphore) => semaphore.acquire(),
    help: (semaphore) => semaphore.release(),
  },
  "an event": {
    make: () => Event(),
    wait: (event) => event.wait(),
    help: (event) => event.set(),
  },
  "a condition": {
    make: () => Condition(),
    wait: (condition) => condition.with(() => condition.wait()),
    help: (condition) => condition.with(() => condition.notify_all()),
  },
  "a barrier": {
    make: () => Barrier(2),
    wait: (barrier) => barrier.wait(),
    help: (barrier) => barrier.wait(),
  },
  "a message": {
    make: () => Pipe(),
    wait: ([here]) => here.recv(),
    help: ([, there]) => there.send(1),
  },
};

/** Does something for a while, and then what the main process waits for. */
export async function help(way: string, life: string, object: unknown): Promise<void> {
  await LIVES[life]!();
  await WAYS[way]!.help(object);
}

async function waitFor(way: string, life: string): Promise<void> {
  const { make, wait } = WAYS[way]!;
  const object = make();
  const child = new Process({ target: help, args: [way, life, object] });
  child.start();
  await wait(object);
  await child.join();
}

// ------------------------------------------------------------------------ other kinds

export async function takeFor(lock: Lock, held: Event): Promise<void> {
  await lock.acquire();
  await held.set();
  await sleep();
  await lock.release();
}

export async function take(lock: Lock): Promise<void> {
  await lock.with(() => {});
}

export async function work(tasks: Queue<number>): Promise<void> {
  for (;;) await tasks.get();
}

export async function park(): Promise<void> {
  await Event().wait();
}

export async function connectLate(address: string): Promise<void> {
  await sleep();
  const client = await Client(address);
  await client.send(1);
  client.close();
}

export async function readLate(end: ReturnType<typeof Pipe>[0]): Promise<void> {
  await sleep();
  for (let i = 0; i < 20; i++) await end.recv();
}

export async function withGrandchild(): Promise<void> {
  const child = new Process({ target: sleep, args: [TIME] });
  child.start();
  await child.join();
}

export function quickly(x: number): number {
  return x;
}

export async function slowly(x: number): Promise<number> {
  await sleep();
  return x;
}

// deno-lint-ignore no-explicit-any -- a proxy
export async function putLate(items: any): Promise<void> {
  await sleep();
  await items.put(1);
}

export async function pass(from: Queue<number>, to: Queue<number>): Promise<void> {
  for (;;) await to.put(await from.get());
}

const OTHERS: Record<string, () => Promise<unknown>> = {
  async "a get with a timeout"() {
    await Queue().get({ timeout: TIME / 1000 }).catch(() => {});
  },
  async "a get with a signal"() {
    await Queue().get({ signal: AbortSignal.timeout(TIME) }).catch(() => {});
  },
  async "a lock that somebody sleeps with, and two more want"() {
    const [lock, held] = [Lock(), Event()];
    const sleeper = new Process({ target: takeFor, args: [lock, held] });
    sleeper.start();
    await held.wait();
    const others = [1, 2].map(() => new Process({ target: take, args: [lock] }));
    for (const other of others) other.start();
    for (const other of others) await other.join();
    await sleeper.join();
  },
  async "a pool that has nothing to do"() {
    await using pool = Pool(2);
    await pool.apply(quickly, [1]);
    await sleep();
    await pool.apply(quickly, [1]);
  },
  async "a pool's slow task, while the others have none"() {
    await using pool = Pool(2);
    await pool.apply(slowly, [1]);
  },
  async "a pool of threads"() {
    await using pool = ThreadPool(2);
    await pool.map(slowly, [1, 2, 3]);
  },
  async "daemons that wait for work"() {
    const tasks = Queue<number>();
    for (let i = 0; i < 2; i++) {
      new Process({ target: work, args: [tasks], daemon: true }).start();
    }
    await sleep();
  },
  async "daemons that pass items round"() {
    const [one, other] = [Queue<number>(), Queue<number>()];
    for (const args of [[one, other], [other, one]] as const) {
      new Process({ target: pass, args: [...args], daemon: true }).start();
    }
    await sleep();
  },
  async "a process that is parked, to be terminated"() {
    const parked = new Process({ target: park });
    parked.start();
    await sleep();
    parked.terminate();
    await parked.join();
  },
  async "a listener"() {
    const listener = await Listener();
    const child = new Process({
      target: connectLate,
      args: [listener.address as string],
    });
    child.start();
    const connection = await listener.accept();
    await connection.recv();
    connection.close();
    await child.join();
    await listener.close();
  },
  async "a full pipe that is read late"() {
    const [here, there] = Pipe();
    const child = new Process({ target: readLate, args: [there] });
    child.start();
    for (let i = 0; i < 20; i++) await here.send(new Uint8Array(100_000));
    await child.join();
  },
  async "a grandchild that sleeps"() {
    const child = new Process({ target: withGrandchild });
    child.start();
    await child.join();
  },
  async "a manager's queue"() {
    await using manager = await Manager();
    const items = await manager.Queue();
    const child = new Process({ target: putLate, args: [items] });
    child.start();
    await items.get();
    await child.join();
  },
  async "a child that is stopped"() {
    const items = Queue<number>();
    const child = new Process({ target: work, args: [items], daemon: true });
    child.start();
    process.kill(child.pid!, "SIGSTOP");
    await sleep();
    process.kill(child.pid!, "SIGCONT");
    child.kill();
    await child.join();
  },
  async "a line of stdin"() {
    const child = new Process({ target: work, args: [Queue<number>()], daemon: true });
    child.start();
    const event = Event();
    process.stdin.once("data", () => void event.set());
    await event.wait();
    process.stdin.destroy();
  },
  async "a signal of another program"() {
    const event = Event();
    process.once("SIGUSR1", () => void event.set());
    const { spawn } = await import("node:child_process");
    const command = `sleep ${TIME / 1000}; kill -USR1 ${process.pid}`;
    spawn("sh", ["-c", command], { stdio: "ignore", detached: true }).unref();
    await event.wait();
  },
};

/** All of them by their names: 63 that are generated, and the others. */
export const INNOCENTS: Record<string, () => Promise<unknown>> = {
  ...Object.fromEntries(
    Object.keys(WAYS).flatMap((way) =>
      Object.keys(LIVES).map((life) => [
        `${way}, while a child ${life}`,
        () => waitFor(way, life),
      ])
    ),
  ),
  ...OTHERS,
};

/** Of those that are generated, each way and each life once or twice; and the others. */
export const SOME: string[] = [
  ...Object.keys(WAYS).map((way, i) =>
    `${way}, while a child ${Object.keys(LIVES)[i % Object.keys(LIVES).length]}`
  ),
  ...Object.keys(OTHERS),
];
