/** Tests of src/inspect/report.ts: what processes say, and lies. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  encodeReport,
  MAX_REPORT,
  MOST,
  parseReport,
  type Report,
} from "../../src/inspect/report.ts";
import { test } from "../suite.ts";

const place = { file: "/w.ts", line: 3, column: 4, func: "f" };

const histogram = { count: 2, buckets: [0, 1, 1], p50: 1e-6, p99: 2e-6 };

const report: Report = {
  ...{ name: "Process-1", daemon: true, role: "worker", runtime: "Deno 2.9.6" },
  ...{ cpu: 1.5, memory: 1000, isAlive: null },
  waits: [{
    ...{ op: "get", object: 4, process: null, pool: null, server: null },
    ...{ managed: null, age: 1, left: null, isOpen: false, place },
  }],
  holds: [{ object: 5, age: null, place: null, isScoped: true }],
  orders: [{ first: 5, second: 6, firstPlace: place, secondPlace: null }],
  made: [{ id: 6, type: "Queue", name: "q", place, server: null }],
  tasks: [{ func: "square", args: "(1,)", age: 0.5 }],
  pools: [{
    ...{ id: 1, name: "pool", place, queued: 3, done: 2, failed: 1 },
    ...{ run: histogram, wait: histogram },
    workers: [{ pid: 9, name: "W-1", isBusy: true, share: 0.5, done: 2 }],
    spans: [{
      ...{ worker: "W-1", func: "square", begin: 1, seconds: 2, count: 1 },
      hasFailed: false,
    }],
  }],
  managed: [],
};

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("a report comes back as it was", () => {
  deepStrictEqual(parseReport(encodeReport(report)), report);
});

test("what is no report is none", () => {
  for (const value of [null, 1, "x", [], [report]]) {
    strictEqual(parseReport(bytes(value)), undefined);
  }
  strictEqual(parseReport(new Uint8Array([255, 254])), undefined);
  strictEqual(parseReport(new Uint8Array(MAX_REPORT + 1).fill(32)), undefined);
  const deep = new TextEncoder().encode("[".repeat(MAX_REPORT));
  strictEqual(parseReport(deep), undefined);
});

test("a wrong field is replaced, an unknown one dropped", () => {
  const empty = parseReport(bytes({}))!;
  deepStrictEqual(empty.waits, []);
  deepStrictEqual([empty.role, empty.cpu, empty.isAlive], ["process", null, null]);
  const lying = parseReport(bytes({
    ...{ name: { toString: 1 }, role: "root", cpu: -1, memory: 1.5, more: "x" },
    waits: [1, null, { age: 1e400, object: -1, pool: "1", isOpen: 1 }],
    pools: [{ workers: [{ share: 7 }], run: 3, spans: "no" }],
    __proto__: { x: 1 },
  }))!;
  deepStrictEqual([lying.name, lying.role, lying.cpu], ["", "process", null]);
  deepStrictEqual(Object.keys(lying), Object.keys(report));
  const [wait] = lying.waits;
  deepStrictEqual([wait!.age, wait!.object, wait!.pool], [0, null, null]);
  strictEqual(lying.pools[0]!.workers[0]!.share, 1);
  deepStrictEqual(lying.pools[0]!.run, { count: 0, buckets: [], p50: null, p99: null });
});

test("lists and texts are cut, commands for terminals taken out", () => {
  const many = Array.from({ length: 5000 }, (_, object) => ({ object }));
  const text = `\u001b[2J${"x".repeat(3000)}`;
  const long = parseReport(bytes({ holds: many, name: text }))!;
  strictEqual(long.holds.length, MOST.holds);
  ok(long.name.length <= 200);
  ok(!long.name.includes("\u001b"));
});

test("a report that would be too long goes without its lists", () => {
  const args = "\u{1f600}".repeat(60_000);
  const long = { ...report, tasks: [{ func: "f", args, age: 0 }] };
  const encoded = encodeReport(long);
  ok(encoded.length < MAX_REPORT);
  deepStrictEqual(parseReport(encoded)!.waits, report.waits);
});
