// Listens to `beforeExit` in main and in a child that main has not waited for.
import process from "node:process";
import { Process, Queue } from "../../mod.ts";

function listen(who: string): void {
  process.on("beforeExit", () => console.log(who, "has nothing left to do"));
}

export async function work(gate: Queue<null>): Promise<void> {
  listen("child");
  await gate.get();
  console.log("child works");
}

if (import.meta.main) {
  listen("main");
  const gate = Queue<null>();
  await new Process({ target: work, args: [gate] }).start();
  listen("main again");
  await gate.put(null);
}
