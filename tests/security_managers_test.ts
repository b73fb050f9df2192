/**
 * Peers of a manager's server and of a `Listener` that mean no good: each costs its own
 * connection, and the next honest client is served.
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { Client, Listener } from "../src/connection.ts";
import { HELLO } from "../src/managers/protocol.ts";
import type { Server } from "../src/managers/server.ts";
import { SyncManager } from "../src/managers.ts";
import { dumpPickle } from "../src/managers/pickling.ts";
import {
  connectSocket,
  type Socket,
  type SocketAddress,
} from "../src/runtime/sockets.ts";
import { test } from "./suite.ts";

const LEAKS = "sockets of strangers are closed in their own time";
const KEY = new TextEncoder().encode("key");

async function serve(fn: (manager: SyncManager, server: Server) => Promise<void>) {
  const owner = new SyncManager({ authkey: KEY });
  const server = await owner.get_server();
  const served = server.serve_forever();
  const manager = new SyncManager({ address: server.address, authkey: KEY });
  try {
    await manager.connect();
    await fn(manager, server);
    const list = await manager.list([1]);
    strictEqual(await list.__len__(), 1);
    await honest(server.address);
  } finally {
    server.stop();
    await served;
  }
}

/** A client that connects anew: it must be served. */
async function honest(address: SocketAddress): Promise<void> {
  const connection = await Client(address, { authkey: KEY, codec: "pickle" });
  await connection.send_bytes(dumpPickle([null, "dummy", [], {}]));
  deepStrictEqual(await connection.recv(), ["#RETURN", null]);
  connection.close();
}

/** A raw connection; what the server says, and its end. */
async function raw(address: SocketAddress) {
  const socket: Socket = await connectSocket(address);
  socket.setHeld(true);
  let received = 0;
  const closed = new Promise<void>((resolve) =>
    socket.start({
      onData: (chunk) => void (received += chunk.length),
      onClose: () => resolve(),
      onDrain() {},
    })
  );
  return { socket, closed, received: () => received };
}

/** Numbers that are the same in each run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

test("a stranger who announces more than 256 bytes is cut off at once", async () => {
  await serve(async (_, server) => {
    const { socket, closed } = await raw(server.address);
    socket.write(Uint8Array.of(0, 0, 1, 1));
    await closed;
    const other = await raw(server.address);
    other.socket.write(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 0));
    await other.closed;
  });
}, { leaks: LEAKS });

test("a wrong key, and a handshake that is played again, are refused", async () => {
  await serve(async (_, server) => {
    await rejects(Client(server.address, { authkey: new Uint8Array(5) }), {
      name: "AuthenticationError",
      message: "digest sent was rejected",
    });
    // An answer that was right for another challenge.
    const { socket, closed } = await raw(server.address);
    const answer = new Uint8Array(4 + 40).fill(7);
    answer.set([0, 0, 0, 40, ...new TextEncoder().encode("{sha256}")]);
    socket.write(answer);
    await closed;
  });
}, { leaks: LEAKS });

test("a flood of half-open connections keeps nobody out", async () => {
  await serve(async (_, server) => {
    const flood = [];
    for (let i = 0; i < 500; i++) flood.push(await raw(server.address));
    await honest(server.address);
    // All but those that may be in their handshake at once have been dropped.
    await Promise.race(flood.map(({ closed }) => closed));
    for (const { socket } of flood) socket.destroy();
  });
}, { leaks: LEAKS });

test("mutated pickles and requests cost the connection only", async () => {
  const random = generator(7);
  const good = [
    dumpPickle([null, "create", ["list", [1, 2, { a: "b" }]], {}]),
    dumpPickle(["1", "__getitem__", [0], {}]),
    dumpPickle([null, "accept_connection", ["x"], {}]),
    HELLO,
    Uint8Array.of(
      1,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      7,
      95,
      95,
      108,
      101,
      110,
      95,
      95,
      128,
    ),
  ];
  /** The first `kept` bytes stay. */
  const mutate = (bytes: Uint8Array, kept: number) => {
    const end = random(4) === 0 ? kept + 1 + random(bytes.length - kept) : undefined;
    const copy = bytes.slice(0, end);
    for (let n = random(4); n >= 0; n--) {
      copy[kept + random(copy.length - kept)] = random(256);
    }
    return copy;
  };
  // What is no request at all ends a connection, so few of them do that.
  const next = (isNative: boolean) =>
    isNative && random(500) > 0 ? mutate(good.at(-1)!, 1) : mutate(good[random(4)]!, 0);
  await serve(async (_, server) => {
    let sent = 0;
    while (sent < 100_000) {
      const connection = await Client(server.address, { authkey: KEY });
      // Half of the connections speak our protocol, half CPython's.
      const isNative = sent % 2 === 0;
      const first = isNative
        ? HELLO
        : dumpPickle([null, "accept_connection", ["x"], {}]);
      try {
        await connection.send_bytes(first);
        for (let i = 0; i < 1001; i++) {
          sent++;
          await connection.send_bytes(next(isNative));
        }
      } catch (error) {
        // The server has had enough of it.
        ok(["BrokenPipeError", "ConnectionResetError"].includes((error as Error).name));
      }
      connection.close();
    }
  });
}, { leaks: LEAKS, timeout: 240 });

test("a pickle that names os.system is refused", async () => {
  await serve(async (_, server) => {
    const connection = await Client(server.address, { authkey: KEY });
    await connection.send_bytes(new TextEncoder().encode("cos\nsystem\n(S'true'\ntR."));
    const [kind, text] = await connection.recv();
    strictEqual(kind, "#TRACEBACK");
    ok(text.includes("global 'os.system' is forbidden"), text);
    connection.close();
  });
}, { leaks: LEAKS });

test("a Listener refuses garbage, and then accepts", async () => {
  const listener = await Listener({ authkey: KEY });
  const slow = await raw(listener.address); // says nothing at all
  const bad = await raw(listener.address);
  const refused = rejects(listener.accept(), { name: "OSError" });
  bad.socket.write(new Uint8Array(64).fill(65));
  await refused;
  const [server, client] = await Promise.all([
    listener.accept(),
    Client(listener.address, { authkey: KEY }),
  ]);
  await server.send("x");
  strictEqual(await client.recv(), "x");
  for (const one of [server, client]) one.close();
  slow.socket.destroy();
  bad.socket.destroy();
  listener.close();
}, { leaks: LEAKS });
