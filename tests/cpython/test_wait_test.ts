/**
 * `TestWait` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from what
 * each case checks.
 *
 * Changed:
 * - Timeouts are short, and it is only checked that they are not early.
 * - `test_wait_socket`, `test_wait_socket_slow`: what is waited for are connections that a
 *   Listener has accepted, as sockets of the runtimes have no common way to ask whether
 *   there is something to read.
 * - `test_wait_integer`: a sentinel is an object, not a number; the process ends when it
 *   is told to.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { EOFError, Pipe, type Process, SimpleQueue } from "../../mod.ts";
import { type Connection, Listener, wait } from "../../src/connection.ts";
import { test } from "../suite.ts";
import { exitcodeOf, started } from "./helpers/checks.ts";
import { connectAndSendTen, sendTen, waitForGo } from "./helpers/connection_targets.ts";

for (const slow of [false, true]) {
  test(`TestWait.test_wait${slow ? "_slow" : ""}`, async () => {
    const readers: Connection[] = [];
    const processes: Process[] = [];
    for (let i = 0; i < 4; i++) {
      const [r, w] = Pipe<[number, number]>({ duplex: false });
      const p = await started(sendTen, [w, slow], { daemon: true });
      w.close();
      readers.push(r);
      processes.push(p);
    }
    await receiveAll(readers, processes);
  });

  test(`TestWait.test_wait_socket${slow ? "_slow" : ""}`, async () => {
    const listener = await Listener(["localhost", 0]);
    const address = listener.address as [string, number];
    const readers: Connection[] = [];
    const processes: Process[] = [];
    for (let i = 0; i < 4; i++) {
      const p = await started(connectAndSendTen, [address, slow], { daemon: true });
      readers.push(await listener.accept());
      processes.push(p);
    }
    listener.close();
    await receiveAll(readers, processes);
  });
}

/** Waits for and receives what all processes send, until each has closed its end. */
async function receiveAll(readers: Connection[], processes: Process[]): Promise<void> {
  const messages: [number, number][] = [];
  while (readers.length > 0) {
    for (const r of await wait(readers)) {
      try {
        messages.push(await r.recv());
      } catch (error) {
        if (!(error instanceof EOFError)) throw error;
        readers = readers.filter((reader) => reader !== r);
        r.close();
      }
    }
  }
  for (const p of processes) strictEqual(await exitcodeOf(p), 0);
  const expected = processes.flatMap(({ pid }) =>
    Array.from({ length: 10 }, (_, i) => `${i} of ${pid}`)
  );
  const found = messages.map(([i, pid]) => `${i} of ${pid}`);
  deepStrictEqual(found.toSorted(), expected.toSorted());
}

test("TestWait.test_wait_timeout", async () => {
  const timeout = 0.1;
  const [a, b] = Pipe();
  const start = performance.now();
  deepStrictEqual(await wait([a, b], timeout), []);
  ok(performance.now() - start >= timeout * 1000 - 1);

  await b.send(null);
  deepStrictEqual(await wait([a, b], 20), [a]);
});

test("TestWait.test_wait_integer", async () => {
  const go = SimpleQueue<null>();
  const [a, b] = Pipe();
  const p = await started(waitForGo, [go]);
  strictEqual(typeof p.sentinel, "object");

  deepStrictEqual(await wait([a, p.sentinel, b], 0), []);
  await go.put(null);
  deepStrictEqual(await wait([a, p.sentinel, b], 40), [p.sentinel]);
  await a.send(null);
  deepStrictEqual(await wait([a, p.sentinel, b], 40), [p.sentinel, b]);
  await b.send(null);
  deepStrictEqual(await wait([a, p.sentinel, b], 40), [a, p.sentinel, b]);

  p.terminate();
  strictEqual(await exitcodeOf(p), 0);
});

test("TestWait.test_neg_timeout", async () => {
  const [a, b] = Pipe();
  deepStrictEqual(await wait([a], { timeout: -1 }), []);
  a.close();
  b.close();
});
