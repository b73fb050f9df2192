import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { type BufferTooShort, EOFError, Pipe } from "../../mod.ts";
import { Connection } from "../../src/connection/connection.ts";
import { CLAIM_WAIT, exitcodeOf, raises, started } from "../cpython/helpers/checks.ts";
import { collectGarbage } from "../helpers/gc.ts";
import { countBack } from "../helpers/pipe_targets.ts";
import { test } from "../suite.ts";
import { isSettled } from "./support.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("Connection: made of what carries messages, and of nothing else", () => {
  throws(() => new Connection(-1), { name: "ValueError", message: "invalid handle" });
  throws(() => new Connection(99), { name: "OSError", errno: 9 });
  throws(() => new Connection(1.5), {
    name: "AttributeError",
    message: "'float' object has no attribute '__index__'",
  });
  const transport = { takeNow() {} } as never;
  throws(() => new Connection(transport, false, false), {
    name: "ValueError",
    message: "at least one of `readable` and `writable` must be True",
  });
});

test("Connection: closed, it refuses everything, and closing again does nothing", async () => {
  const [a] = Pipe();
  const number = a.fileno();
  ok(Number.isInteger(number));
  strictEqual(a.closed, false);
  a.close();
  a.close();
  strictEqual(a.closed, true);
  const calls = [
    () => a.fileno(),
    () => a.send(1),
    () => a.recv(),
    () => a.poll(),
    () => a.send_bytes(bytes("")),
    () => a.recv_bytes(),
    () => a.recv_bytes_into(new Uint8Array(1)),
  ];
  for (const call of calls) await raises(call, "OSError", "handle is closed");
  // Their numbers are used again, as the system does with files.
  const [b] = Pipe();
  strictEqual(b.fileno(), number);
});

test("Connection: what waits in it when it is closed is told so", async () => {
  const [a, b] = Pipe();
  const waits = [a.recv(), a.recv_bytes(), a.poll(null)];
  a.close();
  for (const wait of waits) {
    await rejects(wait, { name: "OSError", message: "handle is closed" });
  }
  b.close();
});

test("Connection: its text is CPython's", () => {
  const [a] = Pipe();
  match(
    String(a),
    /^<multiprocessing\.connection\.Connection object at 0x[0-9a-f]{12}>$/,
  );
});

test("Connection: a message is what the object was at the call", async () => {
  const [a, b] = Pipe();
  const list = [1], buffer = Uint8Array.of(1);
  const sends = [a.send(list), a.send_bytes(buffer)];
  list.push(2);
  buffer[0] = 2;
  await Promise.all(sends);
  deepStrictEqual(await b.recv(), [1]);
  deepStrictEqual(await b.recv_bytes(), Uint8Array.of(1));
});

test("Connection: an object that cannot be sent is refused at the call, and nothing is lost", async () => {
  const [a, b] = Pipe();
  await raises(() => a.send(() => {}), "PicklingError");
  await a.send("next");
  strictEqual(await b.recv(), "next");
});

test("Connection: bytes and objects are the same messages", async () => {
  const [a, b] = Pipe();
  await a.send([1, null]);
  const message = await b.recv_bytes();
  await b.send_bytes(message);
  deepStrictEqual(await a.recv(), [1, null]);
  await a.send_bytes(bytes(""));
  await raises(() => b.recv(), "EOFError", "Ran out of input");
});

test("Connection.recv_bytes: a message too long ends reading, as in CPython", async () => {
  const [a, b] = Pipe();
  await a.send_bytes(bytes("hello"));
  await raises(() => b.recv_bytes(4), "OSError", "bad message length");
  strictEqual(b.readable, false);
  await raises(() => b.recv_bytes(), "OSError", "connection is write-only");
  await b.send("still writes");
  strictEqual(await a.recv(), "still writes");

  const [r, w] = Pipe(false);
  await w.send_bytes(bytes("hello"));
  strictEqual((await r.recv_bytes(5)).length, 5);
  await w.send_bytes(bytes("hello"));
  await raises(() => r.recv_bytes({ maxlength: 0 }), "OSError", "bad message length");
  strictEqual(r.closed, true);
  await raises(() => r.recv_bytes(), "OSError", "handle is closed");
  await raises(() => w.send(1), "BrokenPipeError", "[Errno 32] Broken pipe");
  await raises(() => a.recv_bytes(-1), "ValueError", "negative maxlength");
});

test("Connection.recv_bytes: a message too long that comes later ends reading, too", async () => {
  const [r, w] = Pipe(false);
  const reading = r.recv_bytes(2);
  await w.send_bytes(bytes("abc"));
  await rejects(reading, { name: "OSError", message: "bad message length" });
  strictEqual(r.closed, true);
});

test("Connection.recv_bytes_into: offsets are checked before, the room after reading", async () => {
  const [a, b] = Pipe();
  const buffer = new Uint16Array(2);
  await a.send_bytes(bytes("abc"));
  await raises(() => b.recv_bytes_into(buffer, -1), "ValueError", "negative offset");
  await raises(() => b.recv_bytes_into(buffer, 5), "ValueError", "offset too large");
  const error = await raises(() => b.recv_bytes_into(buffer, 2), "BufferTooShort");
  deepStrictEqual((error as BufferTooShort).args, [bytes("abc")]);
  strictEqual(await b.poll(), false); // it has been received
  await a.send_bytes(bytes("xy"));
  strictEqual(await b.recv_bytes_into(buffer, { offset: 2 }), 2);
  deepStrictEqual(new Uint8Array(buffer.buffer), Uint8Array.of(0, 0, 120, 121));
  deepStrictEqual(
    (await raises(() => b.recv_bytes_into("x" as never), "TypeError")).message,
    "memoryview: a bytes-like object is required, not 'str'",
  );
});

test("Connection.poll: tells of messages and of the end, takes neither", async () => {
  const [r, w] = Pipe(false);
  strictEqual(await r.poll(), false);
  strictEqual(await r.poll(-5), false);
  strictEqual(await r.poll({ timeout: 0.01 }), false);
  const waiting = r.poll(null);
  await w.send_bytes(bytes(""));
  strictEqual(await waiting, true);
  strictEqual(await r.poll(), true);
  deepStrictEqual(await r.recv_bytes(), bytes(""));
  w.close();
  strictEqual(await r.poll(), true);
  await raises(() => r.recv(), "EOFError", "");
  strictEqual(await r.poll(), true);
});

test("Connection: a signal ends every wait, and nothing is lost by it", async () => {
  const [a, b] = Pipe();
  const enough = new AbortController(), { signal } = enough;
  const waits = [
    b.recv({ signal }),
    b.recv_bytes({ signal }),
    b.recv_bytes_into(new Uint8Array(9), { signal }),
    b.poll({ timeout: null, signal }),
  ];
  enough.abort(new Error("enough"));
  for (const wait of waits) await rejects(wait, { message: "enough" });
  for (
    const call of [
      () => a.send("never", { signal }),
      () => a.send_bytes(bytes("never"), { signal }),
      () => b.recv({ signal }),
      () => b.poll(0, { signal }),
    ]
  ) await rejects(call, { message: "enough" });
  await a.send("first");
  strictEqual(await b.recv(), "first");
});

test("Connection.send: waits with 64 KiB on their way, goes on when they are taken", async () => {
  const [a, b] = Pipe();
  let last: Promise<void>, sent = 0;
  do {
    last = a.send_bytes(new Uint8Array(1020));
    sent++;
  } while (await isSettled(last));
  ok(sent > 64 && sent < 96, `${sent} KiB`);
  for (let i = 0; i < sent; i++) await b.recv_bytes();
  await last;
});

test("Connection: messages one after the other, until there will be no more", async () => {
  const [a, b] = Pipe<number>();
  for (let i = 0; i < 3; i++) await b.send(i);
  b.close();
  const seen: number[] = [];
  for await (const message of a) seen.push(message);
  deepStrictEqual(seen, [0, 1, 2]);

  const [here, there] = Pipe();
  const p = await started(countBack, [there]);
  there.close();
  for (let i = 0; i < 10; i++) await here.send(i);
  await here.send("how many");
  strictEqual(await here.recv(), 10);
  await rejects(here.recv(), EOFError);
  strictEqual(await exitcodeOf(p), 0);
});

/** The reading ends of pipes whose writing ends nobody has. */
function halves(count: number): Connection[] {
  return Array.from({ length: count }, () => Pipe(false)[0]);
}

test("Connection: one that is garbage counts as closed", async () => {
  // Many, as a runtime may well take one for in use.
  const ends = halves(50).map((reader) => raises(() => reader.recv(), "EOFError", ""));
  const first = Promise.race(ends).then(() => "the end");
  let seen: unknown;
  for (let n = 0; n < 20 && seen === undefined; n++) {
    await collectGarbage();
    seen = await Promise.race([first, undefined]);
  }
  strictEqual(seen, "the end");
});

test("Connection: one that cannot be read any more cannot be read elsewhere either", async () => {
  const [a, b] = Pipe(), [c, d] = Pipe();
  await d.send_bytes(new Uint8Array(20));
  await raises(() => c.recv_bytes(5), "OSError", "bad message length");
  await a.send(c);
  const moved = await b.recv() as typeof c;
  deepStrictEqual([moved.readable, moved.writable], [false, true]);
  for (const connection of [a, b, c, d, moved]) connection.close();
});

test("Connection.recv: a signal that was aborted before leaves the message", async () => {
  const [a, b] = Pipe();
  await a.send("kept");
  strictEqual(await b.poll(CLAIM_WAIT), true);
  const signal = AbortSignal.abort(new RangeError("given up"));
  await raises(() => b.recv({ signal }), "RangeError", "given up");
  strictEqual(await b.recv(), "kept");
  a.close();
  b.close();
});
