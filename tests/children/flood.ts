// A child prints 10 MB from four sources while it sends big messages through a queue.
import { Process, Queue } from "../../mod.ts";
import { flood } from "../cpython/helpers/flood_targets.ts";

if (import.meta.main) {
  const q = Queue<Uint8Array>(2);
  const p = new Process({ target: flood, args: [q, 20, 2500] });
  await p.start();
  let whole = 0;
  for (let i = 0; i < 20; i++) {
    const bytes = await q.get(true, 40);
    if (
      bytes.length === 1_000_000 && bytes.every((byte, at) => byte === (at * i & 255))
    ) {
      whole++;
    }
  }
  await p.join();
  console.error(`${whole} whole messages, exitcode ${p.exitcode}`);
}
