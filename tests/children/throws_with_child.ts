/** Throws while a process runs that is no daemon; prints its pid before. */
import { type Barrier, is_main, Process, Queue } from "../../mod.ts";

export async function waitForEver(
  ready: Queue<null>,
  never: Queue<null>,
): Promise<void> {
  await ready.put(null);
  await never.get();
}

export async function waitAtBarrier(
  ready: Queue<null>,
  barrier: Barrier,
): Promise<void> {
  await ready.put(null);
  await barrier.wait();
}

async function main(): Promise<void> {
  const [ready, never] = [Queue<null>(), Queue<null>()];
  const p = new Process({ target: waitForEver, args: [ready, never] });
  await p.start();
  await ready.get();
  console.log(p.pid);
  throw new RangeError("thrown by main");
}

if (is_main(import.meta)) void main();
