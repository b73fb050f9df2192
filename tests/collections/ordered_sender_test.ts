/** Whatever is begun in order takes effect in order: by itself, and through each channel. */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Manager, Pipe, Pool, Queue, SimpleQueue } from "../../mod.ts";
import { OrderedSender } from "../../src/collections/ordered_sender.ts";
import type { Connection } from "../../src/connection.ts";
import type { BaseProxy } from "../../src/managers.ts";
import { ClassicChannel } from "../../src/managers/protocol/classic_channel.ts";
import { dumps, PendingPayload } from "../../src/reduction/mod.ts";
import { note, takeNoted } from "../helpers/order_work.ts";
import { outputOf } from "../helpers/run.ts";
import { checkOrder, sendComing, type Sending } from "../helpers/sending.ts";
import { Random } from "../wire/support.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { socketPair } from "../helpers/socket_pairs.ts";
import { test } from "../suite.ts";

const ROUNDS = 20;
const COUNT = 30;

/** Rounds of random items through one channel. */
async function checkRounds(sending: Sending, rounds = ROUNDS): Promise<void> {
  for (let seed = 1; seed <= rounds; seed++) {
    await checkOrder(sending, COUNT, new Random(seed)).catch((error) => {
      error.message = `seed ${seed}: ${error.message}`;
      throw error;
    });
  }
}

const asItem = (value: unknown) => dumps(value);
const asArguments = (value: unknown) => dumps([value]);

async function drain(iterable: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of iterable);
}

/** A function that nobody exports. */
const hidden = () => 0;

// --- by itself

/** A sender whose wait can be aborted, as those of the channels can. */
function enter(
  order: OrderedSender,
  item: unknown,
  send: (item: unknown) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = order.enter(item, (item) => resolve(send(item)), reject);
    signal?.addEventListener("abort", () => {
      leave();
      reject(signal.reason);
    });
  });
}

test("OrderedSender: items go out in order, whichever are waited for, fail or leave", async () => {
  const order = new OrderedSender();
  const sent: unknown[] = [];
  await checkRounds({
    begin: (item, signal) =>
      enter(
        order,
        typeof item === "number" ? item : item.promise,
        (item) => sent.push(item),
        signal,
      ),
    arrived: () => sent.splice(0),
  }, 500);
  strictEqual(order.isClear, true);
});

test("OrderedSender: what is there while nothing waits is sent before enter returns", () => {
  const order = new OrderedSender();
  const sent: number[] = [];
  order.enter(1, (item) => sent.push(item), () => {});
  deepStrictEqual([sent, order.isClear], [[1], true]);
});

test("OrderedSender: what sending one item causes to be sent comes after it", () => {
  const order = new OrderedSender();
  const sent: string[] = [];
  const say = (text: string) => void sent.push(text);
  order.enter("a", () => {
    strictEqual(order.isClear, false);
    order.enter("b", say, () => {});
    say("a");
  }, () => {});
  deepStrictEqual(sent, ["a", "b"]);
});

test("OrderedSender: an item that cannot be handed on fails alone", async () => {
  const order = new OrderedSender();
  const sent: unknown[] = [];
  const failed: unknown[] = [];
  const first = Promise.resolve(1);
  order.enter(first, () => {
    throw new RangeError("no");
  }, (error) => failed.push(String(error)));
  order.enter(2, (item) => sent.push(item), () => {});
  order.enter(Promise.reject("lost"), () => {}, (error) => failed.push(error));
  await first.then(() => {}).then(() => {});
  deepStrictEqual([sent, failed.sort()], [[2], ["RangeError: no", "lost"]]);
  strictEqual(order.isClear, true);
});

test("OrderedSender: who has left is told nothing, and what has gone cannot leave", async () => {
  const order = new OrderedSender();
  const told: unknown[] = [];
  const note = (what: unknown) => void told.push(what);
  const leave = order.enter(Promise.reject("lost"), note, note);
  const leaveLate = order.enter(1, note, note);
  leave();
  leaveLate();
  await Promise.resolve().then(() => {});
  deepStrictEqual(told, [1]);
});

// --- channels

for (const make of [() => Queue(), () => Queue(COUNT), () => SimpleQueue()]) {
  const name = String(make).replace("() => ", "");
  test(`${name}: puts arrive in order`, async () => {
    const q = make() as Queue<unknown>;
    await checkRounds({
      begin: (item, signal) =>
        sendComing(
          item,
          asItem,
          (value) => q.put(value, signal === undefined ? {} : { signal }),
        ),
      async arrived() {
        const items: unknown[] = [];
        while (!await q.empty()) items.push(await q.get());
        return items;
      },
    });
  });
}

/** Sends from one end, and receives at the other while that goes on. */
async function checkConnection(from: Connection, to: Connection): Promise<void> {
  let seen: unknown[] = [];
  const received = (async () => {
    for await (const item of to) seen.push(item);
  })();
  let mark = COUNT;
  await checkRounds({
    begin: (item, signal) =>
      sendComing(
        item,
        asItem,
        (value) => from.send(value, signal === undefined ? {} : { signal }),
      ),
    async arrived() {
      await from.send(++mark);
      while (seen.at(-1) !== mark) await to.poll(0.001);
      const items = seen.slice(0, -1);
      seen = [];
      return items;
    },
  });
  from.close();
  await received;
  to.close();
}

test("Pipe: sends arrive in order", async () => {
  const [to, from] = Pipe(false);
  await checkConnection(from, to);
});

SOCKETS.test("a socket's connection: sends arrive in order", async () => {
  const [to, from] = await socketPair();
  await checkConnection(from, to);
});

SOCKETS.test(
  "a socket's connection that is closed sends all that was begun before",
  async () => {
    const [to, from] = await socketPair();
    const [first, second] = [1, 2].map(() => {
      let resolve!: (value: unknown) => void;
      const promise = new Promise((settle) => resolve = settle);
      return { promise, resolve, reject: () => {} };
    });
    const send = (value: unknown) => from.send(value);
    const sent = [first!, second!, 3].map((item) => sendComing(item, asItem, send));
    from.close();
    second!.resolve(2);
    first!.resolve(1);
    await Promise.all(sent);
    const arrived: unknown[] = [];
    for await (const item of to) arrived.push(item);
    deepStrictEqual(arrived, [1, 2, 3]);
    to.close();
  },
);

test("Pool: calls are begun in order", async () => {
  const pool = Pool(1);
  await checkRounds({
    begin: (item, signal) =>
      sendComing(
        item,
        asArguments,
        (value) =>
          pool.apply_async(
            note,
            [value as number],
            signal === undefined ? {} : { signal },
          ).get(),
      ),
    arrived: () => pool.apply(takeNoted, []),
  });
  await pool.terminate();
});

for (const method of ["map_async", "starmap_async", "imap"] as const) {
  test(`Pool: nothing behind an element that ${method} waits for overtakes it`, async () => {
    const pool = Pool(1);
    const isStar = method === "starmap_async";
    const elements = [1, hidden, 3].map((x) => isStar ? [x] : x) as never[];
    let find!: () => void;
    const found = new Promise<void>((resolve) => find = resolve);
    const { prototype } = PendingPayload;
    const { resolve } = prototype;
    prototype.resolve = () => found.then(() => dumps([isStar ? [2] : 2]) as never);
    try {
      const done = method === "imap"
        ? drain(pool.imap(note, elements))
        : method === "map_async"
        ? pool.map_async(note, elements, { chunksize: 1 }).get()
        : pool.starmap_async(note, elements, { chunksize: 1 }).get();
      // An imap may go on for ever, so others have their turns in between.
      const behind = method === "imap" ? null : pool.apply_async(note, [4]).get();
      find();
      await done;
      await behind;
    } finally {
      prototype.resolve = resolve;
    }
    const expected = method === "imap" ? [1, 2, 3] : [1, 2, 3, 4];
    deepStrictEqual(await pool.apply(takeNoted, []), expected);
    await pool.terminate();
  });
}

SOCKETS.test("managed objects: calls take effect in order, in our own protocol", async () => {
  const manager = await Manager();
  const list = await manager.list<number>();
  await checkRounds({
    begin: (item, signal) =>
      sendComing(
        item,
        asArguments,
        (value) =>
          list._callmethod("append", [value], signal === undefined ? null : { signal }),
      ),
    async arrived() {
      const items = await list._getvalue();
      await list.clear();
      return items;
    },
  });
  await manager.shutdown();
});

SOCKETS.test("managed objects: calls take effect in order, in CPython's protocol", async () => {
  const manager = await Manager();
  const list = await manager.list<number>();
  const { _token: token } = list as BaseProxy;
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = new Random(seed);
    const channel = new ClassicChannel(token.address, manager._authkey!);
    const expected: number[] = [];
    const calls = Array.from({ length: COUNT }, (_, item) => {
      if (random.below(4) > 0) {
        expected.push(item);
        return channel.call(token, "append", [item], null);
      }
      const abort = new AbortController();
      const call = channel.call(token, "append", [item], null, abort.signal);
      abort.abort(`item ${item} aborted`);
      return call.catch((error) => strictEqual(error, `item ${item} aborted`));
    });
    await Promise.all(calls);
    deepStrictEqual(await list._getvalue(), expected, `seed ${seed}`);
    await list.clear();
    channel.bye();
  }
  await manager.shutdown();
});

SOCKETS.test(
  "managed objects: a call that is given up under way costs only itself, in CPython's protocol",
  async () => {
    const manager = await Manager();
    const event = await manager.Event();
    const token = (event as unknown as BaseProxy)._token;
    const channel = new ClassicChannel(token.address, manager._authkey!);
    await channel.call(token, "is_set", [], null);
    const abort = new AbortController();
    const waiting = channel.call(token, "wait", [], null, abort.signal);
    const behind = ["set", "is_set"].map((name) => channel.call(token, name, [], null));
    abort.abort("enough");
    deepStrictEqual(
      await Promise.allSettled([waiting, ...behind]),
      [
        { status: "rejected", reason: "enough" },
        { status: "fulfilled", value: null },
        { status: "fulfilled", value: true },
      ],
    );
    strictEqual(await event.is_set(), true); // an event that nobody holds would be gone
    channel.bye();
    await manager.shutdown();
  },
);

test("managed objects: a module that the server must load first holds up all behind it", async () => {
  strictEqual(await outputOf("tests/children/manager_order.ts"), "in order\n");
});
