// A root that ends as argument 1 says while its children do what the others say. It prints
// the pids of all its descendants, and "ready".
import process from "node:process";
import { Event, Manager, Pool, Process, Queue } from "../../mod.ts";

type Pids = Queue<number>;

async function tell(pids: Pids): Promise<void> {
  await pids.put(process.pid);
}

function spin(): never {
  for (;;) Math.sqrt(2);
}

/** Work of children; each prints its pid first. */
const STATES: Record<string, (pids: Pids) => unknown> = {
  computes: spin,
  sleeps: () => new Promise((resolve) => setTimeout(resolve, 1e8)),
  waits: () => Event().wait(),
  ignores: () => {
    for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.on(name, () => {});
    return new Promise((resolve) => setTimeout(resolve, 1e8));
  },
  "ignores and computes": () => {
    for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.on(name, () => {});
    setTimeout(spin, 1);
    return new Promise((resolve) => setTimeout(resolve, 1e8));
  },
  grandchild: async (pids) => {
    const p = new Process({ target: live, args: ["computes", pids] });
    await p.start();
    await p.join();
  },
};

export async function live(state: string, pids: Pids): Promise<void> {
  await tell(pids);
  await STATES[state]!(pids);
}

export function compute(): never {
  spin();
}

/** Ends of the root; a signal comes from outside. */
const ENDS: Record<string, () => unknown> = {
  exit: () => process.exit(3),
  throw: () =>
    setTimeout(() => {
      throw new Error("thrown");
    }),
  reject: () => void Promise.reject(new Error("rejected")),
  "last line": () => {},
  computing: spin,
  waiting: () => new Promise((resolve) => setTimeout(resolve, 1e8)),
};

if (import.meta.main) {
  const [end, ...states] = process.argv.slice(2);
  const pids = Queue<number>();
  const known: number[] = [];
  const starts: Promise<void>[] = [];
  let expected = 0;
  for (const state of states) {
    if (state === "manager") {
      const manager = Manager();
      await manager.dict(); // then it has started
      known.push(manager._process!.pid!);
    } else if (state === "pool") {
      const pool = Pool(2);
      pool.map_async(compute, [1, 2]);
      known.push(...pool._pool.map(({ pid }) => pid!));
    } else if (state === "starts") {
      const p = new Process({ target: live, args: ["computes", pids] });
      p.start();
      known.push(p.pid!);
    } else {
      starts.push(new Process({ target: live, args: [state, pids] }).start());
      expected += state === "grandchild" ? 2 : 1;
    }
  }
  await Promise.all(starts);
  for (let i = 0; i < expected; i++) known.push(await pids.get());
  console.log(known.join(" "));
  console.log("ready");
  await ENDS[end!]!();
}
