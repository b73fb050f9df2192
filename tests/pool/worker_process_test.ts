/** Tests of src/pool/worker_process.ts: what a worker's reports are read as. */

import {
  deepStrictEqual,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { ProtocolError } from "../../src/python/errors.ts";

import { Form, pack, WorkerEvent } from "../../src/pool/protocol.ts";
import { readEvents } from "../../src/pool/worker_process.ts";
import type { WorkerEvents } from "../../src/pool/worker_link.ts";
import { dumpError, dumps } from "../../src/reduction/mod.ts";
import { makeRoom } from "../../src/wire/bytes.ts";
import type { Payload } from "../../src/wire/message.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";

turnAllOn();

/** Reads one message; every event with its name. */
function read(operands: number[], items: Payload[]): unknown[][] {
  const seen: unknown[][] = [];
  const events = new Proxy({}, {
    get: (_, name) => (...args: unknown[]) => seen.push([name, ...args]),
  }) as WorkerEvents;
  readEvents(operands, items, events);
  return seen;
}

test("readEvents: all that a message says, in its order", () => {
  const { form, bytes } = pack([1, 2])!;
  const text = dumps("a") as Payload;
  const raw = Uint8Array.of(1, 2);
  const seen = read([
    ...[WorkerEvent.Ready, WorkerEvent.Done, 5, Form.Operand, 0.5],
    ...[WorkerEvent.Done, 6, form, WorkerEvent.Done, 7, Form.Payload],
    ...[WorkerEvent.Done, 8, Form.Bytes],
    ...[
      WorkerEvent.Tick,
      3,
      WorkerEvent.Claiming,
      1,
      WorkerEvent.Free,
      WorkerEvent.Claiming,
      0,
      WorkerEvent.Full,
    ],
  ], [bytes, text, raw]);
  notStrictEqual(seen[4]![2], raw);
  deepStrictEqual(seen, [
    ["onReady"],
    ["onDone", 5, 0.5, 8],
    ["onDone", 6, [1, 2], 8],
    ["onDone", 7, "a", text.length],
    ["onDone", 8, raw, 2],
    ["onTick", 3],
    ["onClaiming", true],
    ["onFree"],
    ["onClaiming", false],
    ["onFull"],
  ]);
});

test("readEvents: the values of a stream, also one that cannot be read", async () => {
  const text = dumps("a") as Payload;
  const seen = read(
    [
      ...[WorkerEvent.Yield, Form.Operand, 5, WorkerEvent.Yield, Form.Payload],
      ...[WorkerEvent.Yield, Form.Int32, WorkerEvent.Done, 7, Form.Operand, 0],
    ],
    [text, Uint8Array.of(1)],
  );
  deepStrictEqual(seen.slice(0, 2), [["onYield", 5], ["onYield", "a"]]);
  deepStrictEqual(seen[3], ["onDone", 7, 0, 8]);
  await rejects(seen[2]![1] as Promise<unknown>, { name: "UnpicklingError" });
});

test("readEvents: errors, with the worker's stack or without", () => {
  const error = dumpError(new RangeError("no")) as Payload;
  const seen = read([
    ...[WorkerEvent.Failed, 4, 1, WorkerEvent.Failed, 5, 0, WorkerEvent.NotReady],
  ], [error, error, error]);
  deepStrictEqual(seen.map(([name]) => name), ["onFailed", "onFailed", "onNotReady"]);
  const errors = seen.map((event) => event.at(-1) as Error);
  ok(errors.every((error) => error instanceof RangeError && error.message === "no"));
  deepStrictEqual(errors.map(({ cause }) => cause !== undefined), [true, false, true]);
});

test("readEvents: a result that cannot be read is a failure, and what follows is read", () => {
  const broken = Uint8Array.of(0xff);
  const seen = read([
    ...[
      WorkerEvent.Done,
      4,
      Form.Payload,
      WorkerEvent.Done,
      5,
      Form.Int32,
      WorkerEvent.Ready,
    ],
  ], [broken, broken]);
  deepStrictEqual(seen.map(([name, micros]) => [name, micros]), [
    ["onFailed", 4],
    ["onFailed", 5],
    ["onReady", undefined],
  ]);
});

test("readEvents: a long result's memory is used again, and the result is not in it", () => {
  const payload = dumps({ a: new Uint8Array(200_000).fill(1) }) as Payload;
  const [[, , value]] = read([WorkerEvent.Done, 4, Form.Payload], [payload]) as [
    unknown[],
  ];
  strictEqual(makeRoom(payload.length).fill(2).buffer, payload.buffer);
  ok((value as { a: Uint8Array }).a.every((byte) => byte === 1));
});

test("readEvents: bytes that fill a buffer are the result, and not used again", () => {
  for (
    const [operands, itemOf] of [
      [[WorkerEvent.Done, 4, Form.Bytes], (value: unknown) => value],
      [
        [WorkerEvent.Done, 4, Form.OneBytes],
        (value: unknown) => (value as unknown[])[0],
      ],
    ] as const
  ) {
    const item = makeRoom(210_000).fill(1);
    const [[, , value, size]] = read([...operands], [item]) as [unknown[]];
    strictEqual(itemOf(value), item);
    strictEqual(size, 210_000);
    notStrictEqual(makeRoom(210_000).fill(2).buffer, item.buffer);
    ok(item.every((byte) => byte === 1));
  }
});

test("readEvents: bytes that are a part of a buffer are copied, and it is used again", () => {
  const whole = makeRoom(220_000).fill(1);
  const item = whole.subarray(20); // as if it had come by the stream
  const [[, , value]] = read([WorkerEvent.Done, 4, Form.Bytes], [item]) as [unknown[]];
  strictEqual((value as Uint8Array).buffer.byteLength, item.length);
  strictEqual(makeRoom(220_000).fill(2).buffer, whole.buffer);
  ok((value as Uint8Array).every((byte) => byte === 1));
});

test("readEvents: of several results each has what is its own", () => {
  const [handed, copied] = [makeRoom(230_000).fill(1), makeRoom(240_000).fill(2)];
  const payload = dumps("x".repeat(100_000)) as Payload;
  const done = (form: number) => [WorkerEvent.Done, 4, form];
  const seen = read(
    [...done(Form.Bytes), ...done(Form.Payload), ...done(Form.OneBytes)],
    [handed, payload, copied.subarray(1)],
  );
  const [first, text, list] = seen.map(([, , value]) => value);
  strictEqual(first, handed);
  ok(text === "x".repeat(100_000));
  strictEqual(makeRoom(240_000).fill(3).buffer, copied.buffer);
  notStrictEqual(makeRoom(230_000).fill(3).buffer, handed.buffer);
  ok(handed.every((byte) => byte === 1));
  ok((list as [Uint8Array])[0].every((byte) => byte === 2));
});

test("readEvents: what no worker says is an error, wherever it stands", () => {
  const error = dumpError(new RangeError("no")) as Payload;
  const amounts = [-1, 1.5, NaN, Infinity, -Infinity, 2 ** 53];
  for (const bad of amounts) {
    for (
      const operands of [
        [WorkerEvent.Tick, bad],
        [WorkerEvent.Done, bad, Form.Operand, 1],
        [WorkerEvent.Failed, bad, 1],
        [WorkerEvent.Ready, WorkerEvent.Tick, bad],
      ]
    ) {
      throws(() => read(operands, [error]), ProtocolError);
    }
  }
  for (const bad of [...amounts, 0, 255, 2 ** 52]) {
    throws(() => read([bad], []), ProtocolError);
  }
  for (
    const [operands, items] of [
      [[WorkerEvent.Done], []],
      [[WorkerEvent.Done, 1], []],
      [[WorkerEvent.Done, 1, Form.Operand], []],
      [[WorkerEvent.Done, 1, Form.Payload], []],
      [[WorkerEvent.Failed, 1, 1], []],
      [[WorkerEvent.NotReady], []],
      [[WorkerEvent.Tick], []],
      [[WorkerEvent.Yield], []],
      [[WorkerEvent.Yield, Form.Operand], []],
      [[WorkerEvent.Yield, Form.Bytes], []],
    ] as [number[], Payload[]][]
  ) {
    throws(() => read(operands, items), ProtocolError);
  }
});
