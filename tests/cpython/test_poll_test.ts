/**
 * `_TestPoll` of CPython 3.13's `test/_test_multiprocessing.py`, the part that runs as
 * processes. Written afresh from what each case checks.
 *
 * Changed throughout: no sleeping; who has to wait is told when to go on.
 *
 * `_TestPollEintr.test_poll_eintr` is left out: the runtimes restart what a signal
 * interrupts.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Pipe, Queue, SimpleQueue } from "../../mod.ts";
import { test } from "../suite.ts";
import { exitcodeOf, started } from "./helpers/checks.ts";
import { pollOnly, sendStrings, sendThree } from "./helpers/connection_targets.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("_TestPoll.test_empty_string", async () => {
  const [a, b] = Pipe();
  strictEqual(await a.poll(), false);
  await b.send_bytes(bytes(""));
  strictEqual(await a.poll(), true);
  strictEqual(await a.poll(), true);
});

test("_TestPoll.test_strings", async () => {
  const strings = ["hello", "", "a", "b", "", "bye", "", "lop"].map(bytes);
  const [a, b] = Pipe();
  const go = Queue<null>();
  const p = await started(sendStrings, [b, strings, go]);
  for (const string of strings) {
    await go.put(null);
    while (!await a.poll(0.01));
    deepStrictEqual(await a.recv_bytes(), string);
  }
  strictEqual(await exitcodeOf(p), 0);
});

test("_TestPoll.test_boundaries", async () => {
  const [r, w] = Pipe(false);
  const said = SimpleQueue<boolean>();
  const p = await started(pollOnly, [r, said]);
  strictEqual(await said.get(), false); // it looks now
  const messages = [bytes("first"), bytes("second")];
  for (const message of messages) await w.send_bytes(message);
  w.close();
  strictEqual(await said.get(), true);
  strictEqual(await exitcodeOf(p), 0);
  // Nothing was taken by looking, so this is more than CPython promises.
  deepStrictEqual(await r.recv_bytes(), messages[0]);
  deepStrictEqual(await r.recv_bytes(), messages[1]);
});

test("_TestPoll.test_dont_merge", async () => {
  const [a, b] = Pipe();
  strictEqual(await a.poll(0.0), false);
  strictEqual(await a.poll(0.1), false);

  const p = await started(sendThree, [b]);

  deepStrictEqual(await a.recv_bytes(), bytes("a"));
  ok(await a.poll(40));
  ok(await a.poll(40));
  deepStrictEqual(await a.recv_bytes(), bytes("b"));
  ok(await a.poll(40));
  ok(await a.poll(40));
  ok(await a.poll(0.0));
  deepStrictEqual(await a.recv_bytes(), bytes("cd"));

  strictEqual(await exitcodeOf(p), 0);
});
