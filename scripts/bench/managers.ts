/**
 * The cases of managers and sockets of the benchmark; managers.py has the same in Python.
 * Prints one line of JSON: calls, or messages, a second.
 *
 * @module
 */
import { is_main, Manager, Process } from "../../mod.ts";
import { Client, type Connection, Listener } from "../../src/connection.ts";
import type { SyncManager } from "../../src/managers.ts";
import { type Cases, inFlight, rate, report } from "./report.ts";

const CALLS = 10_000;
const MESSAGES = 50_000;

/** The other end: echoes text until there is null, then counts bytes, and again. */
export async function echo(address: string): Promise<void> {
  const connection = await Client(address, {
    authkey: new TextEncoder().encode("key"),
  });
  for (;;) {
    const message = await connection.recv();
    if (message === "end") break;
    if (message !== null) {
      await connection.send(message);
      continue;
    }
    let count = 0;
    while ((await connection.recv_bytes()).length > 1) count++;
    await connection.send(count);
  }
  connection.close();
}

async function managed(manager: SyncManager): Promise<Cases> {
  const d = await manager.dict(), l = await manager.list(), q = await manager.Queue();
  await d.__setitem__("key", 0);
  return {
    dictSet: () =>
      rate(CALLS, async () => {
        for (let i = 0; i < CALLS; i++) await d.__setitem__("key", i);
      }),
    dictGet: () =>
      rate(CALLS, async () => {
        for (let i = 0; i < CALLS; i++) await d.__getitem__("key");
      }),
    dictSetInFlight: () =>
      rate(CALLS, () => inFlight(CALLS, (i) => d.__setitem__("key", i))),
    dictGetInFlight: () =>
      rate(CALLS, () => inFlight(CALLS, () => d.__getitem__("key"))),
    listAppend: () =>
      rate(CALLS, async () => {
        for (let i = 0; i < CALLS; i++) await l.append(i);
      }),
    managedQueue: () =>
      rate(CALLS, async () => {
        for (let i = 0; i < CALLS / 2; i++) {
          await q.put(i);
          await q.get();
        }
      }),
  };
}

function connected(connection: Connection): Cases {
  return {
    socketRoundTrip: () =>
      rate(CALLS, async () => {
        for (let i = 0; i < CALLS; i++) {
          await connection.send("x");
          await connection.recv();
        }
      }),
    socketThroughput: () =>
      rate(MESSAGES, async () => {
        await connection.send(null);
        const bytes = new Uint8Array(100);
        for (let i = 0; i < MESSAGES; i++) await connection.send_bytes(bytes);
        await connection.send_bytes(new Uint8Array(1));
        await connection.recv();
      }),
  };
}

if (is_main(import.meta)) {
  const manager = Manager();
  const listener = await Listener({ authkey: new TextEncoder().encode("key") });
  const child = new Process({ target: echo, args: [listener.address as string] });
  child.start();
  const connection = await listener.accept();
  await report({ ...await managed(manager), ...connected(connection) });
  await connection.send("end");
  await manager.shutdown();
  await child.join();
  connection.close();
  listener.close();
}
