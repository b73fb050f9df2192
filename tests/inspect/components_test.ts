import { deepStrictEqual } from "node:assert/strict";
import { components } from "../../src/inspect/components.ts";
import { test } from "../suite.ts";

/** The parts of a graph, sorted; by the nodes to which each leads. */
function parts(graph: Record<number, number[]>): number[][] {
  const nodes = Object.keys(graph).map(Number);
  return components(nodes, (node) => graph[node]!)
    .map((part) => part.sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!);
}

test("parts of graphs", () => {
  const cases: [Record<number, number[]>, number[][]][] = [
    [{}, []],
    [{ 1: [] }, [[1]]],
    [{ 1: [1] }, [[1]]],
    [{ 1: [2], 2: [1] }, [[1, 2]]],
    [{ 1: [2], 2: [3], 3: [] }, [[1], [2], [3]]],
    [{ 1: [2], 2: [3], 3: [1], 4: [1] }, [[1, 2, 3], [4]]],
    [{ 1: [2, 3], 2: [1], 3: [4], 4: [3, 5], 5: [] }, [[1, 2], [3, 4], [5]]],
    [{ 1: [2], 2: [3, 1], 3: [4], 4: [2] }, [[1, 2, 3, 4]]],
  ];
  for (const [graph, expected] of cases) deepStrictEqual(parts(graph), expected);
});

test("those that are reached come before those that reach them", () => {
  const graph: Record<number, number[]> = { 1: [2], 2: [3], 3: [] };
  deepStrictEqual(components([1, 2, 3], (node) => graph[node]!), [[3], [2], [1]]);
});

test("a long ring needs no deep stack", () => {
  const length = 100_000;
  const nodes = Array.from({ length }, (_, i) => i);
  deepStrictEqual(
    components(nodes, (node) => [(node + 1) % length]).map((part) => part.length),
    [length],
  );
});
