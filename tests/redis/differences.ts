/**
 * What differs between objects on a server and the package's own, and is meant to: cases of
 * the one suite that fail with them, and why. They are run all the same, and must fail so.
 */
import { fail, match } from "node:assert/strict";

/** What differs: its reason, and the error of the case that shows it. */
export interface Difference {
  readonly reason: string;
  readonly error: RegExp;
}

/** Differences by the names of cases. */
export type Differences = Readonly<Record<string, Difference>>;

/** Runs a case that is to fail; that it does not would be news. */
export async function differing(
  { reason, error }: Difference,
  run: () => void | Promise<void>,
): Promise<void> {
  let passed = false;
  try {
    await run();
    passed = true;
  } catch (failure) {
    match(`${(failure as Error).name}: ${(failure as Error).message}`, error);
  }
  if (passed) fail(`this does not differ any more: ${reason}`);
}

/** Cases by their names. */
export const CASES: Differences = {
  "TestSyncManagerTypes.test_lock": {
    reason:
      "a lock is free when the process that has it leaves the server, also if it " +
      "ends by itself: nobody can tell a crash on another machine from that",
    error: /^RuntimeError: release unlocked lock/,
  },
  "TestSyncManagerTypes.test_pool": {
    reason:
      "a manager has no Pool: its processes would have no host; the context's Pool " +
      "has workers on all hosts",
    error: /^NotImplementedError: a manager on a server has no Pool/,
  },
};

/** As much of the package as both kinds have. */
// deno-lint-ignore no-explicit-any -- what is asked for may not be there
export type Package = any;

/** What is asked of both kinds. */
export interface Question {
  /** As it stands in a program. */
  readonly code: string;
  ask(mp: Package): unknown;
}

/** Questions with different answers. */
export const QUESTIONS: readonly Question[] = [
  { code: "`get_start_method()`", ask: (mp) => mp.get_start_method() },
  { code: "`Pipe()`", ask: (mp) => mp.Pipe().map(nameOf) },
  { code: '`Array("i", 2)`', ask: (mp) => [...mp.Array("i", 2)] },
  { code: '`RawValue("i", 3)`', ask: (mp) => mp.RawValue("i", 3).value },
  { code: '`RawArray("i", 2)`', ask: (mp) => [...mp.RawArray("i", 2)] },
  { code: '`Value("i", 3).value`', ask: (mp) => mp.Value("i", 3).value },
  { code: '`typeof Value("i", 3).get`', ask: (mp) => typeof mp.Value("i", 3).get },
  { code: "`String(Lock())`", ask: (mp) => mp.Lock().toString() },
  { code: "`String(RLock())`", ask: (mp) => mp.RLock().toString() },
  { code: "`String(Semaphore(2))`", ask: (mp) => mp.Semaphore(2).toString() },
  {
    code: "`String(BoundedSemaphore(2))`",
    ask: (mp) => mp.BoundedSemaphore(2).toString(),
  },
  { code: "`String(Event())`", ask: (mp) => mp.Event().toString() },
  { code: "`String(Condition())`", ask: (mp) => mp.Condition().toString() },
  { code: "`String(Barrier(2))`", ask: (mp) => mp.Barrier(2).toString() },
  {
    code: "`lock.token` of a lock that is held",
    ask: async (mp) => {
      const lock = mp.Lock();
      return await lock.with(() => typeof lock.token);
    },
  },
  {
    code: "`await q.put(Lock())`",
    ask: async (mp) => {
      const queue = mp.Queue();
      await queue.put(mp.Lock());
      const { constructor } = await queue.get();
      return constructor.name;
    },
  },
  {
    code: "`manager.Pool(1)`",
    ask: (mp) => withManager(mp, async (manager) => nameOf(await manager.Pool(1))),
  },
  {
    code: "a manager's `await condition.__str__()`",
    ask: (mp) =>
      withManager(mp, async (manager) => (await manager.Condition()).__str__()),
  },
  {
    code: '`await dict.update([["a", 1], 5])`, and what is there then',
    ask: (mp) =>
      withManager(mp, async (manager) => {
        const dict = await manager.dict();
        await dict.update([["a", 1], 5]).catch(() => {});
        return await dict.__str__();
      }),
  },
  {
    code: "`await list.__contains__(new Date(0))`, with such a date in it",
    ask: (mp) =>
      withManager(mp, async (manager) => {
        const list = await manager.list([new Date(0)]);
        return await list.__contains__(new Date(0));
      }),
  },
  {
    code: "`await list.sort({ key: (x) => -x })`",
    ask: (mp) =>
      withManager(mp, async (manager) => {
        const list = await manager.list([1, 2]);
        await list.sort({ key: (x: number) => -x });
        return await list.__str__();
      }),
  },
  {
    code: "`await queue.put(await dict.__iter__())`",
    ask: (mp) =>
      withManager(mp, async (manager) => {
        const dict = await manager.dict({ a: 1 });
        const queue = await manager.Queue();
        await queue.put(await dict.__iter__());
        return nameOf(await queue.get());
      }),
  },
];

async function withManager<T>(
  mp: Package,
  ask: (manager: Package) => T,
): Promise<Awaited<T>> {
  await using manager = mp.Manager();
  await manager.__enter__();
  return await ask(manager);
}

function nameOf(object: object): string {
  return object.constructor.name;
}
