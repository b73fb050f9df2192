/**
 * What the processes of naming_test.ts run.
 *
 * @module
 */
import {
  current_process,
  get_context,
  parent_process,
  Process,
  type SimpleQueue,
} from "../../../mod.ts";

/** A subclass gives its name to its instances. */
export class Sub extends Process {}

/** Tells the names of this process and its parent. */
export async function tellNames(q: SimpleQueue<string[]>): Promise<void> {
  await q.put([
    current_process().name,
    withoutParent(current_process()),
    String(parent_process()),
  ]);
}

/** The same, here and in two children. */
export async function tellNamesNested(q: SimpleQueue<string[]>): Promise<void> {
  await tellNames(q);
  for (const context of [{ Process }, get_context("spawn")]) {
    const child = new context.Process({ target: tellNames, args: [q] });
    await child.start();
    await child.join();
  }
  await q.put([new Sub().name]);
}

/** The text of a process, with P for all process ids. */
export function withoutParent(one: Process): string {
  return String(one).replace(/(pid|parent)=\d+/g, "$1=P");
}
