/** A main module that sends its own functions and classes while it is being evaluated. */
import { ok, rejects, strictEqual } from "node:assert/strict";
import { dumps, loads, PendingPayload } from "../../src/reduction/mod.ts";

export function work(x: number): number {
  return x + 1;
}
export const arrow = (): string => "arrow";
export class Job {
  id = 1;
}
export class Unsent {}
export default class Main {}
function local() {}
export { local as renamed };
function notExported() {}

async function payloadOf(value: unknown): Promise<Uint8Array> {
  const payload = dumps(value);
  return payload instanceof PendingPayload ? await payload.resolve() : payload;
}

for (const callable of [work, arrow, Job, Main, local]) {
  strictEqual(await loads(await payloadOf(callable)), callable);
}
ok(await loads(await payloadOf(new Job())) instanceof Job);
await rejects(
  payloadOf(notExported),
  /attribute lookup notExported on .*pickling_main/,
);
console.log("done");
