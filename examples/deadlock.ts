/**
 * Two processes move money between two accounts, each in the other direction, and each waits
 * for the lock that the other one has. A view of the program finds that, says who waits where
 * for what, and ends both.
 *
 * Python would wait for ever; there the program to write is one that cannot do this: both
 * take the locks in the same order.
 *
 * @module
 */
import { active_children, Barrier, is_main, Lock, Process } from "../mod.ts";
import { inspect } from "../src/inspect.ts";

/** Moves money from one account to another one. */
export async function transfer(from: Lock, to: Lock, both: Barrier): Promise<void> {
  await from.acquire();
  await both.wait(); // so that it always happens: else it does once in a thousand times
  await to.acquire();
  console.log("this is never printed");
}

if (is_main(import.meta)) {
  await using _view = await inspect({
    page: false,
    onDeadlock({ isCertain, lines }) {
      console.log(isCertain ? "A deadlock:" : "Perhaps a deadlock:");
      for (const line of lines) {
        if (line === "behind them:") break; // who waits for one of these
        // Pids and times are others in each run, columns on each runtime.
        console.log(line.replaceAll(/ \(pid \d+\)| for [\d.]+ s|(?<=:\d+):\d+/g, ""));
      }
      for (const child of active_children()) child.terminate();
    },
  });
  const accountA = Lock();
  const accountB = Lock();
  const both = Barrier(2);
  const transfers = [
    new Process({ target: transfer, args: [accountA, accountB, both], name: "A to B" }),
    new Process({ target: transfer, args: [accountB, accountA, both], name: "B to A" }),
  ];
  for (const process of transfers) process.start();
  for (const process of transfers) await process.join();
  console.log("ended");
}
