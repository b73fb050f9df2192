/**
 * The cases of the benchmark that are about pipes, for one JavaScript runtime: prints
 * them as one line of JSON. `pipes.py` beside it is the same program in Python.
 *
 * @module
 */
import { is_main, Pipe, Process } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { print, warmRate } from "./report.ts";

/** Turns in a case that counts round trips. */
const TURNS = 2_000;

/** Messages in a case that counts messages, by the bytes of each. */
const MESSAGES: Record<string, [size: number, count: number]> = {
  "100B": [100, 20_000],
  "10KB": [10_000, 3_000],
  "1MB": [1_000_000, 100],
};

/** Gives back what it receives, until there is no more. */
export async function echo(connection: Connection): Promise<void> {
  for await (const message of connection) await connection.send(message);
}

/** For each size and count that it is told, receives so many messages and says so. */
export async function receive(orders: Connection, from: Connection): Promise<void> {
  for await (const [, count] of orders) {
    for (let i = 0; i < count; i++) await from.recv_bytes();
    await orders.send("received");
  }
}

/** For each size and count that it is told, sends so many messages. */
export async function send(orders: Connection, to: Connection): Promise<void> {
  for await (const [size, count] of orders) {
    const message = new Uint8Array(size);
    for (let i = 0; i < count; i++) await to.send_bytes(message);
  }
}

/** Round trips per second, from the process that calls it. */
function turns(connection: Connection): Promise<number> {
  return warmRate(TURNS, async () => {
    for (let i = 0; i < TURNS; i++) {
      await connection.send(i);
      await connection.recv();
    }
  });
}

/** Makes round trips, and says how many there were in a second. */
export async function turnAndTell(
  connection: Connection,
  result: Connection,
): Promise<void> {
  await result.send(await turns(connection));
  connection.close();
}

async function roundTrip(): Promise<number> {
  const [here, there] = Pipe();
  const p = new Process({ target: echo, args: [there] });
  p.start();
  there.close();
  const rate = await turns(here);
  here.close();
  await p.join();
  return rate;
}

async function roundTripOfChildren(): Promise<number> {
  const [left, right] = Pipe();
  const [result, tell] = Pipe(false);
  const p = new Process({ target: echo, args: [left] });
  const q = new Process({ target: turnAndTell, args: [right, tell] });
  await Promise.all([p.start(), q.start()]);
  for (const end of [left, right, tell]) end.close();
  const rate = await result.recv();
  await Promise.all([p.join(), q.join()]);
  return rate;
}

/** A process that receives what is sent, and the connection by which it is told of it. */
function startReceiver(from: Connection): [Process, Connection] {
  const [here, there] = Pipe();
  const p = new Process({ target: receive, args: [there, from] });
  p.start();
  there.close();
  return [p, here];
}

/** A process that sends, and the connection by which it is told what. */
function startSender(to: Connection): [Process, Connection] {
  const [here, there] = Pipe();
  const p = new Process({ target: send, args: [there, to] });
  p.start();
  there.close();
  return [p, here];
}

async function childToRoot(size: number, count: number): Promise<number> {
  const [reader, writer] = Pipe(false);
  const [p, orders] = startSender(writer);
  writer.close();
  const rate = await warmRate(count, async () => {
    await orders.send([size, count]);
    for (let i = 0; i < count; i++) await reader.recv_bytes();
  });
  orders.close();
  await p.join();
  return rate;
}

async function rootToChild(size: number, count: number): Promise<number> {
  const [reader, writer] = Pipe(false);
  const [p, orders] = startReceiver(reader);
  reader.close();
  const message = new Uint8Array(size);
  const rate = await warmRate(count, async () => {
    await orders.send([size, count]);
    for (let i = 0; i < count; i++) await writer.send_bytes(message);
    await orders.recv();
  });
  orders.close();
  await p.join();
  return rate;
}

async function childToChild(size: number, count: number): Promise<number> {
  const [reader, writer] = Pipe(false);
  const [p, toReceiver] = startReceiver(reader);
  const [q, toSender] = startSender(writer);
  reader.close();
  writer.close();
  const rate = await warmRate(count, async () => {
    await toReceiver.send([size, count]);
    await toSender.send([size, count]);
    await toReceiver.recv();
  });
  toReceiver.close();
  toSender.close();
  await Promise.all([p.join(), q.join()]);
  return rate;
}

if (is_main(import.meta)) {
  const results: Record<string, number> = {
    pipeRoundTrip: await roundTrip(),
    pipeRoundTripOfChildren: await roundTripOfChildren(),
  };
  for (const [name, [size, count]] of Object.entries(MESSAGES)) {
    results[`pipeChildToRoot${name}`] = await childToRoot(size, count);
    results[`pipeRootToChild${name}`] = await rootToChild(size, count);
    results[`pipeChildToChild${name}`] = await childToChild(size, count);
  }
  print(results);
}
