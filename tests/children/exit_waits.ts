// Ends without join while its child, which is no daemon, is still at work.
import { Process, Queue } from "../../mod.ts";

export async function work(gate: Queue<null>): Promise<void> {
  await gate.get();
  console.log("child done");
}

if (import.meta.main) {
  const gate = Queue<null>();
  await new Process({ target: work, args: [gate] }).start();
  console.log("main done");
  await gate.put(null);
}
