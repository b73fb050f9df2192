/** Sockets' connections in other processes than that which made them. */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { connect } from "node:net";
import { Pipe, Pool, Process, Queue } from "../../mod.ts";
import { Client, type Connection, Listener } from "../../src/connection.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "../cpython/helpers/checks.ts";
import { pythonTest, runPython } from "../helpers/python.ts";
import * as targets from "../helpers/relay_targets.ts";
import { type RunningProgram, startProgram, stdoutOf } from "../helpers/run.ts";
import { LEAKING, SOCKETS } from "../helpers/groups.ts";
import { socketPair } from "../helpers/socket_pairs.ts";

/** Whoever is behind the connection echoes; who it is. */
async function checkEcho(client: Connection, count = 50): Promise<number> {
  let pid = 0;
  for (let i = 0; i < count; i++) {
    const value = { i, text: "x".repeat(i * 37) };
    await client.send(value);
    const [by, echoed] = await client.recv();
    deepStrictEqual(echoed, value);
    pid = by;
  }
  return pid;
}

SOCKETS.test(
  "a process is started with it, and serves it when the server has closed its own",
  async () => {
    const [server, client] = await socketPair();
    await client.send("sent before the process was there");
    const p = new Process({ target: targets.echo, args: [server] });
    p.start();
    server.close();
    strictEqual((await client.recv())[1], "sent before the process was there");
    strictEqual(await checkEcho(client), p.pid);
    client.close();
    strictEqual(await exitcodeOf(p), 0);
  },
);

SOCKETS.test("it goes through a queue, and through a pipe", async () => {
  const queue = Queue<Connection | null>();
  const [pipe, theirs] = Pipe();
  const workers = [
    new Process({ target: targets.echoAll, args: [queue] }),
    new Process({ target: targets.echoThrough, args: [theirs] }),
  ] as const;
  for (const p of workers) await p.start();
  theirs.close();
  for (let round = 0; round < 3; round++) {
    for (const [i, p] of workers.entries()) {
      const [server, client] = await socketPair();
      await (i === 0 ? queue.put(server) : pipe.send(server));
      server.close();
      strictEqual(await checkEcho(client), p.pid);
      client.close();
    }
  }
  await queue.put(null);
  pipe.close();
  for (const p of workers) strictEqual(await exitcodeOf(p), 0);
});

SOCKETS.test("a task of a pool gets it", async () => {
  const pool = Pool(2);
  const results = [];
  const clients: Connection[] = [];
  for (let i = 0; i < 4; i++) {
    const [server, client] = await socketPair();
    results.push(pool.apply_async(targets.echo, [server]));
    server.close();
    clients.push(client);
  }
  for (const client of clients) {
    const pid = await checkEcho(client);
    ok(pool._pool.some((worker) => worker.pid === pid));
    client.close();
  }
  for (const result of results) strictEqual(await result.get(CLAIM_WAIT), "50 echoed");
  await pool.close();
  await pool.join();
});

SOCKETS.test("the process that has it may give it to another one", async () => {
  const [server, client] = await socketPair();
  const p = await started(targets.passOn, [server]);
  server.close();
  ok(![p.pid, 0].includes(await checkEcho(client)));
  client.close();
  strictEqual(await exitcodeOf(p), 0);
});

SOCKETS.test("all ways of receiving work there, and say what they say elsewhere", async () => {
  const [server, client] = await socketPair();
  const p = await started(targets.receive, [server]);
  server.close();
  strictEqual(await client.recv(), false);
  await client.send_bytes(Uint8Array.of(1, 2, 3));
  strictEqual(await client.recv(), true);
  deepStrictEqual(await client.recv(), Uint8Array.of(1, 2, 3));
  await client.send_bytes(Uint8Array.of(7, 8));
  deepStrictEqual(await client.recv_bytes(), Uint8Array.of(0, 7, 8));
  const long = Uint8Array.from({ length: 5_000_000 }, (_, i) => i % 251);
  await client.send_bytes(long);
  deepStrictEqual(await client.recv(), [long.length, true]);
  await client.send_bytes(Uint8Array.of(1, 2, 3, 4));
  strictEqual(await client.recv(), "OSError: bad message length");
  strictEqual(await client.recv(), "OSError: connection is write-only");
  await rejects(client.recv(), { name: "EOFError" });
  client.close();
  strictEqual(await exitcodeOf(p), 0);
});

SOCKETS.test("the other side's end is told as it is elsewhere", async () => {
  for (
    const [head, failure] of [
      [null, "EOFError: "],
      [[0, 0, 0, 100, 1], "OSError: got end of file during message"],
      [[0x80, 0, 0, 0, 0], "OSError: bad message length"],
    ] as const
  ) {
    const listener = await Listener();
    const socket = connect(listener.address as string);
    const server = await listener.accept();
    listener.close();
    const said = Queue<unknown>();
    const p = await started(targets.tellFailures, [server, said]);
    server.close();
    socket.write(Uint8Array.of(0, 0, 0, 1, 5)); // the number 5 in CBOR
    strictEqual(await said.get(true, CLAIM_WAIT), 5);
    socket.on("error", () => {});
    socket.end(Uint8Array.from(head ?? []));
    strictEqual(await said.get(true, CLAIM_WAIT), true);
    strictEqual(await said.get(true, CLAIM_WAIT), failure);
    strictEqual(await said.get(true, CLAIM_WAIT), "BrokenPipeError");
    strictEqual(await exitcodeOf(p), 0);
    socket.destroy();
  }
});

SOCKETS.test("the worker is killed: the other side hears of it", async () => {
  const [server, client] = await socketPair();
  const p = await started(targets.echo, [server]);
  server.close();
  await checkEcho(client, 3);
  p.kill();
  await rejects(client.recv(), { name: "EOFError" });
  strictEqual(await exitcodeOf(p), -9);
  client.close();
});

SOCKETS.test("the worker is killed: who has kept his own goes on with it", async () => {
  const [server, client] = await socketPair();
  const p = await started(targets.echo, [server]);
  await checkEcho(client, 3);
  p.kill();
  strictEqual(await exitcodeOf(p), -9);
  await server.send("from the server itself");
  strictEqual(await client.recv(), "from the server itself");
  await client.send("to the server itself");
  strictEqual(await server.recv(), "to the server itself");
  client.close();
  server.close();
});

SOCKETS.test("what never arrives takes nothing away", async () => {
  const [server, client] = await socketPair();
  await client.send("first");
  const queue = Queue<unknown>();
  await rejects(async () => await queue.put([server, () => {}]), {
    name: "PicklingError",
  });
  const broken = new Process({
    target: targets.echo,
    args: [server, (() => {}) as never] as never,
  });
  await rejects(async () => await broken.start(), { name: "PicklingError" });
  await queue.put(server);
  queue.close();
  strictEqual(await server.recv(), "first");
  await server.send("second");
  strictEqual(await client.recv(), "second");
  server.close();
  client.close();
});

SOCKETS.test("who sends faster than the worker receives has to wait", async () => {
  const [server, client] = await socketPair();
  const gate = Queue<null>(), said = Queue<unknown>();
  const p = await started(targets.takeLate, [server, gate, said]);
  server.close();
  strictEqual(await said.get(true, CLAIM_WAIT), "holds it");
  let sent = 0;
  const block = new Uint8Array(1 << 18);
  const sending = (async () => {
    for (; sent < 256; sent++) await client.send_bytes(block);
  })();
  // In the time that it takes to send twice as much where somebody receives it.
  const [other, otherClient] = await socketPair();
  for (let i = 0; i < 512; i++) {
    await Promise.all([otherClient.send_bytes(block), other.recv_bytes()]);
  }
  other.close();
  otherClient.close();
  ok(sent < 64, `${sent} of 256 blocks were sent though nobody received`);
  await gate.put(null);
  await sending;
  strictEqual(await said.get(true, CLAIM_WAIT), 64 << 20);
  strictEqual(await exitcodeOf(p), 0);
  client.close();
});

SOCKETS.test("when the process in between ends, the connection does", async () => {
  const addresses = Queue<string>(), connections = Queue<Connection | null>();
  const gate = Queue<null>();
  const between = new Process({
    target: targets.acceptAndEnd,
    args: [addresses, connections, gate],
  });
  const worker = new Process({ target: targets.echoAll, args: [connections] });
  for (const p of [between, worker]) await p.start();
  const client = await Client(await addresses.get(true, CLAIM_WAIT));
  strictEqual(await checkEcho(client), worker.pid);
  await gate.put(null);
  strictEqual(await exitcodeOf(between), 0);
  await rejects(client.recv(), { name: "EOFError" });
  await connections.put(null); // the worker has heard of it too, and takes this
  strictEqual(await exitcodeOf(worker), 0);
  client.close();
});

async function startRelay(way: string): Promise<[RunningProgram, Connection]> {
  const program = startProgram("tests/children/relay_end.ts", { args: [way] });
  await program.waitForOutput("\n");
  const client = await Client(program.stdout.split("\n")[0]!);
  return [program, client];
}

SOCKETS.test("a program ends though it relays to a daemon that takes nothing", async () => {
  const [program, client] = await startRelay("daemon");
  await rejects(async () => {
    for (;;) await client.send_bytes(new Uint8Array(1 << 18));
  }, { name: "BrokenPipeError" });
  stdoutOf(await program.finished);
  client.close();
});

SOCKETS.test(
  "a program that has nothing left to do relays as long as its children run",
  async () => {
    const [program, client] = await startRelay("worker");
    await program.waitForOutput("nothing left to do\n");
    await checkEcho(client);
    client.close();
    stdoutOf(await program.finished);
  },
);

const PYTHON_CLIENT = `
import sys
from multiprocessing.connection import Client
conn = Client(sys.argv[1], authkey=b"secret")
for i in range(20):
    value = {"i": i, "text": "x" * i * 1000, "data": bytes(range(i)), "big": 2 ** 70}
    conn.send(value)
    assert conn.recv()[1] == value
conn.send_bytes(b"\\x80\\x04K\\x07.")
print(conn.recv()[1])
conn.close()
`;

pythonTest("a client in CPython is served by a worker process", async () => {
  const listener = await Listener({ authkey: new TextEncoder().encode("secret") });
  const queue = Queue<Connection | null>();
  const worker = await started(targets.echoAll, [queue]);
  for (let round = 0; round < 2; round++) {
    const client = runPython(PYTHON_CLIENT, [listener.address as string]);
    const conn = await listener.accept();
    await queue.put(conn);
    conn.close();
    strictEqual(stdoutOf(await client), "7\n");
  }
  await queue.put(null);
  strictEqual(await exitcodeOf(worker), 0);
  listener.close();
}, LEAKING);
