/**
 * A manager's `Queue` and `JoinableQueue`, as its server holds them: Python's
 * `queue.Queue`.
 *
 * It does not run the hub's state machine of queues, which has bytes for processes that
 * prefetch and may die with items they have not taken. Here are values, each of which has
 * left the queue when a `get` is answered; and the queue can be shut down.
 *
 * @module
 */
import { Deque } from "../../collections/deque.ts";
import type { Waiter } from "../../link/waiting.ts";
import {
  asInteger,
  asTimeout,
  parseArguments,
  REQUIRED,
  signature,
  takes,
} from "../../python/arguments.ts";
import { Empty, Full, ShutDown, ValueError } from "../../python/errors.ts";
import { ageOf, type Waiting } from "../../hub/description.ts";
import { runtime } from "../../runtime/mod.ts";
import { block, type Blocked, blockedOf } from "../protocol/caller.ts";
import { DESCRIBE, described, type ManagedDescription } from "./description.ts";
import { addressed } from "../../python/printing.ts";

/** The arguments of a method that waits. */
export interface GetArguments {
  block: unknown;
  timeout: unknown;
}

/** The parameters of `Queue`. */
export const INIT = signature<{ maxsize: unknown }>("Queue.__init__", { maxsize: 0 });
export const PUT = signature<GetArguments & { item: unknown }>(
  "Queue.put",
  { item: REQUIRED, block: true, timeout: null },
  { positionalOnly: 1 },
);
export const GET = signature<GetArguments>("Queue.get", { block: true, timeout: null });
export const SHUTDOWN = signature<{ immediate: unknown }>("Queue.shutdown", {
  immediate: false,
});

/** Seconds to wait: null for ever, 0 for not at all. */
export function secondsOf({ block, timeout }: GetArguments): number | null {
  if (!block) return 0;
  if (timeout !== null && Number(timeout) < 0) {
    throw new ValueError("'timeout' must be a non-negative number");
  }
  return asTimeout(timeout);
}

/** Calls that wait, each as a process of its own. */
function waiting(blocked: readonly Blocked[], now: number): Waiting[] {
  return blocked.map(({ since }) => ({ process: 0, count: 1, age: ageOf(now, since) }));
}

/** `queue.Queue` in a manager's server. */
export class ManagedQueue {
  /** Most items; 0 or less for no bound. */
  readonly maxsize: number;
  readonly #items = new Deque<unknown>();
  /** When each of these was put, on the runtime's clock. */
  readonly #times = new Deque<number>();
  #puts = 0;
  #gets = 0;
  readonly #getting = new Deque<Waiter<unknown>>();
  readonly #putting = new Deque<{ item: unknown; waiter: Waiter<void> }>();
  readonly #joining = new Set<Waiter<void>>();
  readonly #polling = new Set<Waiter<boolean>>();
  #unfinished = 0;
  #isShutDown = false;

  constructor(...given: unknown[]) {
    this.maxsize = asInteger(parseArguments(INIT, given).maxsize, "<=");
  }

  get #hasRoom(): boolean {
    return this.maxsize <= 0 || this.#items.length < this.maxsize;
  }

  put(...given: unknown[]): void | Promise<void> {
    const { item, ...how } = parseArguments(PUT, given);
    if (this.#isShutDown) throw new ShutDown();
    const seconds = this.maxsize > 0 ? secondsOf(how) : null;
    if (this.#hasRoom) return this.#add(item ?? null);
    if (seconds === 0) throw new Full();
    return block<void>(
      seconds,
      (waiter) => {
        this.#putting.push({ item: item ?? null, waiter });
        return () => void this.#putting.removeLast((one) => one.waiter === waiter);
      },
      () => {
        throw new Full();
      },
    );
  }

  #add(item: unknown): void {
    this.#unfinished++;
    this.#puts++;
    const getter = this.#getting.shift();
    if (getter !== undefined) {
      this.#gets++;
      return getter.resolve(item);
    }
    this.#items.push(item);
    this.#times.push(runtime.now());
    for (const waiter of [...this.#polling]) waiter.resolve(true);
    this.#polling.clear();
  }

  /** Waits until there is an item, and leaves it there. @returns False if none was in time. */
  _poll(timeout: number | null): boolean | Promise<boolean> {
    if (this.#items.length > 0) return true;
    if (timeout !== null && timeout <= 0) return false;
    return block<boolean>(
      timeout,
      (waiter) => {
        this.#polling.add(waiter);
        return () => this.#polling.delete(waiter);
      },
      () => false,
    );
  }

  get(...given: unknown[]): unknown {
    const how = parseArguments(GET, given);
    if (this.#isShutDown && this.#items.length === 0) throw new ShutDown();
    const seconds = secondsOf(how);
    if (this.#items.length > 0) return this.#take();
    if (seconds === 0) throw new Empty();
    return block<unknown>(
      seconds,
      (waiter) => {
        this.#getting.push(waiter);
        return () => void this.#getting.removeLast((one) => one === waiter);
      },
      () => {
        throw new Empty();
      },
    );
  }

  #take(): unknown {
    const item = this.#items.shift();
    this.#times.shift();
    this.#gets++;
    const putter = this.#hasRoom ? this.#putting.shift() : undefined;
    if (putter !== undefined) {
      this.#add(putter.item);
      putter.waiter.resolve();
    }
    return item;
  }

  [DESCRIBE](now: number): ManagedDescription {
    const waiters = blockedOf([...this.#getting, ...this.#polling]);
    const putters = blockedOf([...this.#putting].map(({ waiter }) => waiter));
    const joiners = blockedOf(this.#joining);
    const [unfinished, isShutDown] = [this.#unfinished, this.#isShutDown];
    const [bound, oldest] = [Math.max(0, this.maxsize), ageOf(now, this.#times.at(0))];
    const [depth, puts, gets] = [this.#items.length, this.#puts, this.#gets];
    return described({
      ...{ kind: "queue", depth, maxsize: bound, puts, gets, oldest, dead: 0 },
      ...{ unfinished, isShutDown },
      getters: waiting(waiters, now),
      putters: waiting(putters, now),
      joiners: waiting(joiners, now),
    }, { waiters, putters, joiners, bound, unfinished, isShutDown });
  }

  put_nowait(item: unknown): void | Promise<void> {
    takes("Queue.put_nowait", arguments, { most: 1 });
    return this.put(item, false);
  }

  get_nowait(): unknown {
    takes("Queue.get_nowait", arguments);
    return this.get(false);
  }

  qsize(): number {
    takes("Queue.qsize", arguments);
    return this.#items.length;
  }

  empty(): boolean {
    takes("Queue.empty", arguments);
    return this.#items.length === 0;
  }

  full(): boolean {
    takes("Queue.full", arguments);
    return this.maxsize > 0 && this.#items.length >= this.maxsize;
  }

  task_done(): void {
    takes("Queue.task_done", arguments);
    if (this.#unfinished <= 0) {
      throw new ValueError("task_done() called too many times");
    }
    this.#unfinished--;
    this.#checkDone();
  }

  #checkDone(): void {
    if (this.#unfinished > 0) return;
    for (const waiter of [...this.#joining]) waiter.resolve();
    this.#joining.clear();
  }

  join(): void | Promise<void> {
    takes("Queue.join", arguments);
    if (this.#unfinished === 0) return;
    return block<void>(
      null,
      (waiter) => {
        this.#joining.add(waiter);
        return () => this.#joining.delete(waiter);
      },
      () => {},
    );
  }

  /** Ends putting, and getting when it is empty, or at once. Python 3.13. */
  shutdown(...given: unknown[]): void {
    const { immediate } = parseArguments(SHUTDOWN, given);
    this.#isShutDown = true;
    if (immediate) {
      this.#unfinished = Math.max(0, this.#unfinished - this.#items.length);
      this.#items.splice(0, this.#items.length);
      this.#times.splice(0, this.#times.length);
      this.#checkDone();
    }
    for (const getter of this.#getting.splice(0, this.#getting.length)) {
      getter.reject(new ShutDown());
    }
    for (const { waiter } of this.#putting.splice(0, this.#putting.length)) {
      waiter.reject(new ShutDown());
    }
  }

  toString(): string {
    return addressed(this, "queue.Queue");
  }
}
