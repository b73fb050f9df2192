/** Random calls of lists, dicts and sets, for all kinds of them. */
import type { Random } from "../wire/support.ts";
import { type Call, set, slice } from "./python_objects.ts";

function listItem(random: Random): unknown {
  return random.of([0, 1, 2, -7, "a", "b", null, true, [1], 300]);
}

/** What a list begins with. */
export function listItems(random: Random): unknown[] {
  const numbers = random.below(2) === 0;
  return Array.from(
    { length: random.below(5) },
    () => numbers ? random.below(9) : listItem(random),
  );
}

function listIndex(random: Random): unknown {
  return random.of<unknown>([0, 1, 2, -1, -2, 9, -9, true]);
}

function anySlice(random: Random): unknown {
  const part = () => random.of([null, 0, 1, 2, 4, -1, -2, 9, -9]);
  return slice(part(), part(), random.of([null, 1, 2, -1, -2, 0]));
}

/** Calls of a list. */
export const LIST_CALLS: readonly ((random: Random) => Call)[] = [
  (random) => ["append", listItem(random)],
  (random) => ["extend", listItems(random)],
  (random) => ["__getitem__", listIndex(random)],
  (random) => ["__getitem__", anySlice(random)],
  (random) => ["__setitem__", listIndex(random), listItem(random)],
  (random) => ["__setitem__", anySlice(random), listItems(random)],
  (random) => ["__delitem__", random.of([listIndex, anySlice])(random)],
  (random) => ["insert", listIndex(random), listItem(random)],
  (random) => random.below(2) === 0 ? ["pop"] : ["pop", listIndex(random)],
  (random) => ["remove", listItem(random)],
  (random) => ["index", listItem(random), ...random.of([[], [1], [0, 2], [-2, 9]])],
  (random) => ["count", listItem(random)],
  () => ["reverse"],
  (random) => ["__contains__", listItem(random)],
  (random) => ["__add__", listItems(random)],
  (random) => [random.of(["__mul__", "__rmul__", "__imul__"]), random.below(4) - 1],
  (random) => [random.of(["copy", "__reversed__", "__len__"])],
  (random) => random.below(4) === 0 ? ["clear"] : ["__len__"],
];

function dictKey(random: Random): unknown {
  return random.of<unknown>([0, 1, 2, "a", "b", "c", null, true, false, 1.5]);
}

function dictValue(random: Random): unknown {
  return random.of<unknown>([0, "x", null, [1], { a: 1 }]);
}

/** What a dict begins with. */
export function dictPairs(random: Random): unknown[] {
  return Array.from(
    { length: random.below(4) },
    () => [dictKey(random), dictValue(random)],
  );
}

/** Calls of a dict. */
export const DICT_CALLS: readonly ((random: Random) => Call)[] = [
  (random) => ["__setitem__", dictKey(random), dictValue(random)],
  (random) => ["__setitem__", dictKey(random), dictValue(random)],
  (random) => ["__getitem__", dictKey(random)],
  (random) => ["__delitem__", dictKey(random)],
  (random) => ["get", dictKey(random), ...random.of([[], [7]])],
  (random) => ["pop", dictKey(random), ...random.of([[], [7]])],
  () => ["popitem"],
  (random) => ["setdefault", dictKey(random), ...random.of([[], [7]])],
  (random) => ["update", dictPairs(random)],
  (random) => ["__contains__", dictKey(random)],
  (random) => [random.of(["keys", "values", "items", "__len__"])],
  (random) => ["update", { a: dictValue(random), z: 1 }],
  (random) => ["fromkeys", [dictKey(random), dictKey(random)], ...random.of([[], [7]])],
  (random) => random.below(5) === 0 ? ["clear"] : ["copy"],
];

function setItem(random: Random): unknown {
  return random.of<unknown>([0, 1, 2, 3, "a", "b", null]);
}

/** What a set begins with. */
export function setItems(random: Random): unknown[] {
  return Array.from({ length: random.below(4) }, () => setItem(random));
}

const OPERATORS = "and or sub xor rand ror rsub rxor iand ior isub ixor".split(" ");
const COMPARISONS = "le lt ge gt eq".split(" ");
const OF_ONE =
  "isdisjoint issubset issuperset symmetric_difference symmetric_difference_update"
    .split(" ");
const OF_MANY =
  "union intersection difference update intersection_update difference_update"
    .split(" ");

/** Calls of a set. */
export const SET_CALLS: readonly ((random: Random) => Call)[] = [
  (random) => [
    random.of(["add", "discard", "remove", "__contains__"]),
    setItem(random),
  ],
  (random) => [`__${random.of(OPERATORS)}__`, set(...setItems(random))],
  (random) => [`__${random.of(COMPARISONS)}__`, set(...setItems(random))],
  (random) => [random.of(OF_ONE), setItems(random)],
  (random) => [
    random.of(OF_MANY),
    ...Array.from({ length: random.below(3) }, () => setItems(random)),
  ],
  (random) => [random.of(["copy", "__len__"])],
  (random) => random.below(5) === 0 ? ["clear"] : ["__len__"],
];
