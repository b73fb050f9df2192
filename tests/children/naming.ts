// Prints names and texts of processes, made and started in a fixed order.
import { get_context, Process, SimpleQueue } from "../../mod.ts";
import {
  Sub,
  tellNames,
  tellNamesNested,
  withoutParent,
} from "../cpython/helpers/naming_targets.ts";

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
