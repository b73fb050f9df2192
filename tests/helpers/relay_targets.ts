/** Targets that get a connection made by a socket. */
import { Process, type Queue } from "../../mod.ts";
import { type Connection, Listener, wait } from "../../src/connection.ts";
import process from "node:process";

/** Sends back what comes, with its own pid, until the other side has closed. */
export async function echo(conn: Connection): Promise<string> {
  let count = 0;
  for await (const value of conn) {
    await conn.send([process.pid, value]);
    count++;
  }
  conn.close();
  return `${count} echoed`;
}

/** The same for each connection of a queue, until null comes. */
export async function echoAll(queue: Queue<Connection | null>): Promise<void> {
  for (let conn = await queue.get(); conn !== null; conn = await queue.get()) {
    await echo(conn);
  }
}

/** The same for each connection that comes through a connection. */
export async function echoThrough(pipe: Connection): Promise<void> {
  for await (const conn of pipe) await echo(conn);
}

/** Gives the connection to a process of its own, and closes its own. */
export async function passOn(conn: Connection): Promise<void> {
  const p = new Process({ target: echo, args: [conn] });
  await p.start();
  conn.close();
  await p.join();
}

/** The name and text of what a call throws. */
async function failure(call: () => Promise<unknown>): Promise<string> {
  try {
    return `no failure: ${JSON.stringify(await call())}`;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** Receives one message, says so, and tells how what comes after it fails. */
export async function tellFailures(
  conn: Connection,
  said: Queue<unknown>,
): Promise<void> {
  await said.put(await conn.recv());
  await said.put(await conn.poll(null));
  await said.put(await failure(() => conn.recv()));
  const sent = await failure(async () => {
    for (;;) await conn.send(1);
  });
  await said.put(sent.split(":")[0]);
}

/** All the ways of receiving, as the commands ask for them. */
export async function receive(conn: Connection): Promise<void> {
  await conn.send(await conn.poll());
  const ready = await wait([conn], null);
  await conn.send(ready.length === 1 && ready[0] === conn && await conn.poll());
  await conn.send(await conn.recv_bytes(3));
  const buffer = new Uint8Array(8);
  const length = await conn.recv_bytes_into(buffer, 2);
  await conn.send_bytes(buffer, 1, length + 1);
  const long = await conn.recv_bytes();
  await conn.send([long.length, long.every((byte, i) => byte === i % 251)]);
  await conn.send(await failure(() => conn.recv_bytes(3)));
  await conn.send(await failure(() => conn.recv()));
}

/** Takes one message when it is told to; holds the connection until then. */
export async function takeLate(
  conn: Connection,
  gate: Queue<null>,
  said: Queue<unknown>,
): Promise<void> {
  await said.put("holds it");
  await gate.get();
  let bytes = 0;
  while (bytes < 64 << 20) bytes += (await conn.recv_bytes()).length;
  await said.put(bytes);
}

/** Holds it, and never does anything. */
export async function hold(_conn: Connection, said: Queue<unknown>): Promise<void> {
  await said.put("holds it");
  await new Promise<never>(() => setInterval(() => {}, 60_000));
}

/** Accepts a connection, hands it on, and ends when it is told to. */
export async function acceptAndEnd(
  addresses: Queue<unknown>,
  connections: Queue<Connection | null>,
  gate: Queue<null>,
): Promise<void> {
  const listener = await Listener();
  await addresses.put(listener.address);
  const conn = await listener.accept();
  await connections.put(conn);
  conn.close();
  listener.close();
  await gate.get();
}
