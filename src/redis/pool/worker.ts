/**
 * The program of a worker of a pool on a server: what it does for its tasks. The owner's side
 * is crew.ts; the functions are called by pool/runner.ts, as in any worker.
 *
 * ```
 * EXCHANGE ──► leased, in order ──► run ──► results ──► EXCHANGE, with those, for more
 * ```
 *
 * Results leave after a millisecond at the latest, and before it waits; it has as many tasks
 * as it does in a few milliseconds, as far as can be told from those before.
 *
 * @module
 */
import { finishProcess } from "../../link/exit.ts";
import type { Target } from "../../process/arguments.ts";
import { parent_process } from "../../process/parent.ts";
import { registerName } from "../../reduction/mod.ts";
import { runtime } from "../../runtime/mod.ts";
import { Runner } from "../../pool/runner.ts";
import type { ReceivedTask } from "../../pool/runner.ts";
import type { Base } from "../base.ts";
import { listOf } from "../driver/connection.ts";
import { wordOf } from "../driver/errors.ts";
import { EXCHANGE, FUNCTION, JOIN_POOL, TELL } from "../scripts/pool.ts";
import { floatAt } from "./floats.ts";
import { isOfAgent, loadLater } from "../process/run.ts";
import { headOf, Kind, readTask, type TaskParts, writeMessage } from "./messages.ts";
import { packAll, unpackAll } from "./pack.ts";
import { PoolObject } from "./pool_object.ts";
import { dumpFailure, type Result, writeValue } from "./results.ts";
import { Stock } from "./stock.ts";
import { baseOf, type Ticket } from "./ticket.ts";
import { loadList } from "../../pool/worker_main.ts";
import { Form, Mode, Ticks } from "../../pool/protocol.ts";

/** Runs tasks until the pool has no more, or this worker has done as many as it may. */
export async function poolWorker(ticket: Ticket): Promise<void> {
  const base = baseOf(ticket);
  try {
    await base.peer.refWhile(work(base, ticket));
  } finally {
    // As in any worker: what the user's code has left open does not keep the process.
    const end = () => finishProcess().finally(() => runtime.exit());
    runtime.nextTurn(() => void base.shutdown().catch(() => {}).then(end));
  }
}

registerName("redis:pool_worker", poolWorker);

async function work(base: Base, ticket: Ticket): Promise<void> {
  const runner = new PoolRunner(base, ticket);
  const [initializer, initargs] = await loadPayload(ticket.begin) as [
    Target | null,
    unknown[],
  ];
  if (initializer !== null) {
    try {
      await initializer(...initargs);
    } catch (error) {
      await runner.tellNotReady(error);
      throw error;
    }
  }
  await runner.run();
}

/** A task, with what else is known of it. */
interface PoolTask extends ReceivedTask {
  readonly number: number;
  readonly isAlone: boolean;
}

/** The server's errors that say that the pool is gone, or knows this worker no more. */
const GONE = new Set(["NOOBJECT", "NOMEMBER"]);

/** Functions that a worker keeps. */
const MOST_FUNCTIONS = 500;

/** Milliseconds for which results are kept back. */
const FLUSH_INTERVAL = 1;

class PoolRunner extends Runner {
  readonly #ticket: Ticket;
  readonly #pool: PoolObject;
  readonly #stock: Stock;
  /** The tasks that were received and not done, in order. */
  readonly #held: PoolTask[] = [];
  readonly #functions = new Map<number, unknown>();
  #results: Uint8Array[] = [];
  #lastCall = 0;
  #flushed = 0;
  #isAsking = false;
  #isOver = false;
  /** What ends it. */
  #failure: { reason: unknown } | undefined;
  /** Calls that were not answered. */
  readonly #calls = new Set<Promise<unknown>>();

  constructor(base: Base, ticket: Ticket) {
    super(ticket.maxtasks ?? Infinity);
    this.#ticket = ticket;
    this.#stock = new Stock(ticket.maxtasks ?? Infinity);
    this.#pool = new PoolObject(base, ticket.pool, {
      wanted: () => this.#exchange(),
      ended: (reason) => this.#stop(reason),
    });
    if (isOfAgent()) return;
    // Its parent is the owner: this process knows whether that lives.
    const stop = this.#pool.session.vouch(() => [ticket.owner]);
    void parent_process()?._ended().then(() => {
      stop();
      this.#stop(undefined);
    });
  }

  /** Tells that the worker cannot begin. */
  async tellNotReady(error: unknown): Promise<void> {
    const payload = await dumpFailure(error);
    await this.#tell(Kind.NotReady, 0, payload).catch(() => {});
  }

  /** Says that it is there, and runs tasks until there is nothing left to do. */
  async run(): Promise<void> {
    const { number } = this.#ticket;
    if (await this.#pool.call(JOIN_POOL, [String(number)]).catch(() => 0) !== 1) return;
    this.#exchange();
    await this.end;
    if (this.#failure !== undefined) throw this.#failure.reason;
    this.#isOver = true;
    this.#exchange();
    await Promise.all(this.#calls);
    await this.#tell(Kind.Leaving, 0).catch(() => {});
    this.#pool.leave();
  }

  /** Nothing of it is wanted any more: its pool is gone, or has given it up. */
  #stop(reason: unknown): void {
    this.#isOver = true;
    if (reason !== undefined && !GONE.has(wordOf(reason))) this.#failure = { reason };
    this.dropAll();
    this.quit();
  }

  #tell(
    kind: Kind,
    number: number,
    payload?: Uint8Array,
    micros = 0,
  ): Promise<unknown> {
    const worker = this.#ticket.number;
    const more = payload === undefined ? {} : { payload };
    const message = { kind, number, worker, micros, ...more };
    return this.#pool.once(TELL, [writeMessage(message, this.#pool.payloads)]);
  }

  // --- tasks

  /** Tells what is done, and asks for more. */
  #exchange(): void {
    const results = this.#results;
    const room = this.#isAsking || this.#isOver ? 0 : this.#stock.room;
    if (results.length === 0 && room === 0) return;
    this.#results = [];
    this.#flushed = runtime.now();
    const { done, received } = this.#stock;
    const waits = room > 0 && done === received;
    if (room > 0) this.#isAsking = true;
    const call = this.#pool.call(EXCHANGE, [
      String(++this.#lastCall),
      String(done - results.length),
      String(done),
      String(room > 0 ? received : -1),
      String(room),
      waits ? "1" : "0",
      results.length === 0 ? "" : packAll(results),
    ]).then(
      (reply) => {
        if (room > 0) this.#answered(listOf(reply), room, waits);
      },
      () => {}, // `ended` is told
    );
    this.#calls.add(call);
    void call.then(() => this.#calls.delete(call));
  }

  #answered(
    [had, base, packed, over]: readonly unknown[],
    room: number,
    waits: boolean,
  ): void {
    this.#isAsking = false;
    if (this.#isOver) return;
    const tasks = unpackAll(packed as Uint8Array);
    // Some may have come before: then the call was repeated.
    const known = this.#stock.received - Number(base);
    for (const task of tasks.slice(known)) this.#receive(task);
    this.#stock.arrived(Number(had), tasks.length >= room);
    if (!this.#stock.isEmpty) return this.wake();
    if (over === 1) {
      this.finish();
      this.wake();
    } else if (!waits) this.#exchange(); // it had something to do when it asked
  }

  #receive(bytes: Uint8Array): void {
    const task = this.#read(bytes);
    this.#held.push(task);
    this.push(task);
  }

  #read(bytes: Uint8Array): PoolTask {
    let parts: TaskParts;
    try {
      parts = readTask(bytes, this.#pool.payloads);
    } catch (error) {
      return unreadable(headOf(bytes).number, error);
    }
    if (parts.isAlone) this.#stock.isAlone = true;
    const func = this.#functionOf(parts.func);
    return {
      func: parts.isAlone ? this.#begun(parts.number, func) : func,
      mode: parts.mode,
      ticks: parts.ticks,
      isSingle: parts.isSingle,
      values: valuesOf(parts),
      number: parts.number,
      isAlone: parts.isAlone,
    };
  }

  /** The owner knows that a task is begun before it is: it may have to end it. */
  #begun(number: number, func: unknown): Promise<unknown> {
    const begun = this.#tell(Kind.Begun, number).then(() => func);
    begun.catch(() => {});
    return begun;
  }

  #functionOf(id: number): unknown {
    const known = this.#functions.get(id);
    if (known !== undefined) return known;
    for (const old of this.#functions.keys()) {
      if (this.#functions.size < MOST_FUNCTIONS) break;
      this.#functions.delete(old);
    }
    const coming = this.#pool.call(FUNCTION, [String(id)]).then((bytes) =>
      loadPayload(this.#pool.payloads.open(bytes as Uint8Array))
    );
    this.#functions.set(id, coming);
    coming.then((func) => {
      if (this.#functions.get(id) === coming) this.#functions.set(id, func);
    }, () => this.#functions.delete(id)); // its tasks tell that it cannot be loaded
    return coming;
  }

  // --- results

  protected override succeed(
    task: ReceivedTask,
    value: unknown,
  ): Promise<void> | undefined {
    const result = writeValue(value, task.mode);
    return result instanceof Promise
      ? result.then((result) => this.#done(result))
      : this.#done(result);
  }

  protected override fail(error: unknown): Promise<void> | undefined {
    return dumpFailure(error).then((payload) =>
      this.#done({ kind: Kind.Failed, form: 1, payload })
    );
  }

  /** A task is over. */
  #done(result: Result): Promise<void> | undefined {
    const task = this.#held.shift();
    if (task === undefined) return undefined;
    const { number } = task;
    const micros = this.elapsed();
    const worker = this.#ticket.number;
    const { payloads } = this.#pool;
    this.#results.push(writeMessage({ ...result, number, worker, micros }, payloads));
    this.#stock.finished(micros);
    if (task.isAlone) this.#stock.isAlone = false;
    const isDue = this.#stock.isEmpty || this.#stock.isLow && !this.#isAsking ||
      runtime.now() - this.#flushed >= FLUSH_INTERVAL;
    if (!isDue) return undefined;
    this.#exchange();
    // What was sent must get out before the next task, which may not give way.
    return new Promise((resolve) => runtime.nextTurn(resolve));
  }

  protected override give(): undefined {
    return undefined;
  }

  protected override tick(done: number): void {
    const [task] = this.#held;
    if (task === undefined) return;
    void this.#tell(Kind.Tick, task.number, undefined, done).catch(() => {});
  }
}

/** A task that fails with the reason why it cannot be read. */
function unreadable(number: number, error: unknown): PoolTask {
  const func = Promise.reject(error);
  func.catch(() => {});
  const mode = Mode.Apply, ticks = Ticks.Never;
  return { func, mode, ticks, isSingle: false, values: [], number, isAlone: false };
}

/** Loads what comes from the owner; what cannot be loaded is told when it is used. */
function loadPayload(payload: Uint8Array): unknown {
  try {
    return loadLater(payload);
  } catch (error) {
    const failed = Promise.reject(error);
    failed.catch(() => {});
    return failed;
  }
}

function valuesOf({ form, payload, isSingle }: TaskParts): unknown {
  if (form === Form.Operand) return floatAt(payload, 0);
  return isSingle || form === Form.Payload
    ? loadPayload(payload)
    : loadList(form, payload);
}
