/** Targets of the pipes' own tests. */
import process from "node:process";
import type { Connection } from "../../src/connection.ts";

/** Messages of a batch, and bytes of each: with their heads less than 64 KiB. */
const COUNT = 60;
const SIZE = 1000;

/** Sends first and receives then, as the other process does, again and again. */
export async function sendThenReceive(to: Connection, from: Connection): Promise<void> {
  for (let round = 1; round <= 10; round++) {
    // The odd sizes leave something that has been taken and is not told yet.
    for (let i = 0; i < COUNT; i++) await to.send_bytes(new Uint8Array(SIZE + round));
    for (let i = 0; i < COUNT; i++) await from.recv_bytes();
  }
  to.close();
  from.close();
}

/** Sends a message and lets go of the end, long before the process ends. */
export async function sendAndClose(to: Connection, message: string): Promise<void> {
  await to.send(message);
  to.close();
}

/** Sends a message and keeps the end until it may go. */
export async function sendAndHold(
  to: Connection,
  gate: Connection,
  message: string,
): Promise<void> {
  await to.send(message);
  await gate.recv();
}

export async function sendAndKill(to: Connection, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await to.send(i);
  process.kill(process.pid, "SIGKILL");
}

/** Receives one message and ends. */
export async function receiveOne(from: Connection): Promise<void> {
  await from.recv();
}

/** Sends back what comes, until nothing does; the last word is how many there were. */
export async function countBack(connection: Connection): Promise<void> {
  let count = 0;
  for await (const message of connection) {
    if (message === "how many") return await connection.send(count);
    count++;
  }
}

/** Ends without having received anything. */
export async function leaveUnread(connection: Connection): Promise<void> {
  await connection.send("begun");
}

/** Receives up to `null`, and ends without closing. */
export async function readAll(connection: Connection): Promise<void> {
  await connection.send("begun");
  while (await connection.recv() !== null);
}
