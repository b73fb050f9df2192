/** Processes that have managers' objects. */
import type { AcquirerProxy, EventProxy } from "../../src/managers.ts";

/** Has a lock until `end` is set. */
export async function hold(lock: AcquirerProxy, end: EventProxy): Promise<void> {
  await lock.with(() => end.wait());
}
