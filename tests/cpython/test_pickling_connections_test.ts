/**
 * `_TestPicklingConnections` of CPython 3.13's `test/_test_multiprocessing.py`. Written
 * afresh from what each case checks.
 *
 * Changed:
 * - `test_pickling`: ends of pipes are sent as well; bare sockets, which the runtimes
 *   cannot hand on, are refused.
 */
import { rejects, strictEqual } from "node:assert/strict";
import { Socket } from "node:net";
import { Pipe } from "../../mod.ts";
import type { Connection, Family } from "../../src/connection.ts";
import { test } from "../suite.ts";
import { exitcodeOf, started } from "./helpers/checks.ts";
import {
  acceptAndSend,
  connectAndShout,
  makeEnds,
  sendThrough,
  useEnds,
} from "./helpers/connection_targets.ts";

/** Has `fn` use two processes by their pipes, which are then told to end. */
async function withTwo<T extends string>(
  makes: (conn: Connection, names: T[]) => Promise<void>,
  names: T[],
  uses: (conn: Connection) => Promise<void>,
  fn: (lconn: Connection, rconn: Connection) => Promise<void>,
): Promise<void> {
  const [lconn, lconn0] = Pipe(), [rconn, rconn0] = Pipe();
  const lp = await started(makes, [lconn0, names], { daemon: true });
  lconn0.close();
  const rp = await started(uses, [rconn0], { daemon: true });
  rconn0.close();
  await fn(lconn, rconn);
  for (const conn of [rconn, lconn]) {
    await conn.send(null);
    conn.close();
  }
  for (const p of [lp, rp]) strictEqual(await exitcodeOf(p), 0);
}

test("_TestPicklingConnections.test_pickling", async () => {
  const families: Family[] = ["AF_UNIX", "AF_INET"];
  await withTwo(acceptAndSend, families, connectAndShout, async (lconn, rconn) => {
    for (const family of families) {
      const text = `This connection uses family ${family}`;
      const address = await lconn.recv();
      await rconn.send([address, text]);
      const accepted: Connection = await lconn.recv();
      strictEqual(await accepted.recv(), text.toUpperCase());
      accepted.close();
    }
    await rejects(rconn.send(new Socket()), /pickle/);
  });
});

test("_TestPicklingConnections.test_pickling, with ends of pipes", async () => {
  const names = ["one", "two", "three"];
  await withTwo(makeEnds, names, sendThrough, async (lconn, rconn) => {
    for (const name of names) {
      const [made, end]: [string, Connection] = await lconn.recv();
      strictEqual(made, name);
      await rconn.send([end, `this goes through ${name}`]);
      end.close();
      strictEqual(await lconn.recv(), `THIS GOES THROUGH ${name.toUpperCase()}`);
    }
  });
});

test("_TestPicklingConnections.test_access", async () => {
  const [conn, childConn] = Pipe();
  const p = await started(useEnds, [childConn], { daemon: true });
  childConn.close();

  const [r, w] = Pipe({ duplex: false });
  await conn.send(w);
  w.close();
  strictEqual(await r.recv(), "all is well");
  r.close();

  const [r2, w2] = Pipe({ duplex: false });
  await conn.send(r2);
  r2.close();
  await w2.send("foobar");
  w2.close();
  strictEqual(await conn.recv(), "foobarfoobar");

  strictEqual(await exitcodeOf(p), 0);
});
