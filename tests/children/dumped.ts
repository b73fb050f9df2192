/** Waits, observed, until something was printed to stderr. */
import { Event, is_main, Process, Queue } from "../../mod.ts";
import { inspect } from "../../src/inspect.ts";
import { runtime } from "../../src/runtime/mod.ts";

export async function waitFor(answers: Queue<number>, begun: Event): Promise<void> {
  await begun.set();
  await answers.get();
}

if (is_main(import.meta)) {
  await using view = await inspect({ page: false, interval: 0.05 });
  const answers = Queue<number>();
  const begun = Event();
  const waiter = new Process({
    target: waitFor,
    args: [answers, begun],
    name: "waiter",
  });
  waiter.start();
  await begun.wait();
  const hasPlace = async () => {
    const { processes } = await view.snapshot();
    return processes.some(({ name, waits }) => name === "waiter" && waits[0]?.place);
  };
  while (!await hasPlace());
  const dumped = new Promise<void>((resolve) => {
    const { writeStderrSync } = runtime;
    runtime.writeStderrSync = (bytes) => {
      writeStderrSync.call(runtime, bytes);
      resolve();
    };
  });
  console.log("waits");
  await dumped;
  await answers.put(1);
  await waiter.join();
  console.log("ended");
}
