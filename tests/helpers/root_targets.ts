/** Targets of root_test.ts, child_program_test.ts and child_test.ts. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { parent_process, type Queue, type SimpleQueue } from "../../mod.ts";
import { currentPeer } from "../../src/link/peer.ts";
import { identity } from "../../src/process/identity.ts";
import { runtime } from "../../src/runtime/mod.ts";

/** Puts into a queue that is full, says so, and ends when there was room. */
export async function putAndTell(q: Queue<number>, told: Queue<string>): Promise<void> {
  const put = q.put(2);
  await told.put("waiting");
  await put;
}

/** Takes until it claims what it takes, then until there is no more; then it waits. */
export async function claimAndWait(
  q: Queue<number>,
  told: Queue<string>,
): Promise<void> {
  while (currentPeer().link.ownClaims === undefined) await q.get();
  while (!await q.empty()) await q.get();
  await waitAndTell(q, told);
}

/** Says that it waits for an item, and which one it has got. */
export async function waitAndTell(
  q: Queue<number>,
  told: Queue<string>,
): Promise<void> {
  const item = q.get();
  await null; // the hub is told of it
  await null;
  await told.put("waiting");
  await told.put(`got ${await item}`);
}

/** Ignores Ctrl-C, as a manager's server does, and tells how it goes on when it has come. */
export async function ignoreInterrupt(answers: Queue<string>): Promise<void> {
  identity.ignoresInterrupt = true;
  // Who listens later hears later.
  const heard = new Promise<void>((resolve) =>
    void runtime.onSignal("SIGINT", resolve)
  );
  process.kill(process.pid, "SIGINT");
  await currentPeer().refWhile(heard);
  await answers.put("went on");
}

/** Tells how many functions are in more sets than before after some waits for the parent. */
export async function waitForParent(
  answers: Queue<number>,
  count: number,
): Promise<void> {
  let kept = 0;
  const { add, delete: remove } = Set.prototype;
  Set.prototype.add = function (value) {
    if (typeof value === "function" && !this.has(value)) kept++;
    return add.call(this, value);
  };
  Set.prototype.delete = function (value) {
    const isThere = remove.call(this, value);
    if (typeof value === "function" && isThere) kept--;
    return isThere;
  };
  for (let n = 0; n < count; n++) await parent_process()!.join(0.001);
  Object.assign(Set.prototype, { add, delete: remove });
  await answers.put(kept);
}

/** Puts the words of this process's command line, a word a line. */
export async function commandLine(answers: SimpleQueue<string>): Promise<void> {
  await answers.put(readFileSync("/proc/self/cmdline", "utf8").replaceAll("\0", "\n"));
}
