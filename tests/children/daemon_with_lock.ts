/** Ends while a daemon of it holds a lock. */
import { is_main, Lock, Process, Queue } from "../../mod.ts";

export async function hold(lock: Lock, ready: Queue<null>): Promise<void> {
  await lock.acquire();
  await ready.put(null);
  await lock.acquire();
}

if (is_main(import.meta)) {
  const lock = Lock(), ready = Queue<null>();
  new Process({ target: hold, args: [lock, ready], daemon: true }).start();
  await ready.get();
  console.log(await lock.locked());
}
