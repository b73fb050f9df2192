import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { StatsReader } from "../../src/link/stats.ts";
import { test } from "../suite.ts";

interface Numbers {
  depth: number;
  puts: number;
  owner: { name: string } | null;
}

/** Reads an answer of the hub. */
function read(reader: StatsReader, puts: number, reset = false): Numbers {
  const text = JSON.stringify({ puts, depth: 7, other: 1, owner: { name: "x" } });
  return reader.read<Numbers>(text, ["depth", "puts", "owner"], reset);
}

test("StatsReader gives the wanted members in their order, frozen", () => {
  const numbers = read(new StatsReader(), 3);
  deepStrictEqual(numbers, { depth: 7, puts: 3, owner: { name: "x" } });
  deepStrictEqual(Object.keys(numbers), ["depth", "puts", "owner"]);
  ok(Object.isFrozen(numbers) && Object.isFrozen(numbers.owner));
});

test("StatsReader has counters begin anew, and nothing else, for itself alone", () => {
  const [one, other] = [new StatsReader(), new StatsReader()];
  strictEqual(read(one, 3, true).puts, 3);
  const { depth, puts } = read(one, 5);
  deepStrictEqual([depth, puts], [7, 2]);
  strictEqual(read(one, 6).puts, 3);
  strictEqual(read(one, 6, true).puts, 3);
  strictEqual(read(one, 6).puts, 0);
  strictEqual(read(other, 6).puts, 6);
});
