/**
 * Waits that can time out and be aborted: one way for the whole package.
 *
 * A wait ends in one of two places. Where this process decides (a process ended),
 * `waitHere` is used: on time it is over at once. Where the hub decides (a bounded queue
 * has room, a lock is free), `waitForHub` is used: on time the call is cancelled, and the
 * hub says whether it happened before; so a failed `put` has certainly put nothing. And
 * where something comes here that the hub sends (an item of a queue), `waitForArrival` is:
 * on time the hub is asked whether there is nothing.
 *
 * All three are told of Ctrl-C: where Python raises `KeyboardInterrupt` out of a call, the
 * call's promise rejects with one.
 *
 * Mirrors no file of CPython, where the operating system and the interpreter do this.
 *
 * @module
 */
import type { Peer } from "./peer.ts";
import { KeyboardInterrupt } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { Kind, type Scalar, type ToHub } from "../wire/message.ts";

/** How long a wait may take. */
export interface Limit {
  /** Seconds; null for ever. */
  timeout: number | null;
  signal: AbortSignal | undefined;
  /** Whether the process need not stay alive for it, and Ctrl-C does not end it. */
  isBackground?: boolean | undefined;
}

/** The limit of who waits however long it takes: no time, and all that `user` says. */
export function withoutTimeout(
  { signal, isBackground }: Pick<Limit, "signal" | "isBackground">,
): Limit {
  return { timeout: null, signal, isBackground };
}

/** The longest time that the runtimes' timers know, in milliseconds. */
const LONGEST = 0x7fffffff;

/** Calls back after `seconds`, however many; gives the function that cancels it. */
export function after(seconds: number, callback: () => void): () => void {
  let timer: unknown;
  const arm = (left: number) => {
    const step = Math.min(left, LONGEST);
    timer = runtime.setTimer(
      () => left > step ? arm(left - step) : callback(),
      Math.ceil(step),
    );
  };
  arm(seconds * 1000);
  return () => runtime.clearTimer(timer);
}

/**
 * Calls `onTime` or `onAbort` at most once, unless `stop` has been called before. Ctrl-C
 * is as if the signal was aborted with `KeyboardInterrupt`.
 */
function watch(
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

/** The same for most waits, which have no limit: as little as can be. */
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

/** How a wait is ended by what it waits for. */
export interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/**
 * Waits for something that happens in this process, keeping it alive meanwhile unless
 * the limit says otherwise.
 *
 * @param enter Starts the wait; gives the function that leaves it.
 * @param onTime What the wait gives, or throws, when its time is over; not needed where
 * the limit has no time.
 */
export function waitHere<T>(
  peer: Peer,
  limit: Limit,
  enter: (waiter: Waiter<T>) => () => void,
  onTime?: () => T,
): Promise<T> {
  return waitForArrival<T>(peer, limit, (waiter) => {
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
  });
}

/** How a wait is left early. */
export interface Wait {
  /** Nobody waits any more. */
  leave(): void;
  /** Its time is over: something is to be done that ends it. */
  onTime(): void;
}

/**
 * Waits for something that comes to this process, as `waitHere` does.
 *
 * @param enter Starts the wait.
 */
export function waitForArrival<T>(
  peer: Peer,
  { timeout, signal, isBackground }: Limit,
  enter: (waiter: Waiter<T>) => Wait,
): Promise<T> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const waiting = new Promise<T>((resolve, reject) => {
    let stop = () => {}; // until there is something to stop
    let isOver = false; // in the root, what is waited for may come while we enter
    const end = () => {
      isOver = true;
      stop();
    };
    const { leave, onTime } = enter({
      resolve(value) {
        end();
        resolve(value);
      },
      reject(error) {
        end();
        reject(error);
      },
    });
    if (isOver) return;
    const cancelTimer = timeout === null ? undefined : after(timeout, onTime);
    const unwatch = watch({ timeout: null, signal, isBackground }, onTime, (reason) => {
      cancelTimer?.();
      leave();
      reject(reason);
    });
    stop = cancelTimer === undefined ? unwatch : () => {
      cancelTimer();
      unwatch();
    };
  });
  return isBackground ? waiting : peer.refWhile(waiting);
}

/**
 * Waits for a promise, or until `signal` is aborted or Ctrl-C comes; the promise is not
 * told of that.
 */
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
 * Sends a call that may wait in the hub.
 *
 * @returns The hub's answer: false if it was given up before it happened.
 * @throws the signal's reason, if that is why it was given up
 */
export async function waitForHub(
  peer: Peer,
  limit: Limit,
  object: number,
  message: (call: number) => ToHub,
): Promise<Scalar> {
  const { signal } = limit;
  signal?.throwIfAborted();
  const call = peer.newCall();
  let aborted: { reason: unknown } | undefined;
  const cancel = () => peer.post([Kind.Cancel, object, call]);
  const answer = peer.call(call, message(call));
  const stop = watch(limit, cancel, (reason) => {
    aborted = { reason };
    cancel();
  });
  try {
    const value = await answer;
    if (aborted !== undefined) {
      if (value === false) throw aborted.reason;
      if (aborted.reason instanceof KeyboardInterrupt) interruptNext();
    }
    return value;
  } finally {
    stop();
  }
}

/** Pins of handles that must not be collected now. */
const waitedFor = new Set<unknown>();

/**
 * Keeps a handle of a shared object from being collected while somebody waits there:
 * when its last handle is gone, the hub forgets who waits.
 *
 * @returns What comes of the wait.
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

/** Rejects a wait, or several; says whether there was one. */
export type Interrupt = (error: KeyboardInterrupt) => boolean | void;

const waits = new Set<Interrupt>();
/** Ctrl-C has come, and nobody has been told yet. */
let isLate = false;

/**
 * Has a wait told of Ctrl-C.
 *
 * @param interrupt Is called once for each Ctrl-C until the wait has left; a wait that it
 * begins is another one.
 * @returns What the wait calls when it leaves.
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

/** Rejects all that wait now with `KeyboardInterrupt`; false if nobody does. */
export function interruptWaits(): boolean {
  let hasSome = false;
  for (const interrupt of [...waits]) {
    if (interrupt(interruptError()) !== false) hasSome = true;
  }
  return hasSome;
}

/**
 * Has the next wait rejected: the one that was told of Ctrl-C had happened by then, so its
 * call has not been.
 */
export function interruptNext(): void {
  isLate = true;
}

/** Listens to Ctrl-C while somebody may wait: the root does so only then. */
export interface InterruptListener {
  begin(reason: object): void;
  end(reason: object): void;
}

let listener: InterruptListener | undefined;

/** Says who listens. */
export function setInterruptListener(to: InterruptListener): void {
  listener = to;
}

/**
 * Has Ctrl-C heard as long as something is open by which others may be waited for: a
 * listener, a connection. For children that is so anyhow.
 *
 * @returns What is called when it is closed.
 */
export function listenWhileOpen(): () => void {
  const reason = {};
  listener?.begin(reason);
  return () => listener?.end(reason);
}

function interruptError(): KeyboardInterrupt {
  const error = new KeyboardInterrupt();
  error.stack = error.name; // it would tell of this place, and who waits is elsewhere
  return error;
}
