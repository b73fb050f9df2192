/**
 * The cases of managers and sockets of the benchmark; managers.py has the same in Python.
 * Prints one line of JSON: calls, or messages, a second.
 *
 * @module
 */
import { is_main, Manager, Process } from "../../mod.ts";
import { Client, Listener } from "../../src/connection.ts";

const CALLS = 5_000;
const IN_FLIGHT = 100;
const MESSAGES = 20_000;
const RUNS = 3;

/** The best of some runs: others share the machine. */
async function best(count: number, run: () => Promise<void>): Promise<number> {
  let rate = 0;
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await run();
    rate = Math.max(rate, count / ((performance.now() - start) / 1000));
  }
  return Math.round(rate);
}

async function inFlight(call: (i: number) => Promise<unknown>): Promise<void> {
  for (let done = 0; done < CALLS; done += IN_FLIGHT) {
    const calls = [];
    for (let i = 0; i < IN_FLIGHT; i++) calls.push(call(done + i));
    await Promise.all(calls);
  }
}

/** The other end: echoes what is text, counts what is bytes. */
export async function echo(address: string): Promise<void> {
  const connection = await Client(address, {
    authkey: new TextEncoder().encode("key"),
  });
  for (;;) {
    const message = await connection.recv();
    if (message === null) break;
    await connection.send(message);
  }
  let count = 0;
  while ((await connection.recv_bytes()).length > 1) count++;
  await connection.send(count);
  connection.close();
}

if (is_main(import.meta)) {
  const rates: Record<string, number> = {};
  const manager = Manager();
  const d = await manager.dict();
  rates["dictSet"] = await best(CALLS, async () => {
    for (let i = 0; i < CALLS; i++) await d.__setitem__("key", i);
  });
  rates["dictGet"] = await best(CALLS, async () => {
    for (let i = 0; i < CALLS; i++) await d.__getitem__("key");
  });
  rates["dictSetInFlight"] = await best(
    CALLS,
    () => inFlight((i) => d.__setitem__("key", i)),
  );
  rates["dictGetInFlight"] = await best(
    CALLS,
    () => inFlight(() => d.__getitem__("key")),
  );
  const l = await manager.list();
  rates["listAppend"] = await best(CALLS, async () => {
    for (let i = 0; i < CALLS; i++) await l.append(i);
  });
  const q = await manager.Queue();
  rates["managedQueue"] = await best(CALLS, async () => {
    for (let i = 0; i < CALLS / 2; i++) {
      await q.put(i);
      await q.get();
    }
  });
  await manager.shutdown();

  const listener = await Listener({ authkey: new TextEncoder().encode("key") });
  const child = new Process({ target: echo, args: [listener.address as string] });
  child.start();
  const connection = await listener.accept();
  rates["socketRoundTrip"] = await best(CALLS, async () => {
    for (let i = 0; i < CALLS; i++) {
      await connection.send("x");
      await connection.recv();
    }
  });
  await connection.send(null);
  const start = performance.now();
  const bytes = new Uint8Array(100);
  for (let i = 0; i < MESSAGES; i++) await connection.send_bytes(bytes);
  await connection.send_bytes(new Uint8Array(1));
  await connection.recv();
  rates["socketThroughput"] = Math.round(
    MESSAGES / ((performance.now() - start) / 1000),
  );
  connection.close();
  await child.join();
  listener.close();
  console.log(JSON.stringify(rates));
}
