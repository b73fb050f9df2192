/** Waits for ever, not observed. */
import { Event, is_main, Process, Queue } from "../../mod.ts";

export async function waitFor(answers: Queue<number>, begun: Event): Promise<void> {
  await begun.set();
  await answers.get();
}

if (is_main(import.meta)) {
  const answers = Queue<number>();
  const begun = Event();
  const args: [Queue<number>, Event] = [answers, begun];
  const waiter = new Process({ target: waitFor, args, name: "waiter" });
  waiter.start();
  await begun.wait();
  while ((await answers.stats()).getters === 0);
  console.log("waits");
  await waiter.join();
}
