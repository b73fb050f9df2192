/** What a child does while the process that waits for it computes. */
import { writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type {
  Barrier,
  Event,
  JoinableQueue,
  Lock,
  Queue,
  Semaphore,
} from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";

/** What is waited for, by the name of its kind. */
export interface Objects {
  queue: Queue<number>;
  "bounded queue": Queue<number>;
  "joinable queue": JoinableQueue<number>;
  lock: Lock;
  semaphore: Semaphore;
  event: Event;
  barrier: Barrier;
  pipe: Connection;
}

export type Kind = keyof Objects;

/** What another process does that a wait with a time is about. */
const ACTS: { [K in Kind]: (object: Objects[K]) => unknown } = {
  "queue": (q) => q.put(5),
  "bounded queue": (q) => q.put(5),
  "joinable queue": (q) => q.put(5),
  "lock": (lock) => lock.release(),
  "semaphore": (semaphore) => semaphore.release(),
  "event": (event) => event.set(),
  "barrier": (barrier) => barrier.wait(),
  "pipe": (end) => end.send(5),
};

/** Creates a file some turns later: what was begun before has been written by then. */
async function tell(path: string): Promise<void> {
  for (let i = 0; i < 20; i++) await setImmediate();
  writeFileSync(path, "");
}

/** Says that it is ready, acts, and tells of that by a file, as nobody reads messages. */
export async function act<K extends Kind>(
  kind: K,
  object: Objects[K],
  ready: Queue<null>,
  path: string,
): Promise<void> {
  if (kind === "lock" || kind === "semaphore") await (object as Lock).acquire();
  await ready.put(null);
  const acting = ACTS[kind](object);
  await tell(path);
  await acting;
}

let readiness: Queue<null>;

/** Of a pool's worker: remembers where it says that it is ready. */
export function remember(ready: Queue<null>): void {
  readiness = ready;
}

/** A task that says that it is ready, and gives a result of which it tells by a file. */
export async function give(path: string): Promise<number> {
  await readiness.put(null);
  void tell(path);
  return 5;
}
