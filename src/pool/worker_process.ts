/**
 * The start of a worker that is a process of its own.
 *
 * @module
 */
import { popenOf } from "../process_base.ts";
import type { Target } from "../process_options.ts";
import { keepStderr } from "../process_special.ts";
import type { Payload } from "../wire/message.ts";
import { worker } from "./worker.ts";
import type { WorkerEvents, WorkerLink, WorkerProcess } from "./worker_link.ts";

/** What makes a pool's processes: `Process` or a subclass. */
export type WorkerClass = new (options: {
  target: typeof worker;
  args: [Target | null, unknown[], number | null];
}) => WorkerProcess;

/** What all workers of a pool are given. */
export interface WorkerPlan {
  readonly Process: WorkerClass;
  readonly initializer: Target | null;
  readonly initargs: unknown[];
  readonly maxtasksperchild: number | null;
}

/**
 * Starts a worker. It begins with `Reported.Ready`.
 *
 * @throws Whatever `start()` throws.
 */
export function startWorker(plan: WorkerPlan, events: WorkerEvents): WorkerLink {
  const { Process, initializer, initargs, maxtasksperchild } = plan;
  const process = new Process({
    target: worker,
    args: [initializer, initargs, maxtasksperchild],
  });
  process.name = process.name.replace("Process", "PoolWorker");
  process.daemon = true;
  keepStderr(process);
  const started = process.start();
  const popen = popenOf(process);
  if (popen !== null) {
    popen.onReport = (heads, items) => events.onReport(heads, items);
    const starting = Promise.resolve(started);
    starting.catch(() => {}); // told when the end is, which comes with it
    popen.onExit(() => void starting.then(() => events.onEnd(), events.onEnd));
  }
  return {
    process,
    get lastWords() {
      return popen?.lastWords ?? "";
    },
    get hasEnded() {
      return popen === null || popen.returncode !== null;
    },
    tell: (heads: number[], items: Payload[]) => popen?.tell(heads, items),
  };
}
