/** Tests of src/pickle/managers.ts: tokens and proxies on their way. */

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { UnpicklingError } from "../../src/python/errors.ts";
import { PyProxy, PyToken } from "../../src/pickle/managers.ts";
import { loads } from "../../src/pickle/reader.ts";
import { PyGlobal, PyObject, PyTuple } from "../../src/pickle/types.ts";
import { dumps } from "../../src/pickle/writer.ts";
import { test } from "../suite.ts";
import { VECTORS } from "../wire/pickle/vectors.ts";

const MODULE = "multiprocessing.managers";

function each(expression: string, check: (value: unknown) => void): void {
  for (const pickle of VECTORS.get(expression)!) check(loads(pickle));
}

test("managers: a token with each kind of address", () => {
  each("token('/tmp/s')", (value) => {
    deepStrictEqual(value, new PyToken("list", "/tmp/s", "7f00"));
  });
  each("token(('127.0.0.1', 5000))", (value) => {
    deepStrictEqual(value, new PyToken("list", ["127.0.0.1", 5000], "7f00"));
  });
  each("token(b'\\0name')", (value) => {
    const name = Uint8Array.of(0, 110, 97, 109, 101);
    deepStrictEqual(value, new PyToken("list", name, "7f00"));
  });
});

test("managers: a token's address is written as a tuple", () => {
  const token = loads(dumps(new PyToken("list", ["h", 1], "7")), {
    exact: true,
  }) as PyToken;
  strictEqual(token.address instanceof PyTuple, true);
});

test("managers: a proxy tells its class, its object and its methods", () => {
  each("proxy('ListProxy', '/tmp/s')", (value) => {
    const token = new PyToken("list", "/tmp/s", "7f00");
    const type = new PyGlobal(MODULE, "ListProxy");
    deepStrictEqual(value, new PyProxy(type, token, "pickle", {}));
  });
  const kwds = { exposed: ["get", "put"] };
  const token = new PyToken("Queue", "/tmp/s", "7f00");
  const proxy = new PyProxy(new PyGlobal(MODULE, "AutoProxy"), token, "pickle", kwds);
  deepStrictEqual(loads(dumps(proxy)), proxy);
});

test("managers: Namespace and Value are their fields", () => {
  each("namespace()", (value) => {
    const global = new PyGlobal(MODULE, "Namespace");
    deepStrictEqual(value, new PyObject(global, [], { a: 1, b: [2] }));
  });
  each("managers.Value('i', 3)", (value) => {
    deepStrictEqual((value as PyObject).state, { _typecode: "i", _value: 3 });
  });
});

test("managers: what is no token, address or proxy is refused", () => {
  const token = new PyGlobal(MODULE, "Token");
  const rebuild = new PyGlobal(MODULE, "RebuildProxy");
  const type = new PyGlobal(MODULE, "ListProxy");
  const whole = new PyToken("list", "/tmp/s", "7");
  const states = [null, 1, "abc", [1, "/tmp/s", "7"], ["l", 1, "7"], ["l", ["h"], "7"]];
  const reductions = [
    ...states.map((state) => ({ global: token, args: [], newobj: true, state })),
    { global: type, args: [] },
    { global: rebuild, args: [type, null, "pickle", {}] },
    { global: rebuild, args: ["ListProxy", whole, "pickle", {}] },
    { global: rebuild, args: [type, whole, "pickle", []] },
    { global: rebuild, args: [type, whole, "pickle", new Map([[1, 2]])] },
  ];
  for (const reduction of reductions) {
    const marker = {};
    const pickle = dumps(marker, {
      reduce: (value) => value === marker ? reduction : undefined,
    });
    throws(() => loads(pickle), UnpicklingError);
  }
});

test("managers: requests and answers have the shapes that CPython sends", () => {
  each("('7f00', 'append', ((1, 2.0),), {'k': {1: b'x'}})", (value) => {
    const kwds = { k: new Map([[1, Uint8Array.of(120)]]) };
    deepStrictEqual(value, ["7f00", "append", [[1, 2]], kwds]);
  });
  each("('#RETURN', (('append', 'sort'), token(('127.0.0.1', 5000))))", (value) => {
    const token = new PyToken("list", ["127.0.0.1", 5000], "7f00");
    deepStrictEqual(value, ["#RETURN", [["append", "sort"], token]]);
  });
});
