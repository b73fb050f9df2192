/** A program of whose processes two wait for each other's lock; it imports no inspector. */
import { subscribe } from "node:diagnostics_channel";
import { Barrier, is_main, Lock, Process } from "../../mod.ts";

/** Takes one lock, and when the other one does so too, the other. */
export async function transfer(
  from: Lock,
  to: Lock,
  both: Barrier,
): Promise<void> {
  await from.with(async () => {
    await both.wait();
    await to.acquire(); // never
  });
}

if (is_main(import.meta)) {
  const [accountA, accountB, both] = [Lock(), Lock(), Barrier(2)];
  const processes = [[accountA, accountB], [accountB, accountA]].map(([from, to]) =>
    new Process({ target: transfer, args: [from!, to!, both] })
  );
  // When the deadlock has been told it has been told on stderr, too.
  subscribe(
    "pystd.multiprocessing:deadlock",
    () => processes.forEach((p) => p.kill()),
  );
  for (const p of processes) p.start();
  for (const p of processes) await p.join();
}
