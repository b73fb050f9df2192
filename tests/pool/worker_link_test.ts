/** Tests of src/pool/worker_link.ts. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type ExitReport,
  lostError,
  StartFailures,
} from "../../src/pool/worker_link.ts";
import { WorkerLostError } from "../../src/python/errors.ts";
import { test } from "../suite.ts";

function failure(exitcode: number, signal: string | null = null): ExitReport {
  const known = { name: "SpawnPoolWorker-9", pid: 9, stderrTail: "oh\nno", host: null };
  return { ...known, exitcode, signal };
}

/** How many failures it takes until the pool is to give up. */
function count(failures: StartFailures, one: ExitReport | undefined): number {
  for (let n = 1; n < 1000; n++) {
    if (failures.add(one, one === undefined ? "reason" : undefined) !== undefined) {
      return n;
    }
  }
  return Infinity;
}

test("StartFailures: each worker may fail once, and two more", () => {
  strictEqual(count(new StartFailures(1), failure(1)), 3);
  strictEqual(count(new StartFailures(4), failure(1)), 6);
  strictEqual(count(new StartFailures(4), failure(-6, "SIGABRT")), 6);
  strictEqual(count(new StartFailures(4), undefined), 6);
});

test("StartFailures: who is killed from outside is no failure, for a while", () => {
  strictEqual(count(new StartFailures(1), failure(-9, "SIGKILL")), 100);
});

test("StartFailures: only failures in a row count", () => {
  const failures = new StartFailures(1);
  for (let i = 0; i < 100; i++) {
    failures.add(failure(1));
    failures.add(failure(1));
    failures.reset();
  }
  strictEqual(count(failures, failure(1)), 3);
});

test("StartFailures: the error tells what is known", async () => {
  const failures = new StartFailures(1);
  const cause = new RangeError("not today");
  failures.explain(Promise.resolve(cause));
  await Promise.resolve();
  failures.add(failure(1));
  failures.add(failure(1));
  const error = failures.add(failure(1));
  ok(error instanceof WorkerLostError);
  strictEqual(
    error.message,
    "the pool gives up: 3 workers in a row ended before they had done anything, " +
      "the last one, SpawnPoolWorker-9, with exit code 1; it wrote last:\noh\nno",
  );
  const { exitcode, signal, stderr } = error;
  deepStrictEqual([exitcode, signal, stderr, error.cause], [1, null, "oh\nno", cause]);
  const reason = new RangeError("cannot be started");
  const others = new StartFailures(1);
  others.add(undefined, reason);
  others.add(undefined, reason);
  strictEqual(others.add(undefined, reason), reason);
});

test("lostError tells the process, its end, and its host", () => {
  const error = lostError({ ...failure(-9, "SIGKILL"), host: "worker1" }, "a task");
  strictEqual(
    error.message,
    "SpawnPoolWorker-9 (pid 9 on worker1) was killed by SIGKILL (the system may have been " +
      "out of memory) while it worked on a task; it wrote last:\noh\nno",
  );
  deepStrictEqual([error.host, error.pid, error.exitcode], ["worker1", 9, -9]);
  strictEqual(lostError(failure(1), "a task").host, null);
});
