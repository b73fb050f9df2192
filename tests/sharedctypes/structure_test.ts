/**
 * Structures, nested arrays and simple objects against CPython: the texts are what 3.13
 * says.
 *
 * @module
 */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  c_bool,
  c_char,
  c_double,
  c_int,
  c_longlong,
  c_short,
  c_wchar,
  copy,
  RawArray,
  RawValue,
  Structure,
  synchronized,
  Value,
} from "../../src/sharedctypes.ts";
import { LAYOUT, layoutOf } from "../../src/sharedctypes/layout.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";
import { test } from "../suite.ts";

class P extends Structure {
  static override readonly _fields_ = [["x", c_int], ["y", c_double]] as const;
  declare x: number;
  declare y: number;
}

class Q extends Structure {
  static override readonly _fields_ = [
    ["p", P],
    ["a", c_short.__mul__(3)],
    ["s", c_char.__mul__(4)],
    ["c", c_char],
  ] as const;
  declare p: P;
  declare a: ArrayLike<number>;
  declare s: Uint8Array;
  declare c: Uint8Array;
}

class Packed extends Structure {
  static readonly _pack_ = 1;
  static override readonly _fields_ = [["c", c_char], ["d", c_double]] as const;
  declare d: number;
}

class Longer extends P {
  static override readonly _fields_ = [["z", c_int]] as never;
  declare z: number;
}

class Bare extends Structure {}

canMap(); // Deno counts the library that this opens as a leak of the test that does it
RawValue("i");

const bytes = (text: string) => new TextEncoder().encode(text);
const size = (type: unknown) => layoutOf(type)!.size;

test("structures lie as C lays them", () => {
  strictEqual(size(P), 16);
  strictEqual(size(Q), 32);
  strictEqual(size(Packed), 9);
  strictEqual(size(Longer), 24);
  const packed = new Packed(bytes("x"), 1.5);
  strictEqual(packed.d, 1.5);
  const longer = RawValue(Longer, 1, 2, 3);
  deepStrictEqual([longer.x, longer.y, longer.z], [1, 2, 3]);
});

test("structures: values by position, by name, and of inner types", () => {
  strictEqual(new P({ x: 5, y: 2 }).y, 2);
  strictEqual(new P(1, { y: 4 }).y, 4);
  const q = RawValue(Q, [1, 2], [1, 2], bytes("ab"), bytes("c"));
  deepStrictEqual([q.p.x, q.p.y, [...q.a as number[]]], [1, 2, [1, 2, 0]]);
  deepStrictEqual([...q.s, ...q.c], [97, 98, 99]);
  q.p = new P(4, 5);
  strictEqual(q.p.y, 5);
  q.p.x = 2 ** 40 + 7;
  strictEqual(q.p.x, 7);
  const list = RawArray(P, [[1, 2], new P(3, 4)]);
  deepStrictEqual([list[0]!.y, list[-1]!.y], [2, 4]);
  list[0] = [8, 9] as never;
  strictEqual((list[0] as P).x, 8);
  const grid = RawArray(c_int.__mul__(2), [[1, 2], [3, 4]]);
  grid[1]![0] = 7;
  deepStrictEqual([...grid].map((row) => row.slice()), [[1, 2], [7, 4]]);
});

const REFUSED: [what: () => unknown, text: string][] = [
  [() => RawValue(P, 1, 2, 3), "TypeError: too many initializers"],
  [
    () => RawValue(P, 1.5),
    "TypeError: 'float' object cannot be interpreted as an integer",
  ],
  [
    () => RawValue(P, "x", 2),
    "TypeError: 'str' object cannot be interpreted as an integer",
  ],
  [() => RawValue(P, 1, "y"), "TypeError: must be real number, not str"],
  [
    () => RawValue(Q, [1, 2], [1, 2, 3, 4]),
    "RuntimeError: (c_short_Array_3) IndexError: invalid index",
  ],
  [() => RawValue(Q, 5), "TypeError: expected P instance, got int"],
  [
    () => RawValue(Q, [1, 2], [1, 2], bytes("abcdef")),
    "ValueError: bytes too long (6, maximum length 4)",
  ],
  [
    () => RawValue(Q).p = [1, "x"] as never,
    "RuntimeError: (P) TypeError: must be real number, not str",
  ],
  [
    () => RawArray(P, [c_int(3) as never]),
    "TypeError: incompatible types, c_int instance instead of P instance",
  ],
  [() => new P(1, { x: 2 }), "TypeError: duplicate values for field 'x'"],
  [() => copy(Value("i", 1) as never), "TypeError: this type has no size"],
  [() => copy(5 as never), "TypeError: this type has no size"],
  [
    () => synchronized(Value("i", 1) as never),
    "AssertionError: object already synchronized",
  ],
  [
    () => synchronized(5 as never),
    "AttributeError: type object 'int' has no attribute '_fields_'",
  ],
  [
    () => Value("i", 5, { lock: "x" as never }),
    "AttributeError: 'x' has no method 'acquire'",
  ],
  [
    () => Value("i", 5, { lock: 0 as never }),
    "AttributeError: 0 has no method 'acquire'",
  ],
  ...["z", "w", "ii", null, 5, Object].map((type): [() => unknown, string] => [
    () => Value(type as "i"),
    "TypeError: this type has no size",
  ]),
  [() => Value(Bare), "TypeError: this type has no size"],
  [() => new Bare(), "TypeError: abstract class"],
  [() => c_int.__mul__(-1), "ValueError: Array length must be >= 0, not -1"],
  [
    () => c_int.__mul__("x" as never),
    "TypeError: can't multiply sequence by non-int of type 'str'",
  ],
  [
    () => c_int("x" as never),
    "TypeError: 'str' object cannot be interpreted as an integer",
  ],
  [
    () => RawValue("i", c_int(3) as never),
    "TypeError: 'c_int' object cannot be interpreted as an integer",
  ],
  [
    () => RawValue("d", c_double(3) as never),
    "TypeError: must be real number, not c_double",
  ],
  [
    () => (Value as unknown as () => unknown)(),
    "TypeError: BaseContext.Value() missing 1 required positional argument: " +
    "'typecode_or_type'",
  ],
  [
    () => Value("i", 1, { loc: false } as never),
    "TypeError: BaseContext.Value() got an unexpected keyword argument 'loc'. " +
    "Did you mean 'lock'?",
  ],
] as [() => unknown, string][];

for (const [what, text] of REFUSED) {
  test(`refused: ${String(what).replace(/\s+/g, " ").slice(6)}: ${text}`, () => {
    throws(
      what,
      (error) => String(error) === text || Boolean(strictEqual(String(error), text)),
    );
  });
}

test("texts are Python's", () => {
  const hidden = (value: unknown) => String(value).replace(/0x[0-9a-f]+/, "0x");
  strictEqual(String(c_int(5)), "c_int(5)");
  strictEqual(String(c_longlong(5)), "c_long(5)");
  strictEqual(String(c_double(5)), "c_double(5.0)");
  strictEqual(String(c_double(1e22)), "c_double(1e+22)");
  strictEqual(String(RawValue("f", 0.1)), "c_float(0.10000000149011612)");
  strictEqual(String(c_char(bytes("x"))), "c_char(b'x')");
  strictEqual(String(c_wchar("x")), "c_wchar('x')");
  strictEqual(String(Value(c_bool, 5)), "<Synchronized wrapper for c_bool(True)>");
  strictEqual(
    hidden(Value(P, 1, 2)),
    "<SynchronizedP wrapper for <__main__.P object at 0x>>",
  );
  strictEqual(
    hidden(RawArray("i", 5)),
    "<multiprocessing.sharedctypes.c_int_Array_5 object at 0x>",
  );
  strictEqual(RawArray("i", 5)[LAYOUT].name, "c_int_Array_5");
});
