/**
 * Programs in which nobody can go on, by the name that is given; prints the first deadlock
 * that is found as a line of JSON, and ends. Beside each line that waits stands a mark, which
 * the test looks for.
 */
import process from "node:process";
import {
  active_children,
  Barrier,
  Condition,
  Event,
  is_main,
  JoinableQueue,
  Lock,
  Manager,
  Pipe,
  Pool,
  Process,
  Queue,
  RLock,
  Semaphore,
} from "../../mod.ts";
import { inspect } from "../../src/inspect.ts";

/** Takes a lock, and then another one, when all have taken their first. */
export async function takeTwo(first: Lock, second: Lock, all: Barrier): Promise<void> {
  await first.acquire();
  await all.wait();
  await second.acquire(); // mark: second
}

/** Starts a process for each lock, which wants the next one as well. */
async function ring(locks: Lock[]): Promise<void> {
  const all = Barrier(locks.length);
  const processes = locks.map((lock, i) =>
    new Process({
      target: takeTwo,
      args: [lock, locks[(i + 1) % locks.length]!, all],
      name: `transfer-${i + 1}`,
    })
  );
  for (const one of processes) one.start();
  for (const one of processes) await one.join(); // mark: ring
}

export async function takeTwice(lock: Lock): Promise<void> {
  await lock.with(async () => {
    await lock.acquire(); // mark: twice
  });
}

export async function takeBoth(places: Semaphore, all: Barrier): Promise<void> {
  await places.acquire();
  await all.wait();
  await places.acquire(); // mark: semaphore
}

export async function takeAll(items: Queue<string>): Promise<void> {
  let item;
  do {
    item = await items.get(); // mark: sentinel
  } while (item !== "end");
}

export async function fill(items: Queue<number>): Promise<void> {
  for (let i = 0; i < 3; i++) await items.put(i); // mark: full
}

export async function meet(point: Barrier): Promise<void> {
  await point.wait(); // mark: barrier
}

export async function listen(change: Condition): Promise<void> {
  await change.acquire();
  await change.wait(); // mark: condition
}

export async function await_(ready: Event): Promise<void> {
  await ready.wait(); // mark: event
}

export async function want(door: Lock): Promise<void> {
  await door.acquire(); // mark: door
}

export async function flood(end: ReturnType<typeof Pipe>[0]): Promise<void> {
  for (;;) await end.send(new Uint8Array(100_000)); // mark: flood
}

export async function finish(items: JoinableQueue<number>): Promise<void> {
  await items.get();
  await items.get(); // mark: next item
}

let turn: Event;

export function give(event: Event): void {
  turn = event;
}

export async function first(): Promise<void> {
  await turn.wait(); // mark: first task
}

export async function second(): Promise<void> {
  await turn.set();
}

export async function parent(door: Lock): Promise<void> {
  await door.acquire();
  const child = new Process({ target: want, args: [door], name: "grandchild" });
  child.start();
  await child.join(); // mark: parent
}

async function join(
  target: (...args: never[]) => unknown,
  ...args: unknown[]
): Promise<void> {
  const child = new Process({
    target: target as () => void,
    args: args as [],
    name: "child",
  });
  child.start();
  await child.join(); // mark: join
}

const PROGRAMS: Record<string, () => Promise<unknown>> = {
  async two() {
    const accountA = Lock();
    const accountB = Lock();
    await ring([accountA, accountB]);
  },
  async five() {
    const forkA = Lock();
    const forkB = Lock();
    const forkC = Lock();
    const forkD = Lock();
    const forkE = Lock();
    await ring([forkA, forkB, forkC, forkD, forkE]);
  },
  async rlocks() {
    const left = RLock();
    const right = RLock();
    await ring([left, right] as unknown as Lock[]);
  },
  async condition() {
    const change = Condition();
    await join(listen, change);
  },
  async twice() {
    const account = Lock();
    await join(takeTwice, account);
  },
  async semaphore() {
    const places = Semaphore(2);
    const all = Barrier(2);
    const processes = [1, 2].map(() =>
      new Process({ target: takeBoth, args: [places, all] })
    );
    for (const one of processes) one.start();
    for (const one of processes) await one.join(); // mark: semaphores
  },
  async sentinel() {
    const items = Queue<string>();
    await items.put("first");
    await join(takeAll, items);
  },
  async full() {
    const items = Queue<number>(2);
    await join(fill, items);
  },
  async barrier() {
    const point = Barrier(2);
    await join(meet, point);
  },
  async event() {
    const ready = Event();
    await join(await_, ready);
  },
  async door() {
    const door = Lock();
    await door.with(() => join(want, door));
  },
  async pool() {
    const turn = Event();
    const workers = Pool(1, give, [turn]);
    const results = [workers.apply_async(first), workers.apply_async(second)];
    for (const result of results) await result.get(); // mark: result
  },
  async pipe() {
    const [here, there] = Pipe();
    const child = new Process({ target: flood, args: [there] });
    child.start();
    there.close();
    await flood(here);
  },
  async unfinished() {
    const items = JoinableQueue<number>();
    const child = new Process({ target: finish, args: [items] });
    child.start();
    await items.put(1);
    await items.join(); // mark: unfinished
  },
  async managed() {
    await using manager = await Manager();
    const one = await manager.Lock();
    const other = await manager.Lock();
    await ring([one, other] as unknown as Lock[]);
  },
  async grandchildren() {
    const door = Lock();
    const child = new Process({ target: parent, args: [door], name: "child" });
    child.start();
    await child.join(); // mark: grandchildren
  },
};

if (is_main(import.meta)) {
  await inspect({
    page: false,
    onDeadlock(deadlock) {
      console.log(JSON.stringify(deadlock));
      for (const child of active_children()) child.kill();
      process.exit();
    },
  });
  await PROGRAMS[process.argv[2]!]!();
}
