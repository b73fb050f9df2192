import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Numbers, type ProcessFacts } from "../../src/inspect/facts.ts";
import { managedKey, managedObjects } from "../../src/inspect/managed.ts";
import type { Report, ReportedManaged } from "../../src/inspect/report.ts";
import { test } from "../suite.ts";

const NOBODY = { holders: [], takers: [], waiters: [], putters: [], joiners: [] };

/** A lock of a server, which these pids have, hold and wait for. */
function lock(more: Partial<ReportedManaged> = {}): ReportedManaged {
  return {
    ...{ ...NOBODY, id: 7, type: "Lock", kind: "lock", value: 0, bound: 0 },
    ...{ isOwned: true, unfinished: null, isShutDown: false, lock: null },
    ...more,
  };
}

function pids(...pids: number[]) {
  return pids.map((pid) => ({ pid, age: null, left: null }));
}

function process(
  number: number,
  report: { managed?: ReportedManaged[]; waits?: object[] },
  more: Partial<ProcessFacts> = {},
): ProcessFacts {
  return {
    ...{ number, pid: 100 + number, name: "", host: null, isReady: true },
    ...{ isStopped: false, age: 1, silence: 0, isSilent: false, cpu: 0, memory: null },
    report: { managed: [], waits: [], ...report } as unknown as Report,
    ...more,
  };
}

const WAITS = { waits: [{ server: 101, managed: 7 }] };
const KEY = managedKey(101, 7);
const OBJECT = lock({
  holders: pids(102, 103),
  takers: pids(102),
  waiters: pids(103, 104),
});

test("a manager's object has the numbers of its clients, and its name", () => {
  const processes = [
    process(1, { managed: [OBJECT] }),
    ...[process(2, {}), process(3, WAITS), process(4, {})],
  ];
  const made = { id: 7, type: "Lock", name: "door", place: null, server: 101 };
  const known = (process: number) => new Map([[KEY, { process, made }]]);
  const object = managedObjects(processes, new Numbers(50), known(2)).get(KEY)!;
  if (object.kind !== "lock") throw new TypeError(object.kind);
  const { id, home, holders, takers, waiters, told } = object;
  deepStrictEqual([id, home, holders, told.name], [51, 1, [2, 3], "door"]);
  deepStrictEqual(takers, [{ process: 2, age: null, count: 1, left: null }]);
  // Process 4 does not say that it waits.
  deepStrictEqual(waiters, [{ process: 3, age: null, count: 1, left: null }]);
  const strange = managedObjects(processes, new Numbers(), known(4)).get(KEY)!;
  strictEqual(strange.told.name, null); // who does not have it cannot name it
});

test("what strangers have too, or a silent server has said, is left out", () => {
  const others = [process(2, {}), process(3, WAITS), process(4, {})];
  const find = (...processes: ProcessFacts[]) =>
    managedObjects(processes, new Numbers(), new Map()).size;
  strictEqual(find(process(1, { managed: [OBJECT] }), ...others), 1);
  strictEqual(find(process(1, { managed: [OBJECT] })), 0);
  const silent = process(1, { managed: [OBJECT] }, { isSilent: true });
  strictEqual(find(silent, ...others), 0);
});
