/** Tasks and results as bytes: signed, whole, and with their own numbers. */
import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { Form, Mode, Ticks } from "../../../src/pool/protocol.ts";
import { Payloads } from "../../../src/redis/payloads.ts";
import {
  headOf,
  Kind,
  readMessage,
  readTask,
  writeMessage,
  writeTask,
} from "../../../src/redis/pool/messages.ts";
import { test } from "../../suite.ts";

const task = {
  number: 0xfffffffe,
  func: 7,
  mode: Mode.Starmap,
  form: Form.Int32,
  ticks: Ticks.Sometimes,
  isSingle: false,
  isAlone: true,
  payload: new Uint8Array([1, 2, 3]),
};
const message = {
  kind: Kind.Done,
  number: 5,
  worker: 3,
  micros: 1e12,
  form: Form.Payload,
  payload: new Uint8Array([4]),
};
const KEYS = [null, new Uint8Array([9, 9])];

test("tasks and messages there and back", () => {
  for (const key of KEYS) {
    const payloads = new Payloads(key, "pool");
    deepStrictEqual(readTask(writeTask(task, payloads), payloads), task);
    const single = { ...task, isSingle: true, isAlone: false, ticks: Ticks.Never };
    deepStrictEqual(readTask(writeTask(single, payloads), payloads), single);
    const written = writeMessage(message, payloads);
    deepStrictEqual(readMessage(written, payloads), message);
    deepStrictEqual(headOf(written), { kind: Kind.Done, number: 5 });
  }
});

test("what was changed is refused, with a key", () => {
  const payloads = new Payloads(KEYS[1]!, "pool");
  const written = writeMessage(message, payloads);
  for (const at of written.keys()) {
    if (at === 0) continue; // how it went is told by the server, too
    const changed = written.slice();
    changed[at]! ^= 1;
    throws(() => readMessage(changed, payloads), (error: Error) => {
      return /AuthenticationError|UnpicklingError/.test(error.name);
    });
  }
  const other = new Payloads(KEYS[1]!, "another pool");
  throws(() => readMessage(written, other), { name: "AuthenticationError" });
  const unsigned = writeTask(task, new Payloads(null, "pool"));
  throws(() => readTask(unsigned, payloads), { name: "AuthenticationError" });
});

test("what is cut off, or has another number, is refused", () => {
  const payloads = new Payloads(null, "pool");
  const written = writeTask(task, payloads);
  for (const length of [0, 4, 5, 15]) {
    const cut = written.subarray(0, length);
    throws(() => readTask(cut, payloads), { name: "UnpicklingError" });
  }
  written[1]! ^= 1;
  throws(() => readTask(written, payloads), /another one's number/);
  ok(headOf(written).number !== task.number);
});
