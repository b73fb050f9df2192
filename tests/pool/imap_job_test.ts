/** Tests of src/pool/imap_job.ts: how much is read before it is fetched. */
import { strictEqual, throws } from "node:assert/strict";
import { ImapJob, type ImapPlan } from "../../src/pool/imap_job.ts";
import type { JobSettings } from "../../src/pool/job.ts";
import { Mode } from "../../src/pool/protocol.ts";
import { test } from "../suite.ts";

const MIB = 1 << 20;

/** A job over the numbers below `count`, and how often it has asked to be asked. */
function jobOf(count: number, plan: Partial<ImapPlan>) {
  const wakes = { count: 0 };
  const settings = {
    ...{
      id: 1,
      owner: { number: 1, wake: () => void wakes.count++, forget() {}, stop() {} },
    },
    ...{ func: { name: "f" }, isCopying: true, mode: Mode.Map, timeout: null },
    ...{ signal: undefined, progress: null },
  } as unknown as JobSettings;
  const job = new ImapJob(
    ...[settings, Array.from({ length: count }, (_, n) => n)] as const,
    { chunksize: 1, buffersize: null, isOrdered: true, workers: 1, ...plan },
  );
  return { job, wakes };
}

test("ImapJob: results that were fetched make room for others, byte for byte", () => {
  const { job, wakes } = jobOf(40, {});
  for (let n = 0; n < 16; n++) job.succeed(job.take()!, n, MIB);
  strictEqual(job.take(), undefined); // as much is here as may be
  for (let n = 0; n < 24; n++) {
    strictEqual(job.fetchNow()!.value, n);
    strictEqual(wakes.count, n + 1);
    job.succeed(job.take()!, n + 16, MIB);
  }
  for (let n = 24; n < 40; n++) strictEqual(job.fetchNow()!.value, n);
  strictEqual(job.take(), undefined);
  strictEqual(job.isExhausted, true);
});

test("ImapJob: a failure that was fetched makes room as a result does", () => {
  const { job, wakes } = jobOf(3, { buffersize: 1 });
  for (let n = 1; n <= 3; n++) {
    const task = job.take()!;
    strictEqual(job.take(), undefined);
    job.fail(task, new Error(`failure ${n}`));
    throws(() => job.fetchNow(), { message: `failure ${n}` });
    strictEqual(wakes.count >= n, true);
  }
  strictEqual(job.take(), undefined);
  strictEqual(job.isExhausted, true);
});
