/**
 * The caller of a method of an object in a manager's server, and the waits of such a method.
 *
 * In CPython a thread serves each client, so a method may just block, and a lock knows
 * its owner by the thread. Here the server says who calls before it calls; a method asks
 * synchronously, at its beginning. A wait ends with the client's connection, and when
 * the client gives it up. Where the program itself calls, the caller is its thread.
 *
 * @module
 */
import { type Waiter, waitHere } from "../../link/waiting.ts";
import { currentPeer } from "../../link/peer.ts";
import { current_thread, type Thread } from "../../python/thread.ts";
import { runtime } from "../../runtime/mod.ts";

/** A lock that an owner holds. */
export interface Held {
  /** The owner is gone. @param isClean Whether it went by itself, rather than being killed. */
  abandon(owner: Owner, isClean: boolean): void;
}

let lastOwner = 0;

/** A client's thread: what owns locks. */
export class Owner {
  /** For warnings. */
  name: string;
  /** The client's process; 0 if that is not known. */
  pid: number;
  /** Stands for the number of the thread. */
  readonly number: number = ++lastOwner;
  readonly #held = new Set<Held>();

  constructor(name: string, pid = 0) {
    this.name = name;
    this.pid = pid;
  }

  hold(held: Held): void {
    this.#held.add(held);
  }

  letGo(held: Held): void {
    this.#held.delete(held);
  }

  /** The client is gone: so is its hold on everything. */
  end(isClean: boolean): void {
    for (const held of [...this.#held]) held.abandon(this, isClean);
    this.#held.clear();
  }
}

/** The waits of one client, by the calls' numbers. */
export class Waits {
  readonly #cancels = new Map<number, (isGone: boolean) => void>();

  add(call: number, cancel: (isGone: boolean) => void): void {
    this.#cancels.set(call, cancel);
  }

  delete(call: number): void {
    this.#cancels.delete(call);
  }

  /** Ends one wait; nothing happens if it is over. */
  cancel(call: number): void {
    this.#cancels.get(call)?.(false);
  }

  /** The client is gone: ends all waits. */
  end(): void {
    for (const cancel of [...this.#cancels.values()]) cancel(true);
    this.#cancels.clear();
  }
}

/** The error of a wait that its client has given up. */
export const CANCELLED: unique symbol = Symbol("cancelled");

/** The program itself, where it calls an object of its own server. */
const HERE = new Owner("this process", runtime.pid);

/** Its other threads. */
const threads = new WeakMap<Thread, Owner>();

/** The client that calls; undefined if it is the program itself. */
let client: Owner | undefined;
let waits = new Waits();
let call = 0;

/** The present caller; to be asked before anything is awaited. */
export function currentOwner(): Owner {
  return client ?? ownerHere();
}

function ownerHere(): Owner {
  const thread = current_thread();
  if (thread.id === 0) return HERE;
  let owner = threads.get(thread);
  if (owner === undefined) {
    threads.set(thread, owner = new Owner(thread.name, runtime.pid));
  }
  return owner;
}

/** Who waits in a call, since when on the runtime's clock; told to those who look inside. */
export interface Blocked {
  readonly owner: Owner;
  readonly since: number;
  /** Its limit, in seconds; null for none, so that only others can end it. */
  readonly timeout: number | null;
}

/** The present call begins to wait. */
export function blockedNow(timeout: number | null): Blocked {
  return { owner: currentOwner(), since: runtime.now(), timeout };
}

/** The waits of `block`. */
const blocked = new WeakMap<object, Blocked>();

/** Who waits, of those that `block` has given. */
export function blockedOf(waiters: Iterable<object>): Blocked[] {
  return Array.from(waiters, (waiter) => blocked.get(waiter)!);
}

/** Calls a function on behalf of a client. */
export function callAs<T>(as: Owner, its: Waits, number: number, fn: () => T): T {
  const before = [client, waits, call] as const;
  [client, waits, call] = [as, its, number];
  try {
    return fn();
  } finally {
    [client, waits, call] = before;
  }
}

/** Registers the present call's wait; to be asked before anything is awaited. */
export function currentWait(): {
  begin(giveUp: (isGone: boolean) => void): void;
  end(): void;
} {
  const [its, number] = [waits, call];
  return {
    begin: (giveUp) => its.add(number, giveUp),
    end: () => its.delete(number),
  };
}

/**
 * Waits on behalf of the caller; to be called before anything is awaited.
 *
 * @param enter Starts the wait; gives the function that leaves it.
 * @param onTime Gives the result, or throws, when the time is over.
 */
export function block<T>(
  timeout: number | null,
  enter: (waiter: Waiter<T>) => () => void,
  onTime: () => T,
): Promise<T> {
  const { begin, end } = currentWait();
  // The server keeps its process alive, and Ctrl-C is not for its clients.
  const limit = { timeout, signal: undefined, isBackground: true };
  const who = blockedNow(timeout);
  const result = waitHere<T>(currentPeer(), limit, (waiter) => {
    blocked.set(waiter, who);
    const leave = enter(waiter);
    begin(() => {
      leave();
      waiter.reject(CANCELLED);
    });
    return leave;
  }, onTime);
  result.then(end, end);
  return result;
}
