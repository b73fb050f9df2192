// Has five descendants that would run for ever; prints their pids, then "ready".
import { Process, Queue, SimpleQueue } from "../../mod.ts";
import * as targets from "../cpython/helpers/root_targets.ts";

if (import.meta.main) {
  const pids = SimpleQueue<number>();
  const empty = Queue<null>(), full = Queue<null>(1);
  await full.put(null);
  const children = [
    new Process({ target: targets.waitForItem, args: [pids, empty], daemon: true }),
    new Process({ target: targets.waitForRoom, args: [pids, full] }),
    new Process({ target: targets.runTimers, args: [pids] }),
    new Process({ target: targets.waitForChild, args: [pids, empty] }),
  ];
  for (const p of children) await p.start();
  const all: number[] = [];
  while (all.length < 5) all.push(await pids.get());
  console.log(all.join(" "));
  console.log("ready");
  for (const p of children) await p.join();
}
