/**
 * `_TestPoll` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh from what
 * each case checks.
 *
 * Changed throughout: no sleeping; who has to wait is told when to go on.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { pollOnly, sendStrings, sendThree } from "./helpers/connection_targets.ts";
import { bind, endAll, startAll } from "./helpers/kinds.ts";

const pollCase = bind("_TestPoll", ["processes", "threads"]);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

pollCase("test_empty_string", async (kind) => {
  const [a, b] = kind.Pipe();
  strictEqual(await a.poll(), false);
  await b.send_bytes(bytes(""));
  strictEqual(await a.poll(), true);
  strictEqual(await a.poll(), true);
});

pollCase("test_strings", async (kind) => {
  const strings = ["hello", "", "a", "b", "", "bye", "", "lop"].map(bytes);
  const [a, b] = kind.Pipe();
  const go = await kind.Queue<null>();
  const processes = await startAll(kind, 1, sendStrings, [b, strings, go]);
  for (const string of strings) {
    await go.put(null);
    while (!await a.poll(0.01));
    deepStrictEqual(await a.recv_bytes(), string);
  }
  await endAll(processes);
});

pollCase("test_boundaries", async (kind) => {
  const [r, w] = kind.Pipe(false);
  const said = await kind.Queue<boolean>();
  const processes = await startAll(kind, 1, pollOnly, [r, said]);
  strictEqual(await said.get(), false); // it looks now
  const messages = [bytes("first"), bytes("second")];
  for (const message of messages) await w.send_bytes(message);
  w.close();
  strictEqual(await said.get(), true);
  await endAll(processes);
  // Nothing was taken by looking, so this is more than CPython promises.
  deepStrictEqual(await r.recv_bytes(), messages[0]);
  deepStrictEqual(await r.recv_bytes(), messages[1]);
});

pollCase("test_dont_merge", async (kind) => {
  const [a, b] = kind.Pipe();
  strictEqual(await a.poll(0.0), false);
  strictEqual(await a.poll(0.1), false);

  const processes = await startAll(kind, 1, sendThree, [b]);

  deepStrictEqual(await a.recv_bytes(), bytes("a"));
  ok(await a.poll(40));
  ok(await a.poll(40));
  deepStrictEqual(await a.recv_bytes(), bytes("b"));
  ok(await a.poll(40));
  ok(await a.poll(40));
  ok(await a.poll(0.0));
  deepStrictEqual(await a.recv_bytes(), bytes("cd"));

  await endAll(processes);
});
