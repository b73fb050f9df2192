import { deepStrictEqual, throws } from "node:assert/strict";
import { parseArguments } from "../../src/arguments.ts";
import {
  POLL,
  RECV,
  RECV_BYTES,
  RECV_BYTES_INTO,
  SEND,
  SEND_BYTES,
} from "../../src/connection/options.ts";
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
