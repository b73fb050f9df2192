/**
 * Malformed requests of clients that have the key, in our protocol and in CPython's: each costs
 * its own connection at most. They are made of all operations × all shapes.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Client, type Connection } from "../../src/connection.ts";
import { dumpPickle } from "../../src/managers/protocol/pickling.ts";
import {
  HELLO,
  Op,
  put32,
  REQUEST_HEAD,
  WELCOME,
} from "../../src/managers/protocol/messages.ts";
import { type ListProxy, SyncManager } from "../../src/managers.ts";
import { dumps } from "../../src/reduction/mod.ts";
import type { SocketAddress } from "../../src/runtime/sockets.ts";
import { SOCKETS } from "../helpers/groups.ts";

const KEY = new TextEncoder().encode("key");

/** Seconds in which the next client is served, whatever the last one has sent. */
const CLAIM_WAIT = 10;

/** Has `fn` attack a server in a process of its own, which must be the same afterwards. */
function attackTest(
  name: string,
  fn: (address: SocketAddress, manager: SyncManager) => Promise<void>,
): void {
  SOCKETS.test(`managers: ${name}`, async () => {
    await using manager = new SyncManager({ authkey: KEY });
    await manager.start();
    const pid = manager._process!.pid;
    await manager.list([0]); // object number 1, for those who guess
    const list = await manager.list([1, 2]);
    await fn(manager.address!, manager);
    await honest(manager.address!);
    deepStrictEqual(await list._getvalue(), [1, 2]);
    strictEqual(manager._process!.pid, pid);
    strictEqual(manager._process!.is_alive(), true);
  }, { timeout: 120 });
}

/** A client that connects anew: it must be served. */
async function honest(address: SocketAddress): Promise<void> {
  const before = performance.now();
  using connection = await connectClassic(address);
  await connection.send_bytes(dumpPickle([null, "dummy", [], {}]));
  deepStrictEqual(await connection.recv(), ["#RETURN", null]);
  ok(performance.now() - before < CLAIM_WAIT * 1000);
}

/** What the server answers, until it has answered an honest request or hung up. */
async function answers(connection: Connection): Promise<Uint8Array[]> {
  const received: Uint8Array[] = [];
  try {
    await connection.send_bytes(LAST);
    for (;;) {
      received.push(await connection.recv_bytes());
      if (isLast(received.at(-1)!)) break;
    }
  } catch (error) {
    const { name } = error as Error;
    ok(["EOFError", "BrokenPipeError", "ConnectionResetError"].includes(name), name);
  }
  return received;
}

const LAST_CALL = 0xfffffff0;

/** An honest request, the last one of an attack. */
const LAST = request(Op.Public, LAST_CALL, dumps(["dummy", [], null]) as Uint8Array);

/** A connection in our protocol. */
async function connectNative(address: SocketAddress): Promise<Connection> {
  const connection = await Client(address, { authkey: KEY });
  await connection.send_bytes(HELLO);
  deepStrictEqual(new Uint8Array(await connection.recv_bytes()), WELCOME);
  return connection;
}

/** A connection as CPython's clients have it. */
function connectClassic(address: SocketAddress): Promise<Connection> {
  return Client(address, { authkey: KEY, codec: "pickle" });
}

/** A pickle of a value; undefined if no pickle can say it. */
function pickleOf(value: unknown): Uint8Array | undefined {
  try {
    return dumpPickle(value);
  } catch {
    return undefined;
  }
}

function isLast(reply: Uint8Array): boolean {
  return new DataView(reply.buffer, reply.byteOffset).getUint32(1) === LAST_CALL;
}

function request(op: number, call: number, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(REQUEST_HEAD + rest.length);
  bytes[0] = op;
  put32(bytes, 1, call);
  bytes.set(rest, REQUEST_HEAD);
  return bytes;
}

/** Values in the place of a request, its arguments or its keywords. */
const SHAPES: readonly unknown[] = [
  ...[null, undefined, true, 0, -1, 1.5, NaN, 2 ** 52, 10n ** 30n, "", "create"],
  ...[[], {}, [[]], [1], [null, null], [1, 2, 3], ["create"], ["create", null, null]],
  ...[["create", 5, null], ["create", "list", null], ["create", {}, {}]],
  ...[["create", [], null], ["create", [[]], null], ["create", [null], 5]],
  ...[["create", ["list", 5], null], ["create", ["nothing"], null]],
  ...[["get_methods", [], null], ["get_methods", [[1]], null], ["incref", [{}], null]],
  ...[["accept_connection", [7], null], [[["create"]], [], null], [{}, [], null]],
  ...[["dummy", [], []], ["dummy", [], "x"], ["dummy", [], new Map([[1, 2]])]],
  ...[["constructor", [], null], ["__proto__", [], null], ["toString", [], null]],
  ...[new Map([["a", 1]]), new Set([1]), new Uint8Array(3), new Date(0), /x/],
  ...[[{}, "x", [], {}], ["1", 5, [], {}], ["1", "append", 5, {}]],
  ...[["1", "append", [], 5], ["1", ["append"], [1], {}], [null, null, null, null]],
  ...[["zz", "append", [1], {}], [1, "append", [1], {}], ["1", "append", [1], [1]]],
];

/** Requests in our protocol. */
function* nativeRequests(): Generator<Uint8Array> {
  const payloads = SHAPES.map((shape) => dumps(shape) as Uint8Array);
  for (const payload of payloads) {
    yield request(Op.Public, 1, payload);
    for (const method of ["append", "__getitem__", "", "constructor"]) {
      const name = new TextEncoder().encode(method);
      for (const op of [Op.Call, Op.CallKw]) {
        yield request(
          op,
          1,
          Uint8Array.of(0, 0, 0, 1, name.length, ...name, ...payload),
        );
      }
    }
  }
  // Cut everywhere, and all operations that there are not.
  const whole = request(Op.Call, 1, Uint8Array.of(0, 0, 0, 1, 3, 65, 66, 67, 0x80));
  for (let end = 0; end < whole.length; end++) {
    for (const op of [0, ...Object.values(Op), 8, 255]) {
      const cut = whole.slice(0, end);
      if (end > 0) cut[0] = op;
      yield cut;
    }
  }
  yield request(Op.Call, 1, Uint8Array.of(0, 0, 0, 1, 255, 65));
}

attackTest("no request of ours that is none ends the server", async (address) => {
  for (const bytes of nativeRequests()) {
    using connection = await connectNative(address);
    await connection.send_bytes(bytes);
    await answers(connection);
  }
});

attackTest(
  "what is no request is answered with an error, and the connection ends",
  async (address) => {
    for (
      const shape of [null, 5, [], ["dummy"], ["dummy", 5, null], ["dummy", [], 5]]
    ) {
      using connection = await connectNative(address);
      await connection.send_bytes(request(Op.Public, 7, dumps(shape) as Uint8Array));
      const reply = await connection.recv_bytes();
      deepStrictEqual([...reply.subarray(0, 5)], [5, 0, 0, 0, 7]);
      deepStrictEqual(await answers(connection), []);
      ok(
        new TextDecoder().decode(reply).includes(
          "UnpicklingError: malformed request",
        ),
      );
    }
  },
);

attackTest(
  "what cannot be read is answered, and the connection goes on",
  async (address) => {
    using connection = await connectNative(address);
    await connection.send_bytes(request(Op.Public, 7, Uint8Array.of(0xff, 0xff)));
    const replies = await answers(connection);
    deepStrictEqual(replies.map(([kind]) => kind), [5, 2]);
  },
);

attackTest(
  "no request as CPython's clients send them ends the server",
  async (address) => {
    for (const isAccepted of [false, true]) {
      for (const shape of SHAPES) {
        const bytes = pickleOf(shape);
        if (bytes === undefined) continue;
        using connection = await connectClassic(address);
        if (isAccepted) {
          await connection.send_bytes(
            dumpPickle([null, "accept_connection", ["x"], {}]),
          );
          deepStrictEqual(await connection.recv(), ["#RETURN", null]);
        }
        await connection.send_bytes(bytes);
        const [kind] = await connection.recv() as [string, unknown];
        ok(["#TRACEBACK", "#ERROR", "#RETURN"].includes(kind), kind);
        const isRequest = Array.isArray(shape) && shape.length === 4 &&
          Array.isArray(shape[2]) && typeof shape[3] === "object" &&
          !Array.isArray(shape[3]);
        if (isRequest && isAccepted) continue;
        strictEqual(await connection.recv().catch(({ name }) => name), "EOFError");
      }
    }
  },
);

/** A list that holds the same list twice, and so on: 2 ** 60 elements in 60 lists. */
function shared(make: (inner: unknown) => unknown): unknown {
  let value: unknown = "x".repeat(100);
  for (let i = 0; i < 60; i++) value = make(value);
  return value;
}

const TWICE: Record<string, unknown> = {
  "lists": shared((inner) => [inner, inner]),
  "objects": shared((inner) => ({ a: inner, b: inner })),
  "maps": shared((inner) => new Map([["a", inner], ["b", inner]])),
  "sets": shared((inner) => new Set([[inner], [inner, 1]])),
  "tuples one in the other": shared((inner) => [inner]),
};

for (const [what, value] of Object.entries(TWICE)) {
  attackTest(
    `${what} that are shared over and over keep nobody waiting`,
    async (address, manager) => {
      const list = await manager.list([value]) as ListProxy;
      const dict = await manager.dict<unknown, unknown>({ a: value });
      const set = await manager.set();
      await list.append(value);
      const calls = [
        () => list.__str__(),
        () => dict.__str__(),
        () => list._callmethod("__repr__"),
        () => list.count(value),
        () => list.index(value),
        () => list.sort(),
        () => list.remove(value),
        () => dict.__setitem__(value, 1),
        () => dict.get(value),
        () => set.add(value),
        () => list._callmethod("__getattribute__", [value]),
        () => manager._create(value as string),
        () => manager._debug_info(),
      ];
      for (const call of calls) {
        const text = await Promise.resolve().then(call).then(String, String);
        ok(text.length < 1 << 25);
        await honest(address);
      }
      // As CPython's clients say it: names and numbers of objects may be anything there.
      for (const request of [[value, "dummy", [], {}], [null, value, [], {}]]) {
        const bytes = pickleOf(request);
        if (bytes === undefined) continue; // a key that has no hash
        using connection = await connectClassic(address);
        await connection.send_bytes(bytes);
        const [kind] = await connection.recv() as [string, unknown];
        ok(["#TRACEBACK", "#RETURN"].includes(kind));
        await honest(address);
      }
    },
  );
}

attackTest(
  "a number in a request does not make the server count",
  async (address, manager) => {
    const most = Number.MAX_SAFE_INTEGER;
    const list = await manager.list([1, 2, 3]);
    const semaphore = await manager.Semaphore(0);
    const condition = await manager.Condition();
    await condition.acquire();
    for (
      const call of [
        () => list.__mul__(most),
        () => list.__imul__(most),
        () => list.__getitem__(most),
        () => list.insert(most, 1),
        () => semaphore._callmethod("release", [most]),
        () => condition.notify(most),
        () => manager.Barrier(most),
        () => manager.BoundedSemaphore(most),
        () => manager.Queue(most),
        () => manager.Array("i", most as never),
      ]
    ) {
      await Promise.resolve().then(call).catch(() => {});
      await honest(address);
    }
    await condition.release();
  },
);
