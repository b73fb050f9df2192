/**
 * `_TestConnection` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh
 * from what each case checks.
 *
 * Changed throughout: nothing is timed (but that a timeout is not early); `array.array`
 * is an `Int32Array`; `fileno()` is a number of this process's own. A connection of threads
 * is two queues: it has no bytes, no end and no state, as in CPython.
 *
 * `TestInvalidHandle.test_invalid_handles` is here too: there are no handles that could
 * be invalid, but -1 is refused with the same error.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type BufferTooShort, Pipe } from "../../mod.ts";
import { Connection } from "../../src/connection.ts";
import { test } from "../suite.ts";
import { raises, wrong } from "./helpers/checks.ts";
import { echo, SENTINEL } from "./helpers/connection_targets.ts";
import { bind, endAll, startAll } from "./helpers/kinds.ts";

const connectionCase = bind("_TestConnection", ["processes", "threads"]);

/** Longer than no time, short enough to be waited for. */
const MOMENT = 0.05;

const latin = (text: string): Uint8Array => new TextEncoder().encode(text);

connectionCase("test_connection", async (kind) => {
  const [conn, childConn] = kind.Pipe();
  const processes = await startAll(kind, 1, echo, [childConn]);
  const isPipe = kind.TYPE === "processes";

  const seq = [1, 2.25, null];
  const msg = latin("hello world");

  if (isPipe) strictEqual(typeof conn.fileno(), "number");

  strictEqual(await conn.send(seq), undefined);
  deepStrictEqual(await conn.recv(), seq);

  strictEqual(await conn.send_bytes(msg), undefined);
  deepStrictEqual(await conn.recv_bytes(), msg);

  if (isPipe) await receiveInto(conn);

  strictEqual(await conn.poll(), false);
  strictEqual(await conn.poll(-1), false);
  const start = performance.now();
  strictEqual(await conn.poll(MOMENT), false);
  ok(performance.now() - start >= MOMENT * 1000 - 1);

  await conn.send(null);
  strictEqual(await conn.poll(null), true);
  strictEqual(await conn.poll(MOMENT), true);
  strictEqual(await conn.recv(), null);

  const reallyBig = new Uint8Array(16 * 1024 * 1024).fill(88);
  await conn.send_bytes(reallyBig);
  const back = await conn.recv_bytes();
  strictEqual(back.length, reallyBig.length);
  ok(back.every((byte) => byte === 88));

  await conn.send_bytes(SENTINEL); // tells the child to end
  childConn.close();

  if (isPipe) {
    strictEqual(conn.readable, true);
    strictEqual(conn.writable, true);
    await raises(() => conn.recv(), "EOFError", "");
    await raises(() => conn.recv_bytes(), "EOFError", "");
  }
  await endAll(processes);
});

/** Has bytes come back into buffers. */
async function receiveInto(conn: Connection): Promise<void> {
  const longmsg = latin("hello world".repeat(10));
  const arr = Int32Array.of(0, 1, 2, 3);

  const buffer = new Int32Array(10);
  strictEqual(await conn.send_bytes(arr), undefined);
  strictEqual(await conn.recv_bytes_into(buffer), arr.byteLength);
  deepStrictEqual(buffer, Int32Array.of(0, 1, 2, 3, 0, 0, 0, 0, 0, 0));

  buffer.fill(0);
  strictEqual(await conn.send_bytes(arr), undefined);
  strictEqual(
    await conn.recv_bytes_into(buffer, 3 * buffer.BYTES_PER_ELEMENT),
    arr.byteLength,
  );
  deepStrictEqual(buffer, Int32Array.of(0, 0, 0, 0, 1, 2, 3, 0, 0, 0));

  strictEqual(await conn.send_bytes(longmsg), undefined);
  const short = new Uint8Array(40);
  const error = await raises(() => conn.recv_bytes_into(short), "BufferTooShort");
  deepStrictEqual((error as BufferTooShort).args, [longmsg]);
}

connectionCase("test_duplex_false", async (kind) => {
  const [reader, writer] = kind.Pipe(false);
  strictEqual(await writer.send(1), undefined);
  strictEqual(await reader.recv(), 1);
  if (kind.TYPE === "threads") return;
  strictEqual(reader.readable, true);
  strictEqual(reader.writable, false);
  strictEqual(writer.readable, false);
  strictEqual(writer.writable, true);
  await raises(() => reader.send(2), "OSError", "connection is read-only");
  await raises(() => writer.recv(), "OSError", "connection is write-only");
  await raises(() => writer.poll(), "OSError", "connection is write-only");
});

connectionCase("test_spawn_close", async (kind) => {
  const [conn, childConn] = kind.Pipe();
  const p = kind.Process({ target: echo, args: [childConn] });
  p.daemon = true;
  const started = p.start();
  childConn.close(); // before the child has come to life

  const msg = latin("hello");
  await conn.send_bytes(msg);
  deepStrictEqual(await conn.recv_bytes(), msg);

  await conn.send_bytes(SENTINEL);
  conn.close();
  await started;
  await endAll([p]);
});

test("_TestConnection.test_sendbytes", async () => {
  const msg = latin("abcdefghijklmnopqrstuvwxyz");
  const [a, b] = Pipe();

  await a.send_bytes(msg);
  deepStrictEqual(await b.recv_bytes(), msg);
  await a.send_bytes(msg, 5);
  deepStrictEqual(await b.recv_bytes(), msg.slice(5));
  await a.send_bytes(msg, 7, 8);
  deepStrictEqual(await b.recv_bytes(), msg.slice(7, 15));
  await a.send_bytes(msg, 26);
  deepStrictEqual(await b.recv_bytes(), latin(""));
  await a.send_bytes(msg, 26, 0);
  deepStrictEqual(await b.recv_bytes(), latin(""));

  const after = "buffer length < offset";
  await raises(() => a.send_bytes(msg, 27), "ValueError", after);
  await raises(() => a.send_bytes(msg, 22, 5), "ValueError", `${after} + size`);
  await raises(() => a.send_bytes(msg, 26, 1), "ValueError", `${after} + size`);
  await raises(() => a.send_bytes(msg, -1), "ValueError", "offset is negative");
  await raises(() => a.send_bytes(msg, 4, -1), "ValueError", "size is negative");
});

// Changed: `with` is `using`, written out here because Node 20 cannot read it.
connectionCase("test_context", async (kind) => {
  const [a, b] = kind.Pipe();
  strictEqual(a.__enter__(), a);
  strictEqual(b.__enter__(), b);
  await a.send(1729);
  strictEqual(await b.recv(), 1729);
  if (kind.TYPE === "threads") {
    a.__exit__();
    return b[Symbol.dispose]();
  }
  strictEqual(a.closed, false);
  strictEqual(b.closed, false);
  a.__exit__();
  b[Symbol.dispose]();
  strictEqual(a.closed, true);
  strictEqual(b.closed, true);
  await raises(() => a.recv(), "OSError", "handle is closed");
  await raises(() => b.recv(), "OSError", "handle is closed");
});

test("TestInvalidHandle.test_invalid_handles", async () => {
  await raises(() => new Connection(-1), "ValueError", "invalid handle");
  await raises(() => new Connection(44977608), "OSError", /Bad file descriptor/);
  await raises(
    () => new Connection(wrong("x")),
    "AttributeError",
    "'str' object has no attribute '__index__'",
  );
});
