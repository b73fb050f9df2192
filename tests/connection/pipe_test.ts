import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { Pipe, Process } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { dumps, loads } from "../../src/reduction/mod.ts";
import { exitcodeOf, raises, started } from "../cpython/helpers/checks.ts";
import * as targets from "../helpers/pipe_targets.ts";
import { test } from "../suite.ts";

test("Pipe: two ways or one, by place or by name", async () => {
  for (const [a, b] of [Pipe(), Pipe(true), Pipe({ duplex: true })]) {
    deepStrictEqual(
      [a.readable, a.writable, b.readable, b.writable],
      Array(4).fill(true),
    );
    await a.send(1);
    await b.send(2);
    deepStrictEqual([await a.recv(), await b.recv()], [2, 1]);
  }
  for (const [r, w] of [Pipe(false), Pipe({ duplex: false })]) {
    deepStrictEqual([r.readable, r.writable], [true, false]);
    deepStrictEqual([w.readable, w.writable], [false, true]);
  }
  throws(() => Pipe(wrong({ simplex: true })), {
    name: "TypeError",
    message: /unexpected keyword argument 'simplex'/,
  });
});

function wrong(value: unknown): boolean {
  return value as boolean;
}

test("Pipe: who receives first and who sends first need not agree", async () => {
  const [a, b] = Pipe();
  const receiving = [b.recv(), b.recv(), b.recv()];
  for (const value of ["x", "y", "z"]) await a.send(value);
  deepStrictEqual(await Promise.all(receiving), ["x", "y", "z"]);
});

test("Pipe: two processes that both send 60 KB before they receive do not wait for each other", async () => {
  for (const duplex of [true, false]) {
    const [a, b] = Pipe(duplex);
    const [c, d] = duplex ? [b, a] : Pipe(false);
    // a ◄─ b and c ◄─ d: this process has `a` and `d`, the other one `c` and `b`.
    const p = new Process({ target: targets.sendThenReceive, args: [b, c] });
    const started = p.start();
    for (const end of new Set([b, c])) end.close();
    await targets.sendThenReceive(d, a);
    await started;
    strictEqual(await exitcodeOf(p), 0);
  }
});

test("Pipe: the end of file comes when all who hold the other end have closed it or died", async () => {
  const [r, w] = Pipe(false);
  const [gate, open] = Pipe(false);
  const closes = await started(targets.sendAndClose, [w, "closed"]);
  const dies = await started(targets.sendAndHold, [w, gate, "killed"]);
  w.close();
  deepStrictEqual([await r.recv(), await r.recv()].toSorted(), ["closed", "killed"]);
  const end = r.recv();
  strictEqual(await exitcodeOf(closes), 0);
  strictEqual(await r.poll(0), false); // one holds it still
  dies.kill();
  await rejects(end, { name: "EOFError" });
  strictEqual(await exitcodeOf(dies), -9);
  for (const end of [r, gate, open]) end.close();
});

test("Pipe: what was sent before the sender died is received, then comes the end", async () => {
  const [r, w] = Pipe<number>(false);
  const p = await started(targets.sendAndKill, [w, 50]);
  w.close();
  strictEqual(await exitcodeOf(p), -9);
  for (let i = 0; i < 50; i++) strictEqual(await r.recv(), i);
  await raises(() => r.recv(), "EOFError", "");
  await raises(() => r.recv_bytes(), "EOFError", "");
});

test("Pipe: when the last reader is gone, to send is a BrokenPipeError", async () => {
  const [r, w] = Pipe(false);
  await w.send(1);
  r.close();
  await raises(() => w.send(2), "BrokenPipeError", "[Errno 32] Broken pipe");
  const [r2, w2] = Pipe(false);
  const p = await started(targets.receiveOne, [r2]);
  r2.close();
  await w2.send("one");
  strictEqual(await exitcodeOf(p), 0);
  await raises(
    async () => {
      for (;;) await w2.send(new Uint8Array(1000));
    },
    "BrokenPipeError",
    "[Errno 32] Broken pipe",
  );
});

test("a connection that travels keeps its flags, and what makes no sense is refused", () => {
  const [r, w] = Pipe(false);
  for (const end of [r, w]) {
    const copy = loads(dumps(end) as Uint8Array) as Connection;
    deepStrictEqual([copy.readable, copy.writable], [end.readable, end.writable]);
    copy.close();
    strictEqual(end.closed, false);
  }
});
