/**
 * Checks that a trace is as the format wants it: what is wrong with it, a line for each
 * fault. It knows nothing of the code that makes traces.
 */
import type { Trace, TraceEvent } from "../../src/inspect/trace.ts";

/** The faults of a trace; none if it is right. */
export function faultsOf(trace: Trace): string[] {
  const { traceEvents: events } = trace;
  return [
    ...events.flatMap(faultsOfEvent),
    ...faultsOfOrder(events),
    ...faultsOfPairs(events),
    ...faultsOfBars(events),
    ...faultsOfNames(events),
  ];
}

const FIELDS: Record<string, string[]> = {
  M: ["args"],
  X: ["dur"],
  b: ["id", "cat"],
  e: ["id", "cat"],
  C: ["args"],
  i: ["s"],
};

function faultsOfEvent(event: TraceEvent): string[] {
  const faults: string[] = [];
  const text = JSON.stringify(event);
  const { ph, name, ts, dur = 0, args = {} } = event;
  const fields = FIELDS[ph];
  if (fields === undefined) faults.push(`no such kind: ${text}`);
  for (const field of fields ?? []) {
    if (!(field in event)) faults.push(`without ${field}: ${text}`);
  }
  if (typeof name !== "string" || name === "") faults.push(`no name: ${text}`);
  for (const number of [event.pid, event.tid]) {
    if (!Number.isSafeInteger(number) || number < 0) faults.push(`no number: ${text}`);
  }
  for (const time of [ts, dur]) {
    if (!Number.isFinite(time) || time < 0) faults.push(`no time: ${text}`);
  }
  if (ph === "C" && !Object.values(args).every(Number.isFinite)) {
    faults.push(`a curve without numbers: ${text}`);
  }
  return faults;
}

function faultsOfOrder(events: readonly TraceEvent[]): string[] {
  const late = events.findIndex(({ ts }, i) => i > 0 && ts < events[i - 1]!.ts);
  return late === -1 ? [] : [`out of order: ${JSON.stringify(events[late])}`];
}

/** Every `b` has its `e`, which comes after it, and no other. */
function faultsOfPairs(events: readonly TraceEvent[]): string[] {
  const faults: string[] = [];
  const open = new Map<string, TraceEvent>();
  for (const event of events) {
    const key = `${event.cat} ${event.id}`;
    if (event.ph === "b") {
      if (open.has(key)) faults.push(`begun twice: ${key}`);
      open.set(key, event);
    } else if (event.ph === "e") {
      const begun = open.get(key);
      open.delete(key);
      if (begun === undefined) faults.push(`ended and not begun: ${key}`);
      else if (begun.name !== event.name || begun.pid !== event.pid) {
        faults.push(`ended by another: ${key}`);
      }
    }
  }
  return [...faults, ...[...open.keys()].map((key) => `not ended: ${key}`)];
}

/** Bars of one thread lie in each other, or do not touch. */
function faultsOfBars(events: readonly TraceEvent[]): string[] {
  const faults: string[] = [];
  const stacks = new Map<string, number[]>();
  for (const { ph, pid, tid, ts, dur, name } of events) {
    if (ph !== "X") continue;
    const key = `${pid} ${tid}`;
    const stack = stacks.get(key) ?? [];
    stacks.set(key, stack);
    while (stack.length > 0 && stack.at(-1)! <= ts) stack.pop();
    if (stack.length > 0 && ts + dur! > stack.at(-1)!) {
      faults.push(`overlaps: ${name} at ${ts} in thread ${key}`);
    }
    stack.push(ts + dur!);
  }
  return faults;
}

/** Each process has one name, and each of its threads with bars has one. */
function faultsOfNames(events: readonly TraceEvent[]): string[] {
  const faults: string[] = [];
  const named = new Set<string>();
  for (const { ph, name, pid, tid } of events) {
    if (ph !== "M" || !name.endsWith("_name")) continue;
    const key = name === "process_name" ? `process ${pid}` : `thread ${pid} ${tid}`;
    if (named.has(key)) faults.push(`named twice: ${key}`);
    named.add(key);
  }
  for (const { ph, pid, tid } of events) {
    if (ph === "M") continue;
    if (!named.has(`process ${pid}`)) faults.push(`process ${pid} has no name`);
    if (ph === "X" && !named.has(`thread ${pid} ${tid}`)) {
      faults.push(`thread ${tid} of ${pid} has no name`);
    }
  }
  return faults;
}
