/** Tests of src/pool/report_reader.ts: what a worker's reports are read as. */

import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { pack } from "../../src/pool/packing.ts";
import { Form, Reported } from "../../src/pool/protocol.ts";
import { readReport } from "../../src/pool/report_reader.ts";
import type { WorkerEvents } from "../../src/pool/worker_link.ts";
import { dumpError, dumps } from "../../src/reduction.ts";
import { makeRoom } from "../../src/wire/bytes.ts";
import type { Payload } from "../../src/wire/message.ts";
import { test } from "../suite.ts";

/** Reads one message; every event with its name. */
function read(heads: number[], items: Payload[]): unknown[][] {
  const seen: unknown[][] = [];
  const events = new Proxy({}, {
    get: (_, name) => (...args: unknown[]) => seen.push([name, ...args]),
  }) as WorkerEvents;
  readReport(heads, items, events);
  return seen;
}

test("readReport: all that a message says, in its order", () => {
  const { form, bytes } = pack([1, 2])!;
  const text = dumps("a") as Payload;
  const raw = Uint8Array.of(1, 2);
  const seen = read([
    ...[Reported.Ready, Reported.Done, 5, Form.Head, 0.5],
    ...[Reported.Done, 6, form, Reported.Done, 7, Form.Payload],
    ...[Reported.Done, 8, Form.Bytes],
    ...[Reported.Tick, 3, Reported.GivenBack, 2],
  ], [bytes, text, raw]);
  notStrictEqual(seen[4]![2], raw);
  deepStrictEqual(seen, [
    ["onReady"],
    ["onDone", 5, 0.5, 8],
    ["onDone", 6, [1, 2], 8],
    ["onDone", 7, "a", text.length],
    ["onDone", 8, raw, 2],
    ["onTick", 3],
    ["onGivenBack", 2],
  ]);
});

test("readReport: errors, with the worker's stack or without", () => {
  const error = dumpError(new RangeError("no")) as Payload;
  const seen = read([
    ...[Reported.Failed, 4, 1, Reported.Failed, 5, 0, Reported.NotReady],
  ], [error, error, error]);
  deepStrictEqual(seen.map(([name]) => name), ["onFailed", "onFailed", "onNotReady"]);
  const errors = seen.map((event) => event.at(-1) as Error);
  ok(errors.every((error) => error instanceof RangeError && error.message === "no"));
  deepStrictEqual(errors.map(({ cause }) => cause !== undefined), [true, false, true]);
});

test("readReport: a result that cannot be read is a failure, and what follows is read", () => {
  const broken = Uint8Array.of(0xff);
  const seen = read([
    ...[Reported.Done, 4, Form.Payload, Reported.Done, 5, Form.Int32, Reported.Ready],
  ], [broken, broken]);
  deepStrictEqual(seen.map(([name, micros]) => [name, micros]), [
    ["onFailed", 4],
    ["onFailed", 5],
    ["onReady", undefined],
  ]);
});

test("readReport: a long result's memory is used again, and the result is not in it", () => {
  const item = makeRoom(200_000).fill(1);
  const [[, , value]] = read([Reported.Done, 4, Form.Bytes], [item]) as [unknown[]];
  const next = makeRoom(200_000).fill(2);
  strictEqual(next.buffer, item.buffer);
  ok((value as Uint8Array).every((byte) => byte === 1));
});
