/**
 * Looking inside a running program: which processes there are, what each waits for and
 * where, who holds which lock, how full the queues are, what the pools run. CPython has
 * nothing like it.
 *
 * While nobody looks nothing of this is loaded, in no process, and nothing is counted that is
 * not counted anyway. The lines where processes wait are known of waits that have begun
 * since somebody looks, so look from the program's beginning on.
 *
 * Only the main process can look. It sees all others: those that its children have started,
 * those on other hosts, and managers' servers.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

import { dumpOnce, lookOnce, OpenView } from "./inspect/view.ts";
import type { InspectOptions, View } from "./inspect/view.ts";
import type { Snapshot } from "./inspect/snapshot.ts";
import { parseInspectOptions } from "./inspect/options.ts";

export type { InspectOptions, View } from "./inspect/view.ts";
export type { Trace, TraceEvent } from "./inspect/trace.ts";
export {
  type Deadlock,
  type HistogramSnapshot,
  type HoldSnapshot,
  type Inversion,
  type LockOrder,
  type LockSnapshot,
  type ObjectBase,
  type ObjectSnapshot,
  type OutputLine,
  type PipeSnapshot,
  type Place,
  type PoolSnapshot,
  type ProcessRole,
  type ProcessSnapshot,
  type ProcessState,
  type QueueSnapshot,
  type RunningTask,
  type SignalSnapshot,
  type Snapshot,
  SNAPSHOT_VERSION,
  type SpanSnapshot,
  type WaiterSnapshot,
  type WaitSnapshot,
  type WorkerSnapshot,
} from "./inspect/snapshot.ts";

/**
 * Observes the program from now on, until the view that this gives is closed. It keeps no
 * process alive. Not in CPython.
 *
 * @param options See {@linkcode InspectOptions}.
 * @throws {TypeError} if there is no such option, or its value is of a wrong type
 * @throws {ValueError} if `interval` is less than 0.01 or more than 3600
 * @throws {PermissionError} if the page may not be served; Deno: `--allow-net=127.0.0.1`
 * @throws {OSError} if the port is taken
 * @throws {RuntimeError} in a process that is not the main one: what happens there is seen
 * from the main process
 *
 * @example
 * ```ts
 * import { is_main, Queue } from "@pystd/multiprocessing";
 * import { inspect } from "@pystd/multiprocessing/inspect";
 * if (is_main(import.meta)) {
 *   await using view = await inspect({ page: false });
 *   const frames = Queue(64);
 *   await frames.put("first");
 *   const { objects: [queue] } = await view.snapshot();
 *   console.log(queue?.name, queue?.kind === "queue" && queue.depth); // frames 1
 * }
 * ```
 */
export async function inspect(options?: InspectOptions): Promise<View>;
export async function inspect(...given: unknown[]): Promise<View> {
  const options = parseInspectOptions(given);
  options.signal?.throwIfAborted();
  return await OpenView.open(options);
}

/**
 * Looks at the program once. The lines where processes wait are known only if it is
 * observed already, by {@linkcode inspect}. Not in CPython.
 *
 * @returns What was seen; processes that compute have up to half a second to say something.
 * @throws {RuntimeError} in a process that is not the main one
 *
 * @example
 * ```ts
 * import { is_main } from "@pystd/multiprocessing";
 * import { snapshot } from "@pystd/multiprocessing/inspect";
 * if (is_main(import.meta)) {
 *   const { processes } = await snapshot();
 *   console.log(processes.map(({ name }) => name)); // [ "MainProcess" ]
 * }
 * ```
 */
export function snapshot(): Promise<Snapshot> {
  return lookOnce();
}

/**
 * What the program does now, as text for a terminal: the tree of its processes, what each
 * waits for, where, and what it holds; the objects that are in use, and the pools. The
 * same is printed to stderr when SIGUSR2 comes while the program is observed, or with
 * `MULTIPROCESSING_DUMP=1` in its environment. It has no control characters but ends of lines, whatever names the program uses. Not in CPython;
 * `py-spy dump` is alike.
 *
 * @returns The text. The lines where processes wait are known only if the program is
 * observed already, by {@linkcode inspect}.
 * @throws {RuntimeError} in a process that is not the main one
 *
 * @example
 * ```ts
 * import { is_main } from "@pystd/multiprocessing";
 * import { dump } from "@pystd/multiprocessing/inspect";
 * if (is_main(import.meta)) console.log((await dump()).includes("MainProcess")); // true
 * ```
 */
export function dump(): Promise<string> {
  return dumpOnce();
}
