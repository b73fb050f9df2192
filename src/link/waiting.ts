/**
 * Waits that can time out and be aborted: one way for the whole package.
 *
 * - `waitHere`, where this process decides (a process has ended): after its time it is over
 *   at once.
 * - `waitForHub`, where the hub decides (a bounded queue has room, a lock is free): after its
 *   time the call is cancelled, and the hub tells whether it happened before; so a failed
 *   `put` has certainly put nothing.
 * - `waitForArrival`, where the hub sends something (an item of a queue): after its time the
 *   hub is asked whether there is nothing.
 *
 * Ctrl-C ends all three: where Python raises `KeyboardInterrupt` out of a call, the
 * call's promise rejects with one.
 *
 * Mirrors no file of CPython, where the operating system and the interpreter do this.
 *
 * @module
 */
import type { Deque } from "../collections/deque.ts";
import type { OrderedSender } from "../collections/ordered_sender.ts";
import { PendingPayload } from "../reduction/mod.ts";
import { observed, type ObservedWait, type Op } from "./observed.ts";
import type { Peer } from "./peer.ts";
import type { Waiter } from "./pending_calls.ts";
import { KeyboardInterrupt } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { Kind, type Payload, type Scalar, type ToHub } from "../wire/message.ts";

export type { Waiter };

/** The limit of a wait. */
export interface Limit {
  /** Seconds; null for ever. */
  timeout: number | null;
  signal: AbortSignal | undefined;
  /** Whether the process need not stay alive for it, and Ctrl-C does not end it. */
  isBackground?: boolean | undefined;
}

/** The same limit without a time. */
export function withoutTimeout(
  { signal, isBackground }: Pick<Limit, "signal" | "isBackground">,
): Limit {
  return { timeout: null, signal, isBackground };
}

/** The longest time of the runtimes' timers, in milliseconds. */
const LONGEST = 0x7fffffff;

/**
 * Calls back after `seconds`, even very many; gives the function that cancels it. If this
 * process computed when they were over, what others have sent until then is read first: a
 * runtime reads only after its timers.
 */
export function after(seconds: number, callback: () => void): () => void {
  let timer: unknown;
  let isCancelled = false;
  const end = () => {
    if (!isCancelled) callback();
  };
  const arm = (left: number) => {
    const step = Math.min(left, LONGEST);
    timer = runtime.setTimer(
      () => left > step ? arm(left - step) : inTurns(TURNS_TO_READ, end),
      Math.ceil(step),
    );
  };
  arm(seconds * 1000);
  return () => {
    isCancelled = true;
    runtime.clearTimer(timer);
  };
}

/** In the first one it is heard that something came, by the second it has been read. */
const TURNS_TO_READ = 2;

function inTurns(turns: number, callback: () => void): void {
  runtime.nextTurn(() => turns > 1 ? inTurns(turns - 1, callback) : callback());
}

/**
 * Calls `onTime` or `onAbort` at most once, unless `stop` has been called before. Ctrl-C
 * is as if the signal was aborted with `KeyboardInterrupt`.
 */
export function watch(
  limit: Limit,
  onTime: () => void,
  onAbort: (reason: unknown) => void,
): () => void {
  const { timeout, signal, isBackground } = limit;
  if (timeout === null && signal === undefined) return watchInterrupts(limit, onAbort);
  let cancelTimer = () => {};
  let forget = () => {};
  const abort = () => end(signal!.reason);
  const end = (reason: unknown) => {
    stop();
    onAbort(reason);
  };
  const stop = () => {
    cancelTimer();
    forget();
    signal?.removeEventListener("abort", abort);
  };
  if (!isBackground) forget = whenInterrupted(end);
  signal?.addEventListener("abort", abort, { once: true });
  if (timeout !== null) {
    cancelTimer = after(timeout, () => {
      stop();
      onTime();
    });
  }
  return stop;
}

/** The same for most waits, which have no limit: as cheap as possible. */
function watchInterrupts(
  { isBackground }: Limit,
  onAbort: (reason: unknown) => void,
): () => void {
  if (isBackground) return () => {};
  const forget = whenInterrupted((error) => {
    forget();
    onAbort(error);
  });
  return forget;
}

/**
 * Waits for something that happens in this process, keeping it alive meanwhile unless
 * the limit says otherwise.
 *
 * @param enter Starts the wait; gives the function that leaves it.
 * @param onTime Gives the result of the wait, or throws, when its time is over; not needed
 * where the limit has no time.
 * @param op What it is, for an observer; without it none hears of it.
 * @param on The number or the pool that `op` is about.
 */
export function waitHere<T>(
  peer: Peer,
  limit: Limit,
  enter: (waiter: Waiter<T>) => () => void,
  onTime?: () => T,
  op?: Op,
  on: number | object = 0,
): Promise<T> {
  return waitForArrival<T>(
    peer,
    limit,
    (waiter) => {
      const leave = enter(waiter);
      return {
        leave,
        onTime() {
          leave();
          try {
            waiter.resolve(onTime!());
          } catch (error) {
            waiter.reject(error);
          }
        },
      };
    },
    op,
    on,
  );
}

/** Waits at the end of a line, until something that happens in this process settles it. */
export function waitInLine<T>(
  peer: Peer,
  line: Deque<Waiter<T>>,
  limit: Limit,
  onTime: () => T,
  op?: Op,
  on?: number | object,
): Promise<T> {
  return waitHere<T>(
    peer,
    limit,
    (waiter) => {
      line.push(waiter);
      return () => line.removeLast((other) => other === waiter);
    },
    onTime,
    op,
    on,
  );
}

/** The ways to leave a wait early. */
export interface Wait {
  leave(): void;
  /** Its time is over: does something that ends it. */
  onTime(): void;
}

/** Waits for something that comes to this process, as `waitHere` does; `enter` starts it. */
export function waitForArrival<T>(
  peer: Peer,
  limit: Limit,
  enter: (waiter: Waiter<T>) => Wait,
  op?: Op,
  on: number | object = 0,
): Promise<T> {
  const { timeout, signal, isBackground } = limit;
  if (signal?.aborted) return Promise.reject(signal.reason);
  // What waits in the background is no wait of the program's.
  const seen = op === undefined || isBackground
    ? undefined
    : observed.by?.wait(op, on, timeout, signal !== undefined);
  if (seen !== undefined) peer.ref();
  const waiting = new Promise<T>((resolve, reject) => {
    let stop = () => {}; // until there is something to stop
    let isOver = false; // in the root, the awaited message may come within `enter`
    const end = () => {
      isOver = true;
      stop();
      if (seen !== undefined) endSeen(peer, seen);
    };
    const waiter: Waiter<T> = {
      resolve(value) {
        end();
        resolve(value);
      },
      reject(error) {
        end();
        reject(error);
      },
    };
    let wait: Wait;
    try {
      wait = enter(waiter);
    } catch (error) {
      return waiter.reject(error);
    }
    if (isOver) return;
    const { leave, onTime } = wait;
    const cancelTimer = timeout === null ? undefined : after(timeout, onTime);
    const unwatch = watch({ timeout: null, signal, isBackground }, onTime, (reason) => {
      cancelTimer?.();
      leave();
      if (seen !== undefined) endSeen(peer, seen);
      reject(reason);
    });
    stop = cancelTimer === undefined ? unwatch : () => {
      cancelTimer();
      unwatch();
    };
  });
  if (isBackground) return waiting;
  // Not by `refWhile`: of a promise with two reactions an engine does not know who waits for it.
  return seen === undefined ? peer.refWhile(waiting) : seen.promise = waiting;
}

/** A wait is over that an observer has heard of. */
function endSeen(peer: Peer, seen: ObservedWait): void {
  if (seen.end()) peer.unref();
}

/** Waits for a promise, or until `signal` is aborted or Ctrl-C comes. */
export function abortable<T>(
  peer: Peer,
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return waitHere<T>(peer, { timeout: null, signal }, ({ resolve, reject }) => {
    promise.then(resolve, reject);
    return () => {};
  });
}

/**
 * Sends a payload in its turn; gives the result of `send`. To wait for the turn has no limit
 * of time: where room is limited, the time for that begins with `send`.
 */
export function sendInOrder<T>(
  peer: Peer,
  limit: Pick<Limit, "signal" | "isBackground">,
  order: OrderedSender,
  payload: Payload | PendingPayload,
  send: (payload: Payload) => Promise<T>,
): Promise<T> {
  return waitHere<T>(peer, withoutTimeout(limit), ({ resolve, reject }) => {
    return order.enter(
      payload instanceof PendingPayload ? payload.resolve() : payload,
      (payload) => resolve(send(payload) as never),
      reject,
    );
  });
}

/**
 * Sends a call that may wait in the hub. Gives the hub's answer: false if the call was
 * cancelled before it happened.
 *
 * @throws the signal's reason, if that cancelled it
 */
export function waitForHub(
  peer: Peer,
  limit: Limit,
  object: number,
  message: (call: number) => ToHub,
  op: Op,
): Promise<Scalar> {
  const { timeout, signal } = limit;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const seen = observed.by?.wait(op, object, timeout, signal !== undefined);
  const answer = callHub(peer, limit, object, message, seen);
  if (seen !== undefined) seen.promise = answer;
  return answer;
}

async function callHub(
  peer: Peer,
  limit: Limit,
  object: number,
  message: (call: number) => ToHub,
  seen: ObservedWait | undefined,
): Promise<Scalar> {
  let stop = () => {};
  try {
    const call = peer.newCall();
    let aborted: { reason: unknown } | undefined;
    const cancel = () => peer.post([Kind.Cancel, object, call]);
    const answer = peer.call(call, message(call));
    stop = watch(limit, cancel, (reason) => {
      aborted = { reason };
      cancel();
    });
    const value = await answer;
    if (aborted !== undefined) {
      if (value === false) {
        throw aborted.reason;
      }
      if (aborted.reason instanceof KeyboardInterrupt) {
        interruptNext();
      }
    }
    return value;
  } finally {
    stop();
    seen?.end();
  }
}

/** Pins of handles that must not be collected now. */
const waitedFor = new Set<unknown>();

/**
 * Keeps a handle of a shared object from being collected during a wait: when a process has
 * no handle of it any more, the hub forgets its waits.
 */
export async function keepWhile<T>(handle: object, wait: Promise<T>): Promise<T> {
  const pin = { handle };
  waitedFor.add(pin);
  try {
    return await wait;
  } finally {
    waitedFor.delete(pin);
  }
}

// ----------------------------------------------------------------------- Ctrl-C

/** Rejects a wait, or several; tells whether there was one. */
type Interrupt = (error: KeyboardInterrupt) => boolean | void;

const waits = new Set<Interrupt>();
/** Ctrl-C has come, and has not ended a wait yet. */
let isLate = false;

/**
 * Has `interrupt` called once for each Ctrl-C, until the function that this gives is called.
 * A wait that `interrupt` begins is another one.
 */
export function whenInterrupted(interrupt: Interrupt): () => void {
  waits.add(interrupt);
  if (isLate) {
    isLate = false;
    // Not before it has begun.
    queueMicrotask(() => isLate = interrupt(interruptError()) === false);
  }
  return () => void waits.delete(interrupt);
}

/** Rejects all present waits with `KeyboardInterrupt`; false if there is none. */
export function interruptWaits(): boolean {
  let hasSome = false;
  for (const interrupt of [...waits]) {
    if (interrupt(interruptError()) !== false) hasSome = true;
  }
  return hasSome;
}

/** Has the next wait rejected: what the interrupted one waited for had happened already. */
export function interruptNext(): void {
  isLate = true;
}

/** Listens to Ctrl-C while there may be waits: the root does so only then. */
export interface InterruptListener {
  begin(reason: object): void;
  end(reason: object): void;
}

let listener: InterruptListener | undefined;

/** Sets the one listener of this process. */
export function setInterruptListener(to: InterruptListener): void {
  listener = to;
}

/**
 * Listens to Ctrl-C as long as something is open that can be waited for: a listener, a
 * connection. Gives the function to be called when it is closed. Children listen anyway.
 */
export function listenWhileOpen(): () => void {
  const reason = {};
  listener?.begin(reason);
  return () => listener?.end(reason);
}

function interruptError(): KeyboardInterrupt {
  const error = new KeyboardInterrupt();
  error.stack = error.name; // the real one would show this place, not that of the wait
  return error;
}
