/** Tests of src/pool/job.ts. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Job, type JobSettings, Task } from "../../src/pool/job.ts";
import { Form } from "../../src/pool/protocol.ts";
import { countedSignal } from "../helpers/signals.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";

turnAllOn();

/** A job that ends when it is told. */
class FakeJob extends Job {
  override succeed(): void {}
  override fail(): void {}
  override abort(): void {
    this.close();
  }
}

const owner = { wake() {}, forget() {}, stop() {} };

function settings(id: number, signal?: AbortSignal): JobSettings {
  return { id, owner, isCopying: true, signal, timeout: null, progress: null } as never;
}

test("Task: a lone byte array is copied at once, as later changes do not show", () => {
  const task = new Task(new FakeJob(settings(1)), 0, 1);
  const bytes = Uint8Array.of(1, 2, 3);
  task.fill([bytes]);
  bytes.fill(9);
  strictEqual(task.form, Form.OneBytes);
  deepStrictEqual([...task.payload!].slice(-3), [1, 2, 3]);
});

test("Job: when it is over it listens to its signal no more", () => {
  const counted = countedSignal();
  const jobs = [1, 2].map((id) => new FakeJob(settings(id, counted.signal)));
  strictEqual(counted.count, 2);
  for (const job of jobs) job.abort();
  strictEqual(counted.count, 0);
});
