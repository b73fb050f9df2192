/**
 * The cases of `_TestValue`, `_TestArray` and `_TestSharedCTypes`.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Lock } from "../../../mod.ts";
import { AttributeError } from "../../../src/python/errors.ts";
import {
  Array as SharedArray,
  c_double,
  c_longlong,
  copy,
  RawArray,
  RawValue,
  slice,
  Value,
} from "../../../src/sharedctypes.ts";
import { assign, double, Foo, sums } from "../../sharedctypes/targets.ts";
import { exitcodeOf, started } from "./checks.ts";

/** Why Deno's checks are off. */
export const LEAKS = "arenas stay open until the process ends";

const CODES_VALUES = [
  ["i", 4343, 24234],
  ["d", 3.625, -4.25],
  ["h", -232, 234],
  ["q", 2 ** 33, 2 ** 34],
  ["c", Uint8Array.of(120), Uint8Array.of(121)],
] as const;

type Make = (code: "i", value: number) => { value: unknown };

// deno-lint-ignore no-explicit-any -- the target's arguments are what is passed
async function inChild(target: (...args: any[]) => void, args: unknown[]) {
  strictEqual(await exitcodeOf(started(target, args, { daemon: true })), 0);
}

async function values(make: Make): Promise<void> {
  const all = CODES_VALUES.map(([code, value]) => make(code as "i", value as number));
  CODES_VALUES.forEach(([, value], i) => deepStrictEqual(all[i]!.value, value));
  await inChild(assign, [all, CODES_VALUES.map(([, , other]) => other)]);
  CODES_VALUES.forEach(([, , other], i) => deepStrictEqual(all[i]!.value, other));
}

async function arrays(make: typeof RawArray | typeof SharedArray): Promise<void> {
  const seq = [680, 626, 934, 821, 150, 233, 548, 982, 714, 831];
  const arr = make("i", seq);
  strictEqual(arr.length, seq.length);
  strictEqual(arr[3], seq[3]);
  deepStrictEqual(arr.slice(2, 7), seq.slice(2, 7));
  arr.__setitem__(slice(4, 8), Int32Array.of(1, 2, 3, 4));
  seq.splice(4, 4, 1, 2, 3, 4);
  deepStrictEqual(arr.slice(), seq);
  sums(seq);
  await inChild(sums, [arr]);
  deepStrictEqual(arr.slice(), seq);
}

async function doubled(lock: boolean): Promise<void> {
  const x = Value("i", 7, { lock });
  const y = Value(c_double, 1 / 3, { lock });
  const z = Value(c_longlong, 2 ** 33, { lock });
  const foo = Value(Foo, 3, 2, { lock });
  const arr = SharedArray("d", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { lock });
  const string = SharedArray("c", 20, { lock });
  string.value = new TextEncoder().encode("hello");
  await inChild(double, [x, y, z, foo, arr, string]);
  strictEqual(x.value, 14);
  strictEqual(y.value, 2 / 3);
  strictEqual(z.value, 2 ** 34);
  strictEqual(foo.x, 6);
  strictEqual(foo.y, 4);
  for (let i = 0; i < 10; i++) strictEqual(arr[i], i * 2);
  strictEqual(new TextDecoder().decode(string.value), "hellohello");
}

/** By their names in CPython. */
export const CASES: Record<string, () => void | Promise<void>> = {
  "_TestValue.test_value": () => values(Value),
  "_TestValue.test_rawvalue": () => values(RawValue),
  "_TestValue.test_getobj_getlock"() {
    const value = Value("i", 5);
    ok(value.get_lock() && value.get_obj());
    const other = Value("i", 5, { lock: null });
    ok(other.get_lock() && other.get_obj());
    const lock = Lock();
    const third = Value("i", 5, { lock });
    strictEqual(third.get_lock(), lock);
    ok(third.get_obj());
    const raw = Value("i", 5, { lock: false });
    ok(!("get_lock" in raw) && !("get_obj" in raw));
    throws(() => Value("i", 5, { lock: "navalue" as never }), AttributeError);
    ok(!("get_lock" in RawValue("i", 5)) && !("get_obj" in RawValue("i", 5)));
  },
  "_TestArray.test_array": () => arrays(SharedArray),
  "_TestArray.test_rawarray": () => arrays(RawArray),
  "_TestArray.test_array_from_size"() {
    for (let n = 0; n < 3; n++) {
      const arr = SharedArray("i", 10);
      strictEqual(arr.length, 10);
      deepStrictEqual([...arr], new Array(10).fill(0));
      arr.set(Array.from({ length: 10 }, (_, i) => i));
      deepStrictEqual([...arr], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  },
  "_TestArray.test_getobj_getlock_obj"() {
    const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const first = SharedArray("i", ten);
    ok(first.get_lock() && first.get_obj());
    const second = SharedArray("i", ten, { lock: null });
    ok(second.get_lock() && second.get_obj());
    const lock = Lock();
    const third = SharedArray("i", ten, { lock });
    strictEqual(third.get_lock(), lock);
    ok(third.get_obj());
    const raw = SharedArray("i", ten, { lock: false });
    ok(!("get_lock" in raw) && !("get_obj" in raw));
    throws(() => SharedArray("i", ten, { lock: "notalock" as never }), AttributeError);
    ok(!("get_lock" in RawArray("i", ten)) && !("get_obj" in RawArray("i", ten)));
  },
  "_TestSharedCTypes.test_sharedctypes": () => doubled(false),
  "_TestSharedCTypes.test_synchronize": () => doubled(true),
  "_TestSharedCTypes.test_copy"() {
    const foo = new Foo(2, 5.0, 2 ** 33);
    const bar = copy(foo);
    foo.x = 0;
    foo.y = 0;
    foo.z = 0;
    strictEqual(bar.x, 2);
    strictEqual(bar.y, 5.0);
    strictEqual(bar.z, 2 ** 33);
  },
};
