/**
 * Who calls a method of an object in a manager's server, and how such a method waits.
 *
 * In CPython a thread serves each client, so a method may just block, and a lock knows
 * its owner by the thread. Here the server says who calls before it calls; a method asks
 * synchronously, at its beginning. A wait ends with the client's connection, and when
 * the client gives it up.
 *
 * @module
 */
import { after } from "../../link/waiting.ts";

/** What is held by a caller, to be told of its end. */
export interface Held {
  /**
   * The owner is gone.
   *
   * @param isClean Whether it went by itself, rather than being killed.
   */
  abandon(owner: Owner, isClean: boolean): void;
}

let lastOwner = 0;

/** A client's thread: what owns locks. */
export class Owner {
  /** For warnings. */
  name: string;
  /** Stands for the number of the thread. */
  readonly number: number = ++lastOwner;
  readonly #held = new Set<Held>();
  #isGone = false;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether the client has ended. */
  get isGone(): boolean {
    return this.#isGone;
  }

  hold(held: Held): void {
    this.#held.add(held);
  }

  letGo(held: Held): void {
    this.#held.delete(held);
  }

  /** The client is gone: so is its hold on everything. */
  end(isClean: boolean): void {
    this.#isGone = true;
    for (const held of [...this.#held]) held.abandon(this, isClean);
    this.#held.clear();
  }
}

/** The waits of one client, by the calls' numbers. */
export class Waits {
  readonly #cancels = new Map<number, () => void>();

  add(call: number, cancel: () => void): void {
    this.#cancels.set(call, cancel);
  }

  delete(call: number): void {
    this.#cancels.delete(call);
  }

  /** Ends one wait; nothing happens if it is over. */
  cancel(call: number): void {
    this.#cancels.get(call)?.();
  }

  cancelAll(): void {
    for (const cancel of [...this.#cancels.values()]) cancel();
  }
}

/** What is thrown in a wait that its client has given up. */
export const CANCELLED: unique symbol = Symbol("cancelled");

/** The program itself, where it calls an object of its own server. */
const HERE = new Owner("this process");

let owner = HERE;
let waits = new Waits();
let call = 0;

/** Who calls; to be asked before anything is awaited. */
export function currentOwner(): Owner {
  return owner;
}

/** For what is awaited: calls a function on behalf of who calls now. */
export function currentCaller(): <T>(fn: () => T) => T {
  const [as, its, number] = [owner, waits, call];
  return (fn) => callAs(as, its, number, fn);
}

/** Calls a function on behalf of a client. */
export function callAs<T>(as: Owner, its: Waits, number: number, fn: () => T): T {
  const before = [owner, waits, call] as const;
  [owner, waits, call] = [as, its, number];
  try {
    return fn();
  } finally {
    [owner, waits, call] = before;
  }
}

/** How a wait is ended by what it waits for. */
export interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/**
 * Waits on behalf of the caller; to be called before anything is awaited.
 *
 * @param timeout Seconds; null for ever.
 * @param enter Starts the wait; gives the function that leaves it.
 * @param onTime What the wait gives, or throws, when its time is over.
 */
export function block<T>(
  timeout: number | null,
  enter: (waiter: Waiter<T>) => () => void,
  onTime: () => T | Promise<T>,
): Promise<T> {
  const [its, number] = [waits, call];
  return new Promise<T>((resolve, reject) => {
    let stopTimer = () => {};
    const finish = () => {
      stopTimer();
      its.delete(number);
    };
    const leave = enter({
      resolve(value) {
        finish();
        resolve(value);
      },
      reject(error) {
        finish();
        reject(error);
      },
    });
    its.add(number, () => {
      finish();
      leave();
      reject(CANCELLED);
    });
    if (timeout === null) return;
    stopTimer = after(timeout, () => {
      finish();
      leave();
      // A promise for what is thrown too.
      resolve(new Promise<T>((settle) => settle(onTime())));
    });
  });
}
