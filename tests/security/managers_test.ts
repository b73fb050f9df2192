/**
 * Peers of a manager's server and of a `Listener` that mean no good: each costs its own
 * connection, and the next honest client is served.
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { Client, Listener } from "../../src/connection.ts";
import { encodeName, HELLO } from "../../src/managers/protocol/messages.ts";
import type { Server } from "../../src/managers/server.ts";
import { MAX_HANDSHAKES } from "../../src/connection/handshake.ts";
import { SyncManager } from "../../src/managers.ts";
import { dumpPickle } from "../../src/managers/protocol/pickling.ts";
import {
  connectSocket,
  listenSocket,
  type Socket,
  type SocketAddress,
} from "../../src/runtime/sockets.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { pairOf } from "../helpers/socket_pairs.ts";
import { bytes, concat, Random } from "../wire/support.ts";

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

SOCKETS.test("a stranger who announces more than 256 bytes is cut off at once", async () => {
  await serve(async (_, server) => {
    const { socket, closed } = await raw(server.address);
    socket.write(Uint8Array.of(0, 0, 1, 1));
    await closed;
    const other = await raw(server.address);
    other.socket.write(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 0));
    await other.closed;
  });
});

SOCKETS.test("a wrong key is refused", async () => {
  await serve(async (_, server) => {
    await rejects(Client(server.address, { authkey: new Uint8Array(5) }), {
      name: "AuthenticationError",
      message: "digest sent was rejected",
    });
  });
});

/** Lets one client through to a server, and keeps what it has said. */
async function record(address: SocketAddress) {
  const said: Uint8Array[] = [];
  const relay = await listenSocket(["127.0.0.1", 0], 1, (client) => {
    client.setHeld(true);
    void connectSocket(address).then((server) => {
      server.setHeld(true);
      client.start({
        onData(chunk) {
          said.push(chunk.slice());
          server.write(chunk.slice());
        },
        onClose: () => server.end(),
        onDrain() {},
      });
      server.start({
        onData: (chunk) => client.write(chunk.slice()),
        onClose: () => client.end(),
        onDrain() {},
      });
    });
  });
  return { address: relay.address, said, close: () => relay.close() };
}

SOCKETS.test("a handshake that is played again is refused", async () => {
  await serve(async (manager, server) => {
    const relay = await record(server.address);
    const connection = await Client(relay.address, { authkey: KEY });
    await connection.send_bytes(dumpPickle([null, "create", ["list", [1]], {}]));
    const [kind] = await connection.recv();
    strictEqual(kind, "#RETURN"); // the recording is a good one
    connection.close();
    relay.close();
    const before = await manager._number_of_objects();
    const { socket, closed, received } = await raw(server.address);
    for (const chunk of relay.said) socket.write(chunk.slice());
    await closed;
    // A challenge and a refusal, and nothing behind them.
    strictEqual(received(), 4 + 59 + 4 + "#FAILURE#".length);
    strictEqual(await manager._number_of_objects(), before);
  });
});

/** Opens connections that say less than a header, and gives them. */
async function flood(address: SocketAddress, count: number) {
  const strangers = [];
  for (let i = 0; i < count; i++) {
    const stranger = await raw(address);
    stranger.socket.write(Uint8Array.of(0, 0, 0));
    strangers.push(stranger);
  }
  return strangers;
}

SOCKETS.test("a flood of half-open connections keeps nobody out", async () => {
  await serve(async (_, server) => {
    const strangers = await flood(server.address, 500);
    await honest(server.address);
    // All but those that may be in their handshake at once have been dropped.
    await Promise.all(
      strangers.slice(0, 500 - MAX_HANDSHAKES).map(({ closed }) => closed),
    );
    for (const { socket } of strangers) socket.destroy();
  });
});

SOCKETS.test("memory stays flat under a flood", async () => {
  const manager = new SyncManager({ authkey: KEY });
  await manager.start();
  const { pid } = manager._process!;
  const sizes: number[] = [];
  for (let round = 0; round < 40; round++) {
    const strangers = await flood(manager.address!, 500);
    await honest(manager.address!);
    for (const { socket } of strangers) socket.destroy();
    sizes.push(residentMiB(pid!));
  }
  // The first rounds fill what the runtime keeps, and now and then it tidies up. After that
  // 10,000 connections add less than 5 KiB each, which is what a server of Node's that does
  // nothing but drop them may take (its heap stays as it is): one that was kept takes more.
  const before = Math.max(...sizes.slice(10, 20)), after = Math.min(...sizes.slice(30));
  ok(after - before < 48, `MiB after each round: ${sizes.join(" ")}`);
  await manager.shutdown();
}, {
  timeout: 120,
  skip: !existsSync("/proc/self/statm") && "memory is read in /proc",
});

function residentMiB(pid: number): number {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
  return Math.round(Number(pages) * 4096 / 2 ** 20);
}

SOCKETS.test(
  "a Listener drops the oldest strangers, whether or not somebody accepts",
  async () => {
    for (const isAccepting of [true, false]) {
      const listener = await Listener({ authkey: KEY });
      const accepted = isAccepting ? listener.accept() : undefined;
      const strangers = await flood(listener.address, 500);
      const client = Client(listener.address, { authkey: KEY });
      const server = await (accepted ?? listener.accept());
      await server.send("welcome");
      strictEqual(await (await client).recv(), "welcome");
      for (const one of [server, await client]) one.close();
      for (const { socket } of strangers) socket.destroy();
      listener.close();
    }
  },
);

SOCKETS.test(
  "mutated messages cost a connection's reader an error each, and no more",
  async () => {
    const listener = await Listener({ authkey: KEY });
    const [server, client] = await pairOf(listener, { authkey: KEY, codec: "pickle" });
    const random = new Random(11);
    const value = { text: ["a", 1, 2.5, null, true], more: new Map([[1, 2n ** 70n]]) };
    const pickle = dumpPickle(value);
    let refused = 0;
    for (let i = 0; i < 20_000; i++) {
      await client.send_bytes(random.mutated(pickle));
      await server.recv().catch((error) => {
        ok(error instanceof Error && error.name !== "RangeError", String(error));
        refused++;
      });
    }
    ok(refused > 1000, String(refused));
    await client.send(value);
    deepStrictEqual(await server.recv(), value);
    for (const one of [server, client]) one.close();
    listener.close();
  },
  { timeout: 120 },
);

SOCKETS.test("mutated pickles and requests cost the connection only", async () => {
  const random = new Random(7);
  const good = [
    dumpPickle([null, "create", ["list", [1, 2, { a: "b" }]], {}]),
    dumpPickle(["1", "__getitem__", [0], {}]),
    dumpPickle([null, "accept_connection", ["x"], {}]),
    HELLO,
    // A call of the first object's `__len__`, without arguments.
    concat(bytes("01 00000001 00000000 00000001"), encodeName("__len__"), bytes("80")),
  ];
  /** The first `kept` bytes stay. */
  const mutate = (whole: Uint8Array, kept: number) => {
    const isCut = random.below(4) === 0;
    const end = isCut ? kept + 1 + random.below(whole.length - kept) : undefined;
    const copy = whole.slice(0, end);
    for (let n = random.below(4); n >= 0; n--) {
      copy[kept + random.below(copy.length - kept)] = random.below(256);
    }
    return copy;
  };
  // What is no request at all ends a connection, so few of them do that.
  const next = (isNative: boolean) =>
    isNative && random.below(500) > 0
      ? mutate(good.at(-1)!, 1)
      : mutate(random.of(good.slice(0, 4)), 0);
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
}, { timeout: 240 });

SOCKETS.test("a pickle that names os.system is refused", async () => {
  await serve(async (_, server) => {
    const connection = await Client(server.address, { authkey: KEY });
    await connection.send_bytes(new TextEncoder().encode("cos\nsystem\n(S'true'\ntR."));
    const [kind, text] = await connection.recv();
    strictEqual(kind, "#TRACEBACK");
    ok(text.includes("global 'os.system' is forbidden"), text);
    connection.close();
  });
});

SOCKETS.test("a Listener refuses garbage, and then accepts", async () => {
  const listener = await Listener({ authkey: KEY });
  const slow = await raw(listener.address); // says nothing at all
  const bad = await raw(listener.address);
  const refused = rejects(listener.accept(), { name: "OSError" });
  bad.socket.write(new Uint8Array(64).fill(65));
  await refused;
  const [server, client] = await pairOf(listener, { authkey: KEY });
  await server.send("x");
  strictEqual(await client.recv(), "x");
  for (const one of [server, client]) one.close();
  slow.socket.destroy();
  bad.socket.destroy();
  listener.close();
});
