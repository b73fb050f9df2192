/**
 * What the ported cases of managers run in other processes, and the types that they
 * register.
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  type AcquirerProxy,
  type ArrayProxy,
  type BarrierProxy,
  BaseManager,
  BaseProxy,
  type DictProxy,
  type EventProxy,
  type ListProxy,
  type NamespaceProxy,
  type PoolProxy,
  type QueueProxy,
  SyncManager,
  type ValueProxy,
} from "../../../src/managers.ts";
import type { SocketAddress } from "../../../src/runtime/sockets.ts";
import { type Queue, ValueError } from "../../../mod.ts";

export class FooBar {
  f(): string {
    return "f()";
  }
  g(): never {
    throw new ValueError("g");
  }
  _h(): string {
    return "_h()";
  }
}

export function* baz(): Generator<number> {
  for (let i = 0; i < 10; i++) yield i * i;
}

export class GeneratorProxy extends BaseProxy {
  static override readonly _exposed_ = ["__next__"];
  __next__(): Promise<number> {
    return this._callmethod("__next__") as Promise<number>;
  }
}

export class MyManager extends BaseManager {}
MyManager.register("Foo", FooBar);
MyManager.register("Bar", { callable: FooBar, exposed: ["f", "_h"] });
MyManager.register("baz", { callable: baz, proxytype: GeneratorProxy });

export function initialize(path: string): void {
  initialized += path; // it would be seen if it ran twice
}
let initialized = "";
export class Witness {
  word(): string {
    return initialized;
  }
}

// --- a client in another process

/** A queue of a server that is no manager's type. */
class RemoteQueue {
  readonly #items: unknown[] = [];
  readonly #waiting: ((item: unknown) => void)[] = [];

  put(item: unknown): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#items.push(item);
    else waiting(item);
  }

  get(): unknown {
    if (this.#items.length > 0) return this.#items.shift();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  qsize(): number {
    return this.#items.length;
  }
}

const remoteQueue = new RemoteQueue();

export function remoteQueueHere(): RemoteQueue {
  return remoteQueue;
}

export class QueueManager extends BaseManager {}
QueueManager.register("get_queue", remoteQueueHere);

/** What crosses from one client to the other. */
export const VALUES: unknown[] = [
  ...["hello world", null, true, 2.25, "hall\xe5 v\xe4rlden"],
  "\u043f\u0440\u0438\u0432\u0456\u0442 \u0441\u0432\u0456\u0442",
  Uint8Array.from("hall\xe5 v\xe4rlden", (letter) => letter.charCodeAt(0)),
];

export async function putByManager(
  address: SocketAddress,
  authkey: Uint8Array,
): Promise<void> {
  class Client extends BaseManager {}
  Client.register("get_queue");
  const manager = new Client({ address, authkey });
  await manager.connect();
  const queue = await manager.get_queue();
  await queue.put(VALUES);
}

// --- what happens to each type of SyncManager in a child

export async function useEvent(event: EventProxy): Promise<void> {
  ok(await event.is_set());
  strictEqual(await event.wait(), true);
  await event.clear();
  strictEqual(await event.wait(0.001), false);
}

export async function acquire(lock: AcquirerProxy): Promise<void> {
  await lock.acquire();
}

export async function acquireAndRelease(lock: AcquirerProxy): Promise<void> {
  await lock.acquire();
  await lock.release();
}

export async function useBarrier(barrier: BarrierProxy): Promise<void> {
  strictEqual(await barrier.parties, 5);
  await barrier.reset();
}

export async function usePool(pool: PoolProxy): Promise<void> {
  strictEqual(pool.__enter__(), pool);
  await pool.__exit__();
}

export async function useQueue(queue: QueueProxy): Promise<void> {
  strictEqual(await queue.qsize(), 2);
  ok(await queue.full());
  strictEqual(await queue.empty(), false);
  strictEqual(await queue.get(), 5);
  strictEqual(await queue.empty(), false);
  strictEqual(await queue.get(), 6);
  ok(await queue.empty());
}

export async function useList(list: ListProxy<number>): Promise<void> {
  strictEqual(await list[0], 5);
  strictEqual(await list.index(5), 0);
  strictEqual(await list.count(5), 1);
  await list.reverse();
  const items = [];
  for await (const item of list) items.push(item);
  deepStrictEqual(items, [6, 5]);
  await list.sort();
  deepStrictEqual(await list._getvalue(), [5, 6]);
  strictEqual(await list.__len__(), 2);
  strictEqual(await list.pop(0), 5);
}

export async function useDict(dict: DictProxy): Promise<void> {
  strictEqual(await dict.__len__(), 1);
  strictEqual(await dict["foo"], 5);
  strictEqual(await dict.get("foo"), 5);
  deepStrictEqual(await dict.items(), [["foo", 5]]);
  deepStrictEqual(await dict.keys(), ["foo"]);
  deepStrictEqual(await dict.values(), [5]);
  deepStrictEqual(await dict.copy(), { foo: 5 });
  deepStrictEqual(await dict.popitem(), ["foo", 5]);
}

export async function useValue(value: ValueProxy<number>): Promise<void> {
  strictEqual(await value.value, 1);
  strictEqual(await value.get(), 1);
  await value.set(2);
  strictEqual(await value.get(), 2);
}

export async function useArray(array: ArrayProxy): Promise<void> {
  strictEqual(await array[0], 0);
  strictEqual(await array[1], 1);
  strictEqual(await array.__len__(), 2);
  const items = [];
  for await (const item of array) items.push(item);
  deepStrictEqual(items, [0, 1]);
}

export async function useNamespace(namespace: NamespaceProxy): Promise<void> {
  strictEqual(await namespace.x, 0);
  strictEqual(await namespace.y, 1);
  await rejects(namespace.__getattr__("z"), { name: "AttributeError" });
}

/** Takes the lock, says so, and is killed. */
export async function holdForEver(
  lock: AcquirerProxy,
  list: ListProxy,
  queue: QueueProxy,
): Promise<void> {
  await lock.acquire();
  await list.append("held");
  await queue.put("held");
  await new Promise(() => setInterval(() => {}, 1000));
}

/** Uses a lock, a dict and a queue until it is killed, and makes objects of its own. */
export async function hammer(
  lock: AcquirerProxy,
  dict: DictProxy<string, number>,
  queue: QueueProxy<number>,
): Promise<void> {
  const lists: ListProxy[] = [];
  for (let i = 0;; i++) {
    await lock.acquire();
    await dict.__setitem__("count", i);
    const copies = await Promise.all([dict.copy(), dict.get("count"), queue.put(i)]);
    strictEqual(copies[1], i);
    await lock.release();
    lists.push(await madeBy(lock));
  }
}

/** A list in the server that a lock is in. */
function madeBy(proxy: BaseProxy): Promise<ListProxy> {
  const { address } = proxy._token;
  let manager = managers.get(String(address));
  if (manager === undefined) {
    manager = new SyncManager({ address });
    managers.set(String(address), manager);
  }
  return manager.connect().then(() => manager.list([1]));
}
const managers = new Map<string, SyncManager>();

/** Waits for what does not come; tells the error that ends the wait. */
export async function waitForThem(
  what: "lock" | "queue" | "event",
  { lock, queue, event }: {
    lock: AcquirerProxy;
    queue: QueueProxy;
    event: EventProxy;
  },
  said: Queue<string>,
): Promise<void> {
  const waits = {
    lock: () => lock.acquire(),
    queue: () => queue.get(),
    event: () => event.wait(),
  };
  const waiting = waits[what]().then(() => "no error", (error: Error) => error.name);
  await event.is_set(); // the wait has begun
  await said.put("waiting");
  await said.put(await waiting);
}
