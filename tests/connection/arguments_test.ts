import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  asLimit,
  asOffset,
  bytesOf,
  giveNumber,
  owned,
  partOf,
  POLL,
  RECV,
  RECV_BYTES,
  RECV_BYTES_INTO,
  SEND,
  SEND_BYTES,
  takeNumber,
} from "../../src/connection/arguments.ts";
import { parseArguments } from "../../src/python/arguments.ts";
import { test } from "../suite.ts";

const { signal } = new AbortController();

test("arguments go by place, or by Python's names, and a signal anywhere", () => {
  const buf = new Uint8Array(1);
  deepStrictEqual(
    [
      parseArguments(POLL, []),
      parseArguments(POLL, [3]),
      parseArguments(POLL, [{ timeout: null, signal }]),
      parseArguments(RECV, [{ signal }]),
      parseArguments(SEND_BYTES, [buf]),
      parseArguments(SEND_BYTES, [buf, 1, 2, { signal }]),
      parseArguments(SEND_BYTES, [buf, { size: 2 }]),
      parseArguments(RECV_BYTES, [{ maxlength: 4 }]),
      parseArguments(RECV_BYTES_INTO, [buf, 5]),
    ].map(({ signal: given, ...rest }) => ({
      ...rest,
      ...(given && { signal: "given" }),
    })),
    [
      { timeout: 0 },
      { timeout: 3 },
      { timeout: null, signal: "given" },
      { signal: "given" },
      { buf, offset: 0, size: null },
      { buf, offset: 1, size: 2, signal: "given" },
      { buf, offset: 0, size: 2 },
      { maxlength: 4 },
      { buf, offset: 5 },
    ],
  );
});

test("send takes any object, also one that looks like options", () => {
  const obj = { signal: 1, obj: 2 };
  deepStrictEqual(parseArguments(SEND, [obj, { signal }]).obj, obj);
});

test("wrong arguments are refused in CPython's words", () => {
  throws(() => parseArguments(SEND, []), {
    name: "TypeError",
    message: "_ConnectionBase.send() missing 1 required positional argument: 'obj'",
  });
  throws(() => parseArguments(POLL, [{ time: 1 }]), {
    name: "TypeError",
    message: /^_ConnectionBase\.poll\(\) got an unexpected keyword argument 'time'/,
  });
  throws(() => parseArguments(RECV, [1]), {
    name: "TypeError",
    message: "_ConnectionBase.recv() takes 1 positional argument but 2 were given",
  });
});

test("bytesOf: a view of whatever holds bytes, without a copy", () => {
  const buffer = new ArrayBuffer(16);
  const all = new Uint8Array(buffer);
  bytesOf(new Uint16Array(buffer, 4, 2))[0] = 7;
  bytesOf(new DataView(buffer, 9, 3))[2] = 8;
  bytesOf(buffer)[15] = 9;
  deepStrictEqual([all[4], all[11], all[15]], [7, 8, 9]);
  strictEqual(bytesOf(new Uint16Array(buffer, 4, 2)).length, 4);
  const shared = new SharedArrayBuffer(4);
  bytesOf(shared)[1] = 5;
  strictEqual(new Uint8Array(shared)[1], 5);
});

test("bytesOf: anything else is refused by the name of its type in Python", () => {
  const refused: [unknown, string][] = [
    ["x", "str"],
    [1, "int"],
    [null, "NoneType"],
    [[1], "list"],
    [{}, "dict"],
  ];
  for (const [value, type] of refused) {
    throws(() => bytesOf(value), {
      name: "TypeError",
      message: `memoryview: a bytes-like object is required, not '${type}'`,
    });
  }
});

test("asOffset, asLimit: integers only, a limit not below 0, null for no limit", () => {
  strictEqual(asOffset(-3), -3);
  strictEqual(asOffset(true), 1);
  throws(() => asOffset(1.5), { name: "TypeError", message: /^slice indices must be/ });
  throws(() => asOffset("1"), { name: "TypeError" });
  strictEqual(asLimit(null), Infinity);
  strictEqual(asLimit(0), 0);
  throws(() => asLimit(-1), { name: "ValueError", message: "negative maxlength" });
});

test("partOf: from the offset on, as much as is asked for", () => {
  const bytes = Uint8Array.of(0, 1, 2, 3);
  deepStrictEqual(partOf(bytes, 0, null), bytes);
  deepStrictEqual(partOf(bytes, 1, 2), Uint8Array.of(1, 2));
  deepStrictEqual(partOf(bytes, 4, null), Uint8Array.of());
  const wrong: [number, number | null, string][] = [
    [-1, null, "offset is negative"],
    [5, null, "buffer length < offset"],
    [0, -1, "size is negative"],
    [2, 3, "buffer length < offset + size"],
  ];
  for (const [offset, size, message] of wrong) {
    throws(() => partOf(bytes, offset, size), { name: "ValueError", message });
  }
});

test("owned: nobody else's bytes are in the buffer of a message", () => {
  const slab = new Uint8Array(4096);
  const short = owned(slab.subarray(10, 20));
  strictEqual(short.buffer.byteLength, 10);
  const whole = new Uint8Array(100);
  strictEqual(owned(whole), whole);
  const frame = new Uint8Array(100_010);
  const long = frame.subarray(10);
  strictEqual(owned(long), long); // the ten bytes before it are its own head
  const part = new Uint8Array(1_000_000).subarray(0, 100_000);
  strictEqual(owned(part).buffer.byteLength, 100_000);
  ok(owned(part) !== part);
});

test("numbers count up from 3, and the lowest free one is used again first", () => {
  const numbers = [takeNumber(), takeNumber(), takeNumber(), takeNumber()];
  deepStrictEqual(numbers, [3, 4, 5, 6]);
  giveNumber(5);
  giveNumber(3);
  strictEqual(takeNumber(), 3);
  strictEqual(takeNumber(), 5);
  strictEqual(takeNumber(), 7);
  for (const number of [3, 4, 5, 6, 7]) giveNumber(number);
  strictEqual(takeNumber(), 3);
  giveNumber(3);
});
