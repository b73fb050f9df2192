/** Targets of the connection tests. */
import process from "node:process";
import {
  Client,
  type Connection,
  type Family,
  Listener,
} from "../../../src/connection.ts";
import * as dummy from "../../../src/dummy/connection.ts";
import type { SocketAddress } from "../../../src/runtime/sockets.ts";
import type { Queue, SimpleQueue } from "../../../mod.ts";

/** The message that ends `echo`: empty, as in CPython. */
export const SENTINEL: Uint8Array = new Uint8Array(0);

/** Sends back all that comes, till an empty message. With threads that may be any value. */
export async function echo(conn: Connection): Promise<void> {
  for (;;) {
    const message: Uint8Array | null = await conn.recv_bytes();
    if (message?.length === 0) break;
    await conn.send_bytes(message!);
  }
  conn.close();
}

/** Sends byte strings, each when it is told to, and closes. */
export async function sendStrings(
  conn: Connection,
  strings: Uint8Array[],
  go: Queue<null>,
): Promise<void> {
  for (const string of strings) {
    await go.get();
    await conn.send_bytes(string);
  }
  conn.close();
}

/** Says that it looks, and looks whether there is a message. */
export async function pollOnly(
  reader: Connection,
  said: Queue<boolean>,
): Promise<void> {
  const readable = reader.poll(40);
  await said.put(false);
  await said.put(await readable);
}

/** Sends three messages. */
export async function sendThree(conn: Connection): Promise<void> {
  for (const text of ["a", "b", "cd"]) {
    await conn.send_bytes(new TextEncoder().encode(text));
  }
}

/** Gets the two ends of other pipes, writes to one, reads from the other. */
export async function useEnds(conn: Connection): Promise<void> {
  const writer: Connection = await conn.recv();
  await writer.send("all is well");
  writer.close();

  const reader: Connection = await conn.recv();
  const message: string = await reader.recv();
  await conn.send(message + message);
  conn.close();
}

/** Listens, and sends who was accepted; stays until it is told to go. */
export async function acceptAndSend(
  conn: Connection,
  families: Family[],
): Promise<void> {
  for (const family of families) {
    const listener = await Listener({ family });
    await conn.send(listener.address);
    const accepted = await listener.accept();
    await conn.send(accepted);
    accepted.close();
    listener.close();
  }
  await conn.recv();
}

/** Takes pairs of an address and a text, and sends the text there, in capitals. */
export async function connectAndShout(conn: Connection): Promise<void> {
  for (;;) {
    const order: [[string, number], string] | null = await conn.recv();
    if (order === null) break;
    const client = await Client(order[0]);
    await client.send(order[1].toUpperCase());
    client.close();
  }
  conn.close();
}

/** Makes pipes and sends one end of each, closing its own at once. */
export async function makeEnds(conn: Connection, names: string[]): Promise<void> {
  const { Pipe } = await import("../../../mod.ts");
  for (const name of names) {
    const [mine, yours] = Pipe();
    await conn.send([name, yours]);
    yours.close();
    await conn.send((await mine.recv()).toUpperCase());
    mine.close();
  }
  await conn.recv();
}

/** Takes pairs of an end and a text, and sends the text through the end. */
export async function sendThrough(conn: Connection): Promise<void> {
  for (;;) {
    const order: [Connection, string] | null = await conn.recv();
    if (order === null) break;
    const [end, text] = order;
    await end.send(text);
    end.close();
  }
  conn.close();
}

/** Sends ten messages with its pid, each in a turn of its own if `slow`. */
export async function sendTen(writer: Connection, slow: boolean): Promise<void> {
  for (let i = 0; i < 10; i++) {
    if (slow) await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    await writer.send([i, process.pid]);
  }
  writer.close();
}

/** As `sendTen`, over a socket: connects first, and is gone when its listener has closed. */
export async function connectAndSendTen(
  address: [string, number],
  slow: boolean,
): Promise<void> {
  await sendTen(await Client(address), slow);
}

/** Connects and says hello. */
export async function connectAndSay(address: SocketAddress): Promise<void> {
  const connection = await Client(address);
  await connection.send("hello");
  connection.close();
}

/** The same with threads. */
export async function connectHere(
  address: Parameters<typeof dummy.Client>[0],
): Promise<void> {
  const connection = await dummy.Client(address);
  await connection.send("hello");
  connection.close();
}

/** Ends when it is told to. */
export async function waitForGo(go: SimpleQueue<null>): Promise<void> {
  await go.get();
}

/** A signal that means nothing to the runtimes. */
export const SIGNAL = "SIGUSR2";

/** More than a pipe holds. */
export const LARGE: Uint8Array = new Uint8Array(4 * 1024 * 1024).fill(120);

/** Has a connection told of each of so many signals, which have come when this ends. */
async function handling(
  conn: Connection,
  count: number,
  fn: () => Promise<void>,
): Promise<void> {
  let handler = () => {};
  const all = new Promise<void>((resolve) => {
    handler = () => {
      void conn.send("handled");
      if (--count === 0) resolve();
    };
  });
  process.on(SIGNAL, handler);
  await fn();
  await all;
  process.removeListener(SIGNAL, handler);
}

/** Receives, sends it back, and then much. Each signal is told of. */
export async function receiveAndSend(conn: Connection): Promise<void> {
  await handling(conn, 2, async () => {
    await conn.send("ready");
    await conn.send(await conn.recv());
    await conn.send_bytes(LARGE);
  });
}

/** Waits for a client and welcomes it. Each signal is told of. */
export async function acceptAndWelcome(conn: Connection): Promise<void> {
  await handling(conn, 1, async () => {
    const listener = await Listener();
    await conn.send(listener.address);
    const accepted = await listener.accept();
    await accepted.send("welcome");
    // Bun's client may not be there yet when the listener is gone.
    await accepted.poll(null);
    accepted.close();
    listener.close();
  });
}

/** Sends the signal to a process. */
export function sendSignal(pid: number): void {
  process.kill(pid, SIGNAL);
}
