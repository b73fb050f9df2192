/**
 * What a pool's worker process runs. Mirrors `worker` of `multiprocessing/pool.py`.
 *
 * What differs: tasks come from the parent directly, several at a time if they are
 * short; each one is claimed before it begins, as its parent may have taken it back; and
 * each one's result is on its way before the next one begins.
 *
 * @module
 */
import { acceptClaims } from "../claim_files.ts";
import { AssertionError, MaybeEncodingError } from "../python/errors.ts";
import type { ClaimLog } from "../hub/claims.ts";
import { listenToParent, report } from "../mailbox.ts";
import { parent_process } from "../process/parent.ts";
import { finishProcess } from "../process/exit.ts";
import type { Target } from "../process/arguments.ts";
import { dumpError, dumps, PendingPayload, registerName } from "../reduction/mod.ts";
import { repr } from "../python/repr.ts";
import { runtime } from "../runtime/mod.ts";
import { debug } from "../python/util.ts";
import { plainBytes, reuseBuffer } from "../wire/bytes.ts";
import { isBytes } from "../wire/codec.ts";
import type { Payload } from "../wire/message.ts";
import { pack } from "./packing.ts";
import { Form, Mode, Reported, TASKS } from "./protocol.ts";
import { type Received, Runner } from "./runner.ts";
import { TaskReader } from "./task_reader.ts";

/**
 * Runs tasks until the pool has no more, or `maxtasks` of them.
 *
 * @param initializer Called first, with `initargs`; null for none.
 * @param maxtasks After so many tasks the process ends; null for never.
 * @throws {AssertionError} `Maxtasks 0 is not valid`
 * @throws Whatever the initializer throws.
 */
export async function worker(
  initializer: Target | null = null,
  initargs: unknown[] = [],
  maxtasks: number | null = null,
): Promise<void> {
  if (maxtasks !== null && !(Number.isInteger(maxtasks) && maxtasks >= 1)) {
    throw new AssertionError(`Maxtasks ${repr(maxtasks)} is not valid`);
  }
  try {
    if (initializer !== null) await initialize(initializer, initargs);
    const completed = await new ProcessRunner(maxtasks ?? Infinity).run();
    debug("worker exiting after %d tasks", completed);
  } finally {
    // A connection that the initializer has opened, say, shall not keep the process. By
    // the next turn the exit code has been set.
    runtime.nextTurn(() => void finishProcess().finally(() => runtime.exit()));
  }
}

registerName("pool:worker", worker);

async function initialize(initializer: Target, initargs: unknown[]): Promise<void> {
  try {
    await initializer(...initargs);
  } catch (error) {
    report([Reported.NotReady], [await dumpError(error)]);
    throw error;
  }
}

/** Runs what the parent sends, and reports to it. */
class ProcessRunner extends Runner {
  /** Where the tasks are claimed that are begun. */
  #claims: ClaimLog | undefined;
  /** What comes now has been given back. */
  #isVoid = false;

  /** Says that it is there, and runs tasks until there is nothing left to do. */
  run(): Promise<number> {
    const reader = new TaskReader({
      onTask: (task) => this.#isVoid ? this.skip() : this.push(task),
      onClaim: (first, second) => this.#openClaims([first, second]),
      onClaimNoMore: () => void (this.#isVoid = false),
      onStop: () => this.finish(),
    });
    // Before its first task, which may be here already.
    report([Reported.Ready], []);
    listenToParent((heads, items) => {
      reader.read(heads, items);
      this.wake();
    });
    // Nobody is left who wants a result.
    void parent_process()?._ended().then(() => this.quit());
    return this.end;
  }

  /** Claims what is begun from now on. What has been is beyond doubt. */
  #openClaims(paths: [string, string]): void {
    this.#claims = acceptClaims(paths);
    if (this.#claims?.advance(TASKS, this.nextTask) === undefined) this.#endClaims();
    else report([Reported.Claiming, 1], []);
  }

  #endClaims(): void {
    this.#claims?.close();
    this.#claims = undefined;
    this.#isVoid = true;
    this.dropAll();
    report([Reported.Claiming, 0], []);
  }

  protected override claim(number: number): number {
    if (this.#claims === undefined) return number;
    const mark = this.#claims.advance(TASKS, number + 1);
    if (mark === undefined) this.#endClaims();
    else if (mark > number) report([Reported.Free], []);
    return mark ?? Infinity;
  }

  protected override tick(done: number): void {
    report([Reported.Tick, done], []);
  }

  protected override succeed(
    task: Received,
    value: unknown,
  ): Promise<void> | undefined {
    if (typeof value === "number") {
      report([Reported.Done, this.elapsed(), Form.Head, value], []);
      return undefined;
    }
    if (isBytes(value)) { // as they are: they are in the pipe before anybody changes them
      report([Reported.Done, this.elapsed(), Form.Bytes], [plainBytes(value)]);
      return undefined;
    }
    if (task.mode !== Mode.Apply) {
      const packed = pack(value as unknown[]);
      if (packed !== undefined) {
        // Not `#done`: the bytes may be the user's.
        report([Reported.Done, this.elapsed(), packed.form], [packed.bytes]);
        return undefined;
      }
    }
    let payload: Payload | PendingPayload;
    try {
      payload = dumps(value ?? null);
    } catch (error) {
      return this.#failToEncode(error, value);
    }
    if (!(payload instanceof PendingPayload)) {
      this.#done(Form.Payload, payload);
      return undefined;
    }
    return payload.resolve().then(
      (payload) => this.#done(Form.Payload, payload),
      (error) => this.#failToEncode(error, value),
    );
  }

  #done(form: Form, payload: Payload): void {
    report([Reported.Done, this.elapsed(), form], [payload]);
    reuseBuffer(payload); // it is in the pipe
  }

  #failToEncode(error: unknown, value: unknown): Promise<void> | undefined {
    const wrapped = new MaybeEncodingError(error, value);
    debug("Possible encoding error while sending result: %s", wrapped);
    return this.#sendError(wrapped, false);
  }

  protected override fail(error: unknown): Promise<void> | undefined {
    return this.#sendError(error, true);
  }

  #sendError(error: unknown, hasStack: boolean): Promise<void> | undefined {
    const send = (payload: Payload) =>
      report([Reported.Failed, this.elapsed(), Number(hasStack)], [payload]);
    const payload = dumpError(error);
    if (payload instanceof Promise) return payload.then(send);
    send(payload);
    return undefined;
  }
}
