/** A module that asks at its evaluation which process this is, and makes shared objects. */
import { current_process, is_main, parent_process, Queue } from "../../mod.ts";

/** What it was told when it was evaluated. */
export const then = {
  name: current_process().name,
  parent: parent_process()?.name,
  isMain: is_main(import.meta),
};

const queue = Queue<string>();

/** Sends what it was told, and what comes through the queue that it has made. */
export async function tellWho(answers: Queue<unknown>): Promise<void> {
  await queue.put("through");
  await answers.put({ ...then, came: await queue.get() });
}
