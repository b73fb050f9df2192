/** Tests of src/pickle/reader.ts: single pickles, good and bad. */

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { EOFError, UnpicklingError, ValueError } from "../../src/python/errors.ts";
import { GLOBALS } from "../../src/pickle/globals.ts";
import { loads } from "../../src/pickle/reader.ts";
import { globalTable } from "../../src/pickle/types.ts";
import { PySlice } from "../../src/python/slice.ts";
import { test } from "../suite.ts";
import { bytes, concat, utf8 } from "../wire/support.ts";
import { VECTORS } from "../wire/pickle/vectors.ts";

/** Expressions of the vectors, with what they are read as. */
const VALUES: readonly (readonly [expression: string, value: unknown])[] = [
  ["None", null],
  ["True", true],
  ["False", false],
  ["0", 0],
  ["-1", -1],
  ["255", 255],
  ["65536", 65536],
  ["-2**31-1", -(2 ** 31) - 1],
  ["2**53-1", 2 ** 53 - 1],
  ["2**53", 2n ** 53n],
  ["-2**53", -(2n ** 53n)],
  ["2**63-1", 2n ** 63n - 1n],
  ["-2**63", -(2n ** 63n)],
  ["2**64", 2n ** 64n],
  ["-10**100", -(10n ** 100n)],
  ["-2**55", -(2n ** 55n)],
  ["-0.0", -0],
  ["1.0", 1],
  ["-1.5", -1.5],
  ["1e20", 1e20],
  ["5e-324", 5e-324],
  ["-float('inf')", -Infinity],
  ["float('nan')", NaN],
  ["''", ""],
  ["'\\U0001f600'", "\u{1f600}"],
  ["'\\ud800'", "\ud800"],
  ["'a\\udfffb\\U0001f600'", "a\udfffb\u{1f600}"],
  ["'\\ufeffx'", "\ufeffx"],
  ["'line\\nback\\\\slash\\\\u0041\\r\\0\\x1a'", "line\nback\\slash\\u0041\r\0\x1a"],
  ["b'abc'", utf8("abc")],
  ["bytearray(b'ab\\xff')", Uint8Array.of(97, 98, 255)],
  ["bytearray()", new Uint8Array()],
  ["[[], [[]]]", [[], [[]]]],
  ["((), [()])", [[], [[]]]],
  ["(1, 2, 3, 4)", [1, 2, 3, 4]],
  ["{}", {}],
  ["{'a': 1}", { a: 1 }],
  ["{1: 2}", new Map([[1, 2]])],
  ["{'a': 1, 2: 3}", new Map<unknown, number>([["a", 1], [2, 3]])],
  ["{2: 3, 'a': 1}", new Map<unknown, number>([[2, 3], ["a", 1]])],
  [
    "{'__proto__': 1, 'constructor': {'__proto__': []}}",
    JSON.parse('{"__proto__": 1, "constructor": {"__proto__": []}}'),
  ],
  ["[{}, {}, {1: 1}, {}]", [{}, {}, new Map([[1, 1]]), {}]],
  ["{'a': {}, 'b': {1: {}}}", { a: {}, b: new Map([[1, {}]]) }],
  ["{None: {}}", new Map([[null, {}]])],
  [
    "{frozenset({1}): 1, ((1,), 'a'): 2}",
    new Map<unknown, number>([[new Set([1]), 1], [[[1], "a"], 2]]),
  ],
  ["{frozenset({frozenset()})}", new Set([new Set([new Set()])])],
  ["set()", new Set()],
  ["slice(1, None, -2)", new PySlice(1, null, -2)],
  ["collections.OrderedDict(a=1)", new Map([["a", 1]])],
  ["array.array('d', [0.5])", Float64Array.of(0.5)],
  ["array.array('Q', [2**63])", BigUint64Array.of(2n ** 63n)],
  ["('#RETURN', None)", ["#RETURN", null]],
  ["(None, 'create', ('list', [1, 2]), {})", [null, "create", ["list", [1, 2]], {}]],
];

test("loads: each kind of value, in each protocol", () => {
  for (const [expression, value] of VALUES) {
    const pickles = VECTORS.get(expression);
    strictEqual(pickles !== undefined, true, expression);
    for (const pickle of pickles!) deepStrictEqual(loads(pickle), value, expression);
  }
});

test("loads: a dict in itself is an object if all its keys are strings, else a Map", () => {
  for (const pickle of VECTORS.get("[int_dict_in_itself(), dict_in_itself()]")!) {
    const [map, dict] = loads(pickle) as [
      Map<unknown, unknown>,
      Record<string, unknown>,
    ];
    strictEqual(map.get(1), map);
    deepStrictEqual(map.get("a"), [map]);
    strictEqual(dict["self"], dict);
    strictEqual(map.size, 2);
  }
});

test("loads: keys in order, where it counts", () => {
  for (const pickle of VECTORS.get("{'b': 1, '1': 2, '0': 3}")!) {
    deepStrictEqual(loads(pickle), { b: 1, 1: 2, 0: 3 });
    deepStrictEqual(
      loads(pickle, { exact: true }),
      new Map([["b", 1], ["1", 2], ["0", 3]]),
    );
  }
});

test("loads: the value shares no memory with the pickle", () => {
  for (const text of ["b'abc'", "bytearray(b'ab\\xff')", "array.array('h', [1])"]) {
    const pickle = VECTORS.get(text)!.at(-1)!.slice();
    const value = loads(pickle) as Uint8Array;
    const before = value.slice();
    pickle.fill(0);
    deepStrictEqual(value, before);
  }
});

test("loads: a part of a larger buffer, and what follows the end", () => {
  const buffer = concat(bytes("ff"), bytes("8004 5d4b01612e"), bytes("ffff"));
  deepStrictEqual(loads(buffer.subarray(1)), [1]);
});

test("loads: each beginning of a pickle is an error", () => {
  for (const [text, pickles] of VECTORS) {
    for (const pickle of pickles) {
      for (let end = 0; end < pickle.length; end++) {
        throws(
          () => loads(pickle.subarray(0, end)),
          end === 0 ? EOFError : UnpicklingError,
          text,
        );
      }
    }
  }
});

/** What no pickle may do, with the error. */
const ATTACKS: readonly (readonly [pickle: string, message: RegExp | string])[] = [
  ["cos\nsystem\n(S'ls'\ntR.", "global 'os.system' is forbidden"],
  ["cposix\nsystem\n(Vls\ntR.", "global 'posix.system' is forbidden"],
  ["c__builtin__\neval\n(V1\ntR.", "global '__builtin__.eval' is forbidden"],
  ["cbuiltins\ngetattr\n.", "global 'builtins.getattr' is forbidden"],
  ["(ios\nsystem\n.", "global 'os.system' is forbidden"],
  ["(cos\nsystem\nVls\no.", "global 'os.system' is forbidden"],
  ["Vos\nVsystem\n\x93.", "global 'os.system' is forbidden"],
  ["Vbuiltins\nVlist.__class__\n\x93.", /is forbidden$/],
  ["Vconstructor\nVconstructor\n\x93.", /is forbidden$/],
  ["V__proto__\nVx\n\x93.", /is forbidden$/],
  ["c__main__\nSecret\n.", "global '__main__.Secret' is forbidden"],
  ["I1\nI2\n\x93.", "STACK_GLOBAL requires str"],
  ["I1\n)R.", "a call of what is no class"],
  ["cbuiltins\nlist\nI1\nR.", "argument list must be a tuple"],
  ["(lI1\nb.", "a state for what has none"],
  ["cbuiltins\nlist\n(dVa\nI1\nsb.", "a state for what has none"],
  ["cbuiltins\nKeyError\n)RI1\nb.", "cannot set a state"],
  ["cmultiprocessing.managers\nListProxy\n)R.", /^cannot make a .*ListProxy$/],
  ["cmultiprocessing.managers\nRebuildProxy\n)R.", /RebuildProxy$/],
  ["cmultiprocessing.managers\nToken\n)\x81(I1\nI2\nI3\ntb.", "cannot set a state"],
  [
    "ccopy_reg\n_reconstructor\n(ccopy_reg\n_reconstructor\nc__builtin__\nobject\nNtR.",
    /./,
  ],
  ["carray\narray\n(Vu\nVx\ntR.", /^cannot make/],
  ["I1\na.", "stack underflow"],
  ["I1\nI2\na.", "items for what is no list"],
  ["I1\nVa\nI2\ns.", "items for an object that is no dict"],
  ["(I1\nd.", "odd number of items for DICT"],
  ["e.", "could not find MARK"],
  ["](I1\na.", "unexpected MARK found"],
  ["g5\n.", "Memo value not found at index 5"],
  ["I1\np99999999999\n.", "a number in the memo is none"],
  ["I1x\n.", "invalid literal for int()"],
  ["F0x1\n.", "could not convert string to float"],
  ["V\\u12\n.", "a str has a bad escape"],
  ["V\\Uffffffff\n.", "a str has a bad escape"],
  ["P1\n.", /^A load persistent id instruction/],
  ["I1\nQ.", /^A load persistent id instruction/],
  ["\x82\x05.", "unregistered extension code 5"],
  ["\x97.", /^pickle stream refers to out-of-band data/],
  ["S'x'\n.", "invalid load key, 'S'."],
  ["\xff.", "invalid load key, '\\xff'."],
  ["'.", "invalid load key, '\\x27'."],
  [".", "stack underflow"],
  ["\x8b\xff\xff\xff\xff.", "LONG pickle has negative byte count"],
];

test("loads: refuses what no pickle may do, and constructs nothing", () => {
  for (const [pickle, message] of ATTACKS) {
    const raw = Uint8Array.from(pickle, (character) => character.charCodeAt(0));
    throws(() => loads(raw), (error: Error) => {
      strictEqual(error.constructor, UnpicklingError, `${pickle}: ${error}`);
      if (typeof message === "string") strictEqual(error.message, message);
      else strictEqual(message.test(error.message), true, error.message);
      return true;
    });
  }
});

test("loads: huge lengths are not believed", () => {
  for (
    const head of [
      ...["58 ffffffff", "42 ffffffff", "8c ff", "43 ff", "8b ffffff7f", "8a ff"],
      ...["8d ffffffffffffffff", "8e 0000000000000080", "96 ffffffffff000000"],
      ...["95 ffffffffffffff7f", "95 0400000000000000"],
    ]
  ) {
    throws(
      () => loads(bytes(head + "4e 2e")),
      /^UnpicklingError: pickle data was trunc/,
    );
  }
});

test("loads: places of the memo may be anywhere, at no cost", () => {
  deepStrictEqual(
    loads(bytes("5d 72 ffffffff 4b05 72 00000010 6a ffffffff 30 61 2e")),
    [5],
  );
});

test("loads: protocols and ints beyond the limits are ValueErrors, as in Python", () => {
  throws(() => loads(bytes("8006 4e2e")), {
    constructor: ValueError,
    message: "unsupported pickle protocol: 6",
  });
  throws(() => loads(utf8(`L${"9".repeat(4301)}L\n.`)), ValueError);
  strictEqual(loads(utf8(`L${"9".repeat(4300)}L\n.`)), BigInt("9".repeat(4300)));
  const long = concat(bytes("8b a1860100"), new Uint8Array(100_001), bytes("2e"));
  throws(() => loads(long), /^UnpicklingError: an int has 100001 bytes/);
});

test("loads: a caller's table is all that counts", () => {
  const point = { construct: ([x, y]: readonly unknown[]) => ({ x, y }) };
  const globals = globalTable([["shapes", "Point", point]]);
  const pickle = utf8("cshapes\nPoint\n(I1\nI2\ntR.");
  deepStrictEqual(loads(pickle, { globals }), { x: 1, y: 2 });
  throws(() => loads(pickle), UnpicklingError);
  throws(() => loads(utf8("cbuiltins\nKeyError\n)R."), { globals }), UnpicklingError);
  strictEqual(GLOBALS.has("shapes"), false);
});

test("loads: what a constructor throws is the pickle's fault", () => {
  const cause = new RangeError("no");
  const globals = globalTable([["m", "f", {
    construct() {
      throw cause;
    },
  }]]);
  throws(
    () => loads(utf8("cm\nf\n)R."), { globals }),
    (error: Error) => error instanceof UnpicklingError && error.cause === cause,
  );
});
