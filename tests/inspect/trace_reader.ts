/**
 * Reads a trace with the reader of Chrome's performance panel, which is on npm: what it
 * finds there, as that panel would draw it.
 */
import type { Trace } from "../../src/inspect/trace.ts";

/** What Chrome's reader finds. */
export interface Reading {
  /** The bars: the number of the process, of the thread and the name of each. */
  readonly bars: [pid: number, tid: number, name: string, microseconds: number][];
  /** The spans: pairs of `b` and `e` that it has put together. */
  readonly spans: [name: string, microseconds: number][];
}

interface Bar {
  readonly name: string;
  readonly ph: string;
  readonly dur?: number;
}

/** Reads a trace from its text. */
export async function readByChrome(trace: Trace): Promise<Reading> {
  const { TraceModel, Helpers } = await loadReader();
  const file = JSON.parse(JSON.stringify(trace));
  const model = TraceModel.Model.createWithAllHandlers();
  await model.parse(file.traceEvents, { metadata: file.otherData });
  const { processes } = model.parsedTrace(0).data.Renderer;
  const bars: Reading["bars"] = [];
  for (const [pid, { threads }] of processes) {
    for (const [tid, { entries }] of threads) {
      for (const { name, ph, dur } of entries as Bar[]) {
        if (ph === "X") bars.push([pid, tid, name, dur!]);
      }
    }
  }
  const ends = file.traceEvents.filter(({ ph }: Bar) => ph === "b" || ph === "e");
  const pairs: Bar[] = Helpers.Trace.createMatchedSortedSyntheticEvents(ends);
  return { bars, spans: pairs.map(({ name, dur }) => [name, dur!]) };
}

// deno-lint-ignore no-explicit-any -- it comes without types
async function loadReader(): Promise<any> {
  return await import("@paulirish/trace_engine");
}
