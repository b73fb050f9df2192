// Logs at DEBUG while it does what its argument says; log_lines.py does the same.
import process from "node:process";
import {
  is_main,
  log_to_stderr,
  Manager,
  Pool,
  Process,
  Queue,
  SystemExit,
} from "../../mod.ts";

export async function addOne(q: Queue<number>, r: Queue<number>): Promise<void> {
  await r.put(await q.get() + 1);
  r.close();
  await r.join_thread();
}

export function square(x: number): number {
  return x * x;
}

export function fail(): never {
  throw new SystemExit(3);
}

const PROGRAMS: Record<string, () => Promise<void>> = {
  async none() {},
  async queue() {
    const q = Queue<number>(), r = Queue<number>();
    const p = new Process({ target: addOne, args: [q, r] });
    await p.start();
    await q.put(1);
    await r.get();
    await p.join();
    q.cancel_join_thread();
  },
  async exit() {
    const p = new Process({ target: fail });
    await p.start();
    await p.join();
    const forgotten = new Process({ target: fail });
    await forgotten.start();
  },
  async pool() {
    const pool = Pool({ processes: 1, maxtasksperchild: 2 });
    for (const x of [1, 2, 3]) await pool.apply(square, [x]);
    pool.close();
    await pool.join();
  },
  async terminate() {
    await using pool = Pool(2);
    await pool.map(square, [1, 2, 3]);
  },
  async manager() {
    await using manager = await Manager();
    const list = await manager.list([1]);
    await list.append(2);
  },
};

if (is_main(import.meta)) {
  log_to_stderr("DEBUG");
  await PROGRAMS[process.argv[2]!]!();
}
