/** A trace of a program that really runs, as the checker and Chrome's reader find it. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Pool } from "../../mod.ts";
import { openSession } from "../../src/inspect/session.ts";
import { TraceRecorder } from "../../src/inspect/trace.ts";
import { mark } from "../helpers/told_work.ts";
import { test } from "../suite.ts";
import { faultsOf } from "./trace_checker.ts";
import { readByChrome } from "./trace_reader.ts";

test("a run with a pool is a right trace", async () => {
  const [session, close] = openSession({ interval: 0.05, args: true, logs: false });
  try {
    const cursor = session.cursor();
    const recorder = new TraceRecorder();
    const pool = Pool(2);
    for (let i = 0; i < 3; i++) {
      await pool.map(mark, [1, 2, 3, 4], 1);
      recorder.add(await session.snapshot(cursor));
    }
    await pool.terminate();
    recorder.add(await session.snapshot(cursor));
    const trace = recorder.toJSON();
    deepStrictEqual(faultsOf(trace), []);
    const names = trace.traceEvents.filter(({ name }) => name === "process_name")
      .map(({ args }) => args!.name);
    ok(names.includes("MainProcess"));
    ok(names.some((name) => String(name).includes("PoolWorker")), names.join(", "));
    const tasks = trace.traceEvents.filter(({ ph, name }) =>
      ph === "X" && name === "mark"
    );
    const calls = tasks.map(({ args }) => Number(args!.calls));
    strictEqual(calls.reduce((sum, count) => sum + count, 0), 12);
    await readByChrome(trace);
  } finally {
    close();
  }
});
