/**
 * Random values of the kinds that pickles carry, the same for the same seed.
 *
 * @module
 */

import {
  PyByteArray,
  PyFloat,
  PyFrozenSet,
  PyTuple,
} from "../../../src/pickle/types.ts";
import { PySlice } from "../../../src/python/slice.ts";
import type { Random } from "../support.ts";

/** How deep values are nested. */
const DEPTH = 5;

const NUMBERS = [0, 1, 255, 256, 65535, 65536, 2 ** 31, 2 ** 32, 2 ** 53 - 1];
const FLOATS = [-0, 0.5, NaN, Infinity, 1e300, 5e-324, 2 ** 53, -(2 ** 70)];
const TEXTS = [
  "",
  "a",
  "k1",
  "__proto__",
  "12",
  "é",
  "€",
  "\u{1f600}",
  "\ud800",
  "\0\n\\u",
];

/** A value; what is among keys and members is hashable in Python. */
export function randomValue(random: Random): unknown {
  const seen: object[] = [];
  const visit = (depth: number): unknown => {
    if (seen.length > 0 && random.below(8) === 0) return random.of(seen);
    return depth < DEPTH && random.below(3) > 0
      ? randomContainer(random, () => visit(depth + 1), seen)
      : randomScalar(random);
  };
  return visit(0);
}

/** Lists, tuples and dicts are noted before they are filled, so they may be in themselves. */
function randomContainer(random: Random, item: () => unknown, seen: object[]): object {
  const count = random.below(5);
  switch (random.below(6)) {
    case 0: {
      const list: unknown[] = [];
      seen.push(list);
      for (let i = 0; i < count; i++) list.push(item());
      return list;
    }
    case 1: {
      const tuple = PyTuple.from(Array.from({ length: count }, item));
      seen.push(tuple);
      return tuple;
    }
    case 2: {
      const dict: Record<string, unknown> = {};
      seen.push(dict);
      for (let i = 0; i < count; i++) {
        dict[`k${random.below(20)}`] = item();
      }
      return dict;
    }
    case 3: {
      // With a key that is not a string, or it would come back as an object.
      const map = new Map<unknown, unknown>([[randomInteger(random), 0]]);
      seen.push(map);
      for (let i = 0; i < count; i++) map.set(randomKey(random), item());
      return map;
    }
    case 4: {
      const set = new Set(Array.from({ length: count }, () => randomKey(random)));
      seen.push(set);
      return set;
    }
    default:
      return new PySlice(randomInteger(random), null, randomInteger(random));
  }
}

function randomScalar(random: Random): unknown {
  switch (random.below(8)) {
    case 0:
      return random.of([null, true, false]);
    case 1:
      return randomInteger(random);
    case 2:
      return random.of(FLOATS);
    case 3:
      return new PyFloat(random.below(10));
    case 4:
      return random.of(TEXTS) + "x".repeat(random.of([0, 1, 30, 60, 300]));
    case 5:
      return random.bytes(random.of([3, 300]));
    case 6:
      return PyByteArray.from(random.bytes(3));
    default:
      return 2n ** BigInt(54 + random.below(3000)) * (random.below(2) === 0 ? 1n : -1n);
  }
}

function randomInteger(random: Random): number {
  return (random.of(NUMBERS) + 0) * random.of([1, -1]) || 0;
}

/** Different keys are different in Python, too. */
function randomKey(random: Random): unknown {
  switch (random.below(4)) {
    case 0:
      return randomInteger(random);
    case 1:
      return random.of(TEXTS);
    case 2:
      return PyTuple.of<unknown>(`t${random.below(1e9)}`, random.below(5));
    default:
      return new PyFrozenSet([`f${random.below(1e9)}`]);
  }
}
