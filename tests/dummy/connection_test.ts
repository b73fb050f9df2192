import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { Pipe, Process } from "../../src/dummy.ts";
import { Client, Connection, families, Listener } from "../../src/dummy/connection.ts";
import { test } from "../suite.ts";

test("a pipe has two ends, and copies nothing", async () => {
  const [a, b] = Pipe();
  const item = [1];
  await a.send(item);
  strictEqual(await b.recv(), item);
  await b.send_bytes("anything");
  strictEqual(await a.recv_bytes(), "anything");
  await rejects(a.recv(false), { name: "Empty" });
  await rejects(a.recv({ timeout: 0.01 }), { name: "Empty" });
  a.close();
  await a.send(2); // closing does nothing, as in Python
  strictEqual(await b.recv(), 2);
  strictEqual(a.__enter__(), a);
  match(
    String(a),
    /^<multiprocessing.dummy.connection.Connection object at 0x[0-9a-f]+>$/,
  );
  throws(() => (Pipe as (...args: unknown[]) => unknown)(1, 2), {
    message: "Pipe() takes from 0 to 1 positional arguments but 2 were given",
  });
});

test("poll tells whether there is something, and takes nothing", async () => {
  const [a, b] = Pipe();
  strictEqual(await a.poll(), false);
  strictEqual(await a.poll(0.01), false);
  strictEqual(await a.poll(-1), false);
  const waiting = [a.poll(null), a.poll({ timeout: 20 })];
  await b.send(1);
  deepStrictEqual(await Promise.all(waiting), [true, true]);
  deepStrictEqual([await a.poll(), await a.recv(), await a.poll()], [true, 1, false]);
  const stop = new AbortController();
  const given = a.poll({ timeout: null, signal: stop.signal });
  stop.abort(new Error("enough"));
  await rejects(given, /enough/);
});

test("a listener gets its clients from other threads", async () => {
  const listener = Listener();
  const p = new Process({
    target: async () => {
      const conn = await Client(listener.address!);
      await conn.send(await conn.recv() + 1);
    },
  });
  await p.start();
  const conn = await listener.accept<number>();
  strictEqual(conn instanceof Connection, true);
  await conn.send(41);
  strictEqual(await conn.recv(), 42);
  await p.join();
  listener.close();
  strictEqual(listener.address, null);
  await rejects(listener.accept(), {
    name: "AttributeError",
    message: "'NoneType' object has no attribute 'get'",
  });
  deepStrictEqual(families, [null]);
});

test("as many clients as the backlog has room for", async () => {
  const listener = new Listener({ backlog: 1 });
  await Client(listener.address!);
  const stop = new AbortController();
  const second = Client(listener.address!, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await rejects(second, /enough/);
  await listener.accept();
  await Client(listener.address!);
});
