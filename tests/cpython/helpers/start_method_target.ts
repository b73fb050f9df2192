/**
 * What the processes of test_start_method_test.ts run.
 *
 * @module
 */
import { get_start_method, type Queue } from "../../../mod.ts";

/** Tells its start method. */
export async function tellStartMethod(q: Queue<string>): Promise<void> {
  await q.put(String(get_start_method()));
}
