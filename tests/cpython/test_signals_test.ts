/**
 * `TestIgnoreEINTR` and `_TestPollEintr` of CPython 3.13's `test/_test_multiprocessing.py`:
 * a signal that has a handler disturbs no wait. Written afresh.
 *
 * Changed: nothing is timed; a handler says that it has run, so the wait had begun before.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Pipe, Queue } from "../../mod.ts";
import { Client, type Connection } from "../../src/connection.ts";
import { LEAKING } from "../helpers/groups.ts";
import { test } from "../suite.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "./helpers/checks.ts";
import * as targets from "./helpers/connection_targets.ts";
import { waitFor } from "./helpers/process_targets.ts";

/** Starts a process that says what it is ready for, and gives what it said. */
async function startReady(
  target: (conn: Connection) => Promise<void>,
  fn: (conn: Connection, pid: number, said: unknown) => Promise<void>,
): Promise<void> {
  const [conn, childConn] = Pipe();
  const p = await started(target, [childConn], { daemon: true });
  childConn.close();
  await fn(conn, p.pid!, await conn.recv());
  strictEqual(await exitcodeOf(p), 0);
  conn.close();
}

test("TestIgnoreEINTR.test_ignore", () =>
  startReady(targets.receiveAndSend, async (conn, pid, said) => {
    strictEqual(said, "ready");
    process.kill(pid, targets.SIGNAL);
    strictEqual(await conn.recv(), "handled"); // while it was receiving
    await conn.send(1234);
    strictEqual(await conn.recv(), 1234);
    process.kill(pid, targets.SIGNAL); // while it sends what does not fit in the pipe
    const both = [await conn.recv_bytes(), await conn.recv_bytes()];
    const [handled, large] = both.toSorted((a, b) => a.length - b.length);
    ok(handled!.length < 100); // "handled", which may be before it
    deepStrictEqual(large, targets.LARGE);
  }));

test(
  "TestIgnoreEINTR.test_ignore_listener",
  () =>
    startReady(targets.acceptAndWelcome, async (conn, pid, address) => {
      process.kill(pid, targets.SIGNAL);
      strictEqual(await conn.recv(), "handled");
      const client = await Client(address as [string, number]);
      strictEqual(await client.recv(), "welcome");
      client.close();
    }),
  LEAKING,
);

test("_TestPollEintr.test_poll_eintr", async () => {
  const gate = Queue<null>();
  let signals = 0;
  const handler = () => {
    signals++;
    void gate.put(null);
  };
  process.on(targets.SIGNAL, handler);
  try {
    const p = await started(waitFor, [gate]);
    const joining = p.join(CLAIM_WAIT);
    const killer = started(targets.sendSignal, [process.pid]);
    await joining; // ends only as the handler has run
    strictEqual(p.exitcode, 0);
    strictEqual(await exitcodeOf(killer), 0);
    strictEqual(signals, 1);
  } finally {
    process.removeListener(targets.SIGNAL, handler);
  }
});
