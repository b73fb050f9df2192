/**
 * `wait`: the first of several connections and processes that is ready.
 *
 * @module
 */
import { currentPeer } from "../link/peer.ts";
import { Sentinel } from "../process/popen.ts";
import { asTimeout, parseArguments, REQUIRED, signature } from "../python/arguments.ts";
import { KeyError, ValueError } from "../python/errors.ts";
import { pythonTypeName, repr } from "../python/repr.ts";
import type { PollOptions, SignalOptions } from "./arguments.ts";
import { Connection } from "./connection.ts";
import { WAITABLE, type Waitable, type WaitableObject } from "./transport.ts";
import { waitFor } from "./wait_for.ts";

const WAIT = signature<{ object_list: unknown; timeout: unknown }>(
  "wait",
  { object_list: REQUIRED, timeout: null },
  { method: false },
);

/**
 * Waits until at least one of several objects is ready: a connection that has a message
 * or will never have one again, the sentinel of a process that has ended. CPython:
 * `multiprocessing.connection.wait`.
 *
 * @param object_list Readable connections and `sentinel`s of processes, each once.
 * @param timeout Seconds; null for ever, 0 or less for not at all.
 * @returns All that are ready, in their order; none if there were none in time.
 * @throws {KeyError} if an object is there twice
 * @throws {OSError} if a connection is closed
 * @throws {ValueError} if something cannot be waited for
 *
 * @example
 * ```ts
 * import { Pipe } from "@pystd/multiprocessing";
 * import { wait } from "@pystd/multiprocessing/connection";
 * const [a, b] = Pipe(), [c, d] = Pipe();
 * await d.send("hello");
 * for (const connection of await wait([a, c])) {
 *   console.log(await connection.recv()); // hello
 * }
 * console.log((await wait([a, b], 0)).length); // 0
 * ```
 */
export function wait<T>(
  object_list: Iterable<T>,
  timeout?: number | null,
  options?: SignalOptions,
): Promise<T[]>;
/** With Python's keywords. */
export function wait<T>(object_list: Iterable<T>, options: PollOptions): Promise<T[]>;
export async function wait(...given: unknown[]): Promise<unknown[]> {
  const { object_list, timeout, signal } = parseArguments(WAIT, given);
  if (typeof (object_list as Iterable<unknown>)?.[Symbol.iterator] !== "function") {
    throw new TypeError(`'${pythonTypeName(object_list)}' object is not iterable`);
  }
  const objects = new Map<unknown, Waitable>();
  for (const object of object_list as Iterable<unknown>) {
    const waitable = waitableOf(object);
    if (objects.has(object)) throw isThereAlready(object);
    objects.set(object, waitable);
  }
  return await waitFor(objects, { timeout: asTimeout(timeout), signal });
}

function waitableOf(object: unknown): Waitable {
  if (object instanceof Sentinel) return waitableSentinel(object);
  if (typeof object === "object" && object !== null && WAITABLE in object) {
    return (object as WaitableObject)[WAITABLE]();
  }
  const what = typeof object === "number" && Number.isInteger(object) && object < 0
    ? "descriptor"
    : "object";
  throw new ValueError(`Invalid file ${what}: ${repr(object)}`);
}

function waitableSentinel(sentinel: Sentinel): Waitable {
  return {
    get isReady() {
      return sentinel.isReady;
    },
    isCertain: true,
    async ask() {
      // An end that has been noticed but not yet handled must count.
      await currentPeer().nextTurn();
      return sentinel.isReady;
    },
    watch: (callback) => sentinel.onReady(callback),
  };
}

function isThereAlready(object: unknown): KeyError {
  const number = object instanceof Connection ? ` (FD ${object.fileno()})` : "";
  return new KeyError(`${repr(object)}${number} is already registered`);
}
