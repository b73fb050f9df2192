/**
 * `_TestPicklingConnections` of CPython 3.13's `test/_test_multiprocessing.py`. Written
 * afresh from what each case checks.
 *
 * Changed:
 * - `test_pickling`: ends of pipes are sent as well; bare sockets, which the runtimes
 *   cannot hand on, are not.
 */
import { strictEqual } from "node:assert/strict";
import { Pipe, Process } from "../../mod.ts";
import type { Connection, Family } from "../../src/connection.ts";
import { test } from "../suite.ts";
import { exitcodeOf } from "./helpers/checks.ts";
import {
  acceptAndSend,
  connectAndShout,
  makeEnds,
  sendThrough,
  useEnds,
} from "./helpers/connection_targets.ts";

test("_TestPicklingConnections.test_pickling", async () => {
  const families: Family[] = ["AF_UNIX", "AF_INET"];
  const [lconn, lconn0] = Pipe();
  const lp = new Process({ target: acceptAndSend, args: [lconn0, families] });
  lp.daemon = true;
  await lp.start();
  lconn0.close();

  const [rconn, rconn0] = Pipe();
  const rp = new Process({ target: connectAndShout, args: [rconn0] });
  rp.daemon = true;
  await rp.start();
  rconn0.close();

  for (const family of families) {
    const text = `This connection uses family ${family}`;
    const address = await lconn.recv();
    await rconn.send([address, text]);
    const accepted: Connection = await lconn.recv();
    strictEqual(await accepted.recv(), text.toUpperCase());
    accepted.close();
  }

  await rconn.send(null);
  await lconn.send(null);
  rconn.close();
  lconn.close();
  strictEqual(await exitcodeOf(lp), 0);
  strictEqual(await exitcodeOf(rp), 0);
});

test("_TestPicklingConnections.test_pickling, with ends of pipes", async () => {
  const names = ["one", "two", "three"];
  const [lconn, lconn0] = Pipe();
  const lp = new Process({ target: makeEnds, args: [lconn0, names] });
  lp.daemon = true;
  await lp.start();
  lconn0.close();

  const [rconn, rconn0] = Pipe();
  const rp = new Process({ target: sendThrough, args: [rconn0] });
  rp.daemon = true;
  await rp.start();
  rconn0.close();

  for (const name of names) {
    const [made, end]: [string, Connection] = await lconn.recv();
    strictEqual(made, name);
    await rconn.send([end, `this goes through ${name}`]);
    end.close();
    strictEqual(await lconn.recv(), `THIS GOES THROUGH ${name.toUpperCase()}`);
  }

  await rconn.send(null);
  await lconn.send(null);
  rconn.close();
  lconn.close();
  strictEqual(await exitcodeOf(lp), 0);
  strictEqual(await exitcodeOf(rp), 0);
});

test("_TestPicklingConnections.test_access", async () => {
  const [conn, childConn] = Pipe();
  const p = new Process({ target: useEnds, args: [childConn] });
  p.daemon = true;
  await p.start();
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
