// Uses a little of everything, and prints what is wrong; "N items pass" if nothing is. In
// the syntax of the oldest versions.
import process from "node:process";
import {
  active_children,
  Array as SharedArray,
  Barrier,
  bound,
  BoundedSemaphore,
  Condition,
  cpu_count,
  current_process,
  Event,
  is_main,
  JoinableQueue,
  Lock,
  Manager,
  parent_process,
  Pipe,
  Pool,
  Process,
  Queue,
  RLock,
  Semaphore,
  SimpleQueue,
  Value,
} from "@pystd/multiprocessing";
import { Client, Listener, wait } from "@pystd/multiprocessing/connection";
import { ThreadPool } from "@pystd/multiprocessing/pool";
import { ShareableList, SharedMemory } from "@pystd/multiprocessing/shared_memory";

export const square = (x) => x * x;

export function add(x, y) {
  return x + y;
}

export function fail() {
  throw new RangeError("wrong");
}

export class Counter {
  constructor(first) {
    this.next = first;
  }
  more(by) {
    return this.next + by;
  }
}

export class Worker extends Process {
  constructor(q) {
    super({ name: "a worker" });
    this.q = q;
  }
  async run() {
    await this.q.put([this.name, parent_process().name]);
  }
}

export async function work(q, j, s, conn, lock, event, value, array) {
  await q.put(["queue", { a: 1n, when: new Date(5), counter: new Counter(3) }]);
  await j.put("joinable");
  await s.put(new Map([["simple", 1]]));
  await conn.send(new Uint8Array([1, 2]));
  await lock.acquire();
  await lock.release();
  await event.set();
  value.value = 7;
  array[1] = 3.5;
}

export async function surroundings(q) {
  await q.put([process.env["OF_CHILD"], current_process().name]);
}

export function write(name) {
  const shm = SharedMemory(name);
  shm.buf[0] = 42;
  shm.close();
}

export async function sleep() {
  await new Promise((resolve) => setTimeout(resolve, 1e6));
}

const wrong = [];
let count = 0;

function item(name, isRight) {
  count++;
  if (!isRight) wrong.push(name);
}

/** What a call fails with. */
async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
}

async function processes() {
  item("cpu_count", cpu_count() >= 1);
  item("current_process", current_process().name === "MainProcess");
  const [q, j, s, lock, event] = [
    Queue(),
    JoinableQueue(),
    SimpleQueue(),
    Lock(),
    Event(),
  ];
  const [ours, theirs] = Pipe();
  const [value, array] = [Value("i", 1), SharedArray("d", 2)];
  const args = [q, j, s, theirs, lock, event, value, array];
  const p = new Process({ target: work, args });
  p.start();
  item("active_children", active_children().length === 1);
  const [, got] = await q.get();
  item("Queue", got.a === 1n && got.when.getTime() === 5);
  item("an instance", got.counter instanceof Counter && got.counter.more(1) === 4);
  item("Empty", (await errorOf(() => q.get({ timeout: 0 })))?.name === "Empty");
  item("JoinableQueue", (await j.get()) === "joinable");
  await j.task_done();
  item("join of a queue", (await j.join()) === undefined);
  item("SimpleQueue", (await s.get()).get("simple") === 1);
  item("wait", (await wait([ours]))[0] === ours);
  item("Pipe", (await ours.recv())[1] === 2);
  item("Event", await event.wait(10));
  await p.join();
  item("exitcode", p.exitcode === 0);
  item("Value", value.value === 7);
  item("Array", array[1] === 3.5 && array.length === 2);
  item("Lock", await lock.acquire() && !(await lock.acquire(false)));
  for (const make of [RLock, Semaphore, Condition]) {
    item(make.name, await make().acquire());
  }
  const released = await errorOf(() => BoundedSemaphore(1).release());
  item("BoundedSemaphore", released?.name === "ValueError");
  item("Barrier", (await Barrier(1).wait()) === 0);
  const worker = new Worker(q);
  worker.start();
  item("a subclass", String(await q.get()) === "a worker,MainProcess");
  await worker.join();
  const env = { ...process.env, OF_CHILD: "its own" };
  const told = new Process({ target: surroundings, args: [q], name: "told", env });
  told.start();
  item("env", String(await q.get()) === "its own,told");
  await told.join();
  for (const [how, code] of [["kill", -9], ["terminate", -15]]) {
    const killed = new Process({ target: sleep, daemon: true });
    await killed.start();
    killed[how]();
    await killed.join();
    item(how, killed.exitcode === code);
  }
}

async function pools() {
  const pool = Pool(2);
  item("map", String(await pool.map(square, [1, 2, 3])) === "1,4,9");
  item("starmap", String(await pool.starmap(add, [[1, 2], [3, 4]])) === "3,7");
  item("apply", (await pool.apply(square, [4])) === 16);
  item("a method", (await pool.apply(bound(new Counter(1), "more"), [2])) === 3);
  item("apply_async", (await pool.apply_async(add, [1, 2]).get()) === 3);
  const found = [];
  for await (const y of pool.imap(square, [1, 2, 3])) found.push(y);
  item("imap", String(found) === "1,4,9");
  item("an error", (await errorOf(() => pool.apply(fail))) instanceof RangeError);
  pool.close();
  await pool.join();
  const threads = ThreadPool(2);
  item("ThreadPool", String(await threads.map((x) => x + 1, [1, 2])) === "2,3");
  await threads.terminate();
}

async function others() {
  const manager = await Manager();
  const dict = await manager.dict();
  await dict.setdefault("a", 1);
  item("dict", (await dict.get("a")) === 1);
  const list = await manager.list([1, 2]);
  await list.append(3);
  item("list", String(await list.copy()) === "1,2,3");
  await manager.shutdown();
  const listener = await Listener();
  const accepted = listener.accept();
  const client = await Client(listener.address);
  const server = await accepted;
  await client.send("hello");
  item("Listener", (await server.recv()) === "hello");
  for (const end of [client, server, listener]) end.close();
  const shm = SharedMemory({ create: true, size: 16 });
  const writer = new Process({ target: write, args: [shm.name] });
  writer.start();
  await writer.join();
  item("SharedMemory", shm.buf[0] === 42);
  shm.close();
  shm.unlink();
  const shared = ShareableList(["a", 1, null]);
  item("ShareableList", String([...shared]) === "a,1,");
  shared.shm.close();
  shared.shm.unlink();
}

if (is_main(import.meta)) {
  await processes();
  await pools();
  await others();
  console.log(wrong.length === 0 ? `${count} items pass` : `wrong: ${wrong}`);
}
