/**
 * Waits on a condition: a child notifies it, and then interrupts the next wait. The second
 * half of `_TestCondition.test_wait_result` of CPython's suite.
 */
import process from "node:process";
import {
  Condition,
  is_main,
  KeyboardInterrupt,
  Process,
  SimpleQueue,
} from "../../mod.ts";

/** Notifies once, and interrupts a process when it waits again. */
export async function notifyAndInterrupt(
  condition: Condition,
  woken: SimpleQueue<null>,
  pid: number,
): Promise<void> {
  await condition.with(() => condition.notify());
  await woken.get();
  await condition.with(() => {}); // the lock is free once the other waits
  process.kill(pid, "SIGINT");
  await woken.get(); // as long as it has a child the program listens to signals
}

if (is_main(import.meta)) {
  const condition = Condition(), woken = SimpleQueue<null>();
  await condition.with(async () => {
    const p = new Process({
      target: notifyAndInterrupt,
      args: [condition, woken, process.pid],
    });
    await p.start();
    console.log("notified", await condition.wait(60));
    await woken.put(null);
    try {
      await condition.wait(60);
    } catch (error) {
      if (!(error instanceof KeyboardInterrupt)) throw error;
      console.log(error.name);
    }
    await woken.put(null);
    await p.join();
    console.log("exitcode", p.exitcode);
  });
}
