// Prints names and texts of processes, made and started in a fixed order.
import {
  current_process,
  get_context,
  parent_process,
  Process,
  SimpleQueue,
} from "../../mod.ts";

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

if (import.meta.main) {
  const names = [new Process(), new Process({ name: "" }), new Process({ name: "x" })];
  names.push(new Sub(), new (get_context("spawn").Process)(), new Process());
  console.log(names.map((one) => one.name).join(" "));
  const q = SimpleQueue<string[]>();
  const p = new Process({ target: tellNamesNested, args: [q] });
  console.log(withoutParent(p));
  await p.start();
  for (let i = 0; i < 4; i++) console.log((await q.get()).join(" | "));
  await p.join();
  console.log(withoutParent(p));
  const d = new Process({ target: tellNames, args: [q], daemon: true, name: "it's" });
  await d.start();
  console.log((await q.get()).join(" | "));
  await d.join();
  d.close();
  console.log(withoutParent(d));
}
