import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Pipe, Process, Queue } from "../../mod.ts";
import { type Connection, wait } from "../../src/connection.ts";
import { exitcodeOf, raises } from "../cpython/helpers/checks.ts";
import { receiveOne, sendAndHold } from "../helpers/pipe_targets.ts";
import { test } from "../suite.ts";

test("wait: all that are ready, in their order, as often as one likes", async () => {
  const [a, b] = Pipe(), [c, d] = Pipe(), [e, f] = Pipe();
  deepStrictEqual(await wait([a, c, e], 0), []);
  await f.send(1);
  await b.send(2);
  for (let n = 0; n < 3; n++) deepStrictEqual(await wait([a, c, e]), [a, e]);
  strictEqual(await e.recv(), 1);
  deepStrictEqual(await wait(new Set([a, c, e])), [a]);
  d.close(); // an end is ready, too
  deepStrictEqual(await wait([a, c, e], { timeout: null }), [a, c]);
});

test("wait: an end that cannot be read is ready when nobody reads", async () => {
  const [r, w] = Pipe(false);
  deepStrictEqual(await wait([w], 0), []);
  const broken = wait([w]);
  r.close();
  deepStrictEqual(await broken, [w]);
});

test("wait: the sentinel of a process among connections of it", async () => {
  const [r, w] = Pipe(false), [gate, open] = Pipe(false);
  const p = new Process({ target: sendAndHold, args: [w, gate, "hello"] });
  await p.start();
  w.close();
  deepStrictEqual(await wait([r, p.sentinel]), [r]);
  strictEqual(await r.recv(), "hello");
  await open.send("go");
  strictEqual(await exitcodeOf(p), 0);
  deepStrictEqual(await wait([p.sentinel, r]), [p.sentinel, r]);
  deepStrictEqual(await wait([p.sentinel, r], 0), [p.sentinel, r]);
});

test("wait: what another process takes away was a false alarm", async () => {
  const [a, b] = Pipe<string>(), [c, d] = Pipe<string>();
  const p = new Process({ target: receiveOne, args: [a] });
  await p.start();
  const ready = wait([a, c], 40);
  await b.send("for whoever comes first");
  // Whether it was seen here or not, the other process has it now, or will.
  const [first] = await ready;
  strictEqual(first, a);
  strictEqual(await exitcodeOf(p), 0);
  await d.send("for this process");
  deepStrictEqual(await wait([a, c], 40), [c]);
});

test("wait refuses what cannot be waited for, in CPython's words", async () => {
  const [a] = Pipe();
  await raises(() => wait(5 as never), "TypeError", "'int' object is not iterable");
  await raises(() => wait([{}]), "ValueError", "Invalid file object: {}");
  await raises(() => wait(["x"]), "ValueError", "Invalid file object: 'x'");
  await raises(() => wait([-1]), "ValueError", "Invalid file descriptor: -1");
  await raises(() => wait([Queue()]), "ValueError", /^Invalid file object: </);
  const twice = await raises(() => wait([a, a]), "KeyError");
  strictEqual(twice.message, `'${a} (FD ${a.fileno()}) is already registered'`);
  a.close();
  await raises(() => wait([a]), "OSError", "handle is closed");
});

test("wait: closing what is waited for ends the wait, a signal too", async () => {
  const [a] = Pipe(), [c] = Pipe();
  const waiting = wait([a, c] as Connection[]);
  c.close();
  await rejects(waiting, { name: "OSError", message: "handle is closed" });
  const enough = new AbortController();
  const given = wait([a], { timeout: null, signal: enough.signal });
  enough.abort(new Error("enough"));
  await rejects(given, { message: "enough" });
});
