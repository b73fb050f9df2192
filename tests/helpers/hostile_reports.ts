/** Children that report what is not so. */
import { currentPeer } from "../../src/link/peer.ts";
import { setObserver } from "../../src/link/observed.ts";
import type { Queue } from "../../mod.ts";
import { Kind } from "../../src/wire/message.ts";

function say(report: unknown): void {
  const bytes = new TextEncoder().encode(JSON.stringify(report));
  currentPeer().post([Kind.Seen, bytes] as never);
}

/** Says that it is the main process, and has a lock that it has not. */
export async function impersonate(done: Queue<string>, lock: number): Promise<void> {
  setObserver(undefined);
  const place = { file: "/x.ts", line: 1, column: 1, func: null };
  const made = [{ id: lock, type: "Trap", name: "mine", place }];
  const wait = { op: "acquire", object: lock, process: 99, age: 9, place };
  const report = {
    ...{ name: "\u001b[2Jliar", role: "main", cpu: 1, memory: 1, isAlive: false },
    ...{ made, waits: [wait, { ...wait, object: null }] },
    holds: [{ object: lock, age: 1, place, isScoped: true }],
    orders: [{ first: lock, second: lock, firstPlace: place, secondPlace: place }],
  };
  const timer = setInterval(() => say(report), 5);
  await done.put("said");
  await new Promise(() => {}); // killed
  clearInterval(timer);
}

/** Says so much that nobody could read it all. */
export async function flood(done: Queue<number>): Promise<void> {
  const deep = new TextEncoder().encode("[".repeat(100_000));
  const long = new Uint8Array(300_000).fill(0x20);
  for (let i = 0; i < 2000; i++) {
    say({ waits: Array.from({ length: 50 }, () => ({ op: "x", age: 1 })) });
    if (i % 100 === 0) currentPeer().post([Kind.Seen, deep] as never);
    if (i % 100 === 50) currentPeer().post([Kind.Seen, long] as never);
  }
  await done.put(1);
  await new Promise((resolve) => setTimeout(resolve, 2 ** 30));
}
