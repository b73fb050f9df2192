/**
 * The start of a worker that is a process of its own.
 *
 * @module
 */
import { offerClaims, type OfferedClaims } from "../claim_files.ts";
import { ProtocolError } from "../python/errors.ts";
import type { Claims } from "../hub/claims.ts";
import { get_logger } from "../python/log.ts";
import type { PermissionsOption } from "../process/permissions.ts";
import type { Popen } from "../process/popen.ts";
import { keepStderr, popenOf } from "../process/base.ts";
import type { Target } from "../process/arguments.ts";
import { runtime } from "../runtime/mod.ts";
import type { PoolFunction } from "./functions.ts";
import type { Task } from "./job.ts";
import { Told } from "./protocol.ts";
import { readReport } from "./report_reader.ts";
import { TellWriter } from "./tell_writer.ts";
import { worker } from "./worker_main.ts";
import type { WorkerEvents, WorkerLink, WorkerProcess } from "./worker_link.ts";

/** What makes a pool's processes: `Process` or a subclass. */
export type WorkerClass = new (options: {
  target: typeof worker;
  args: [Target | null, unknown[], number | null];
  permissions?: PermissionsOption;
}) => WorkerProcess;

/** What all workers of a pool are given. */
export interface ProcessPlan {
  readonly Process: WorkerClass;
  readonly initializer: Target | null;
  readonly initargs: unknown[];
  readonly maxtasksperchild: number | null;
  readonly permissions: PermissionsOption | null;
}

const ENCODER = new TextEncoder();

/** Milliseconds that a worker has for ending on SIGTERM before it is killed. */
const TERMINATION = 1000;

/**
 * Starts a worker.
 *
 * @throws Whatever `start()` throws.
 */
export function startProcess(
  plan: ProcessPlan,
  events: WorkerEvents,
): WorkerLink<WorkerProcess> {
  const { Process, initializer, initargs, maxtasksperchild, permissions } = plan;
  const process = new Process({
    target: worker,
    args: [initializer, initargs, maxtasksperchild],
    ...permissions !== null && { permissions },
  });
  process.name = process.name.replace("Process", "PoolWorker");
  process.daemon = true;
  keepStderr(process);
  const started = process.start();
  const popen = popenOf(process);
  const link = new ProcessLink(process, popen);
  if (popen !== null) {
    const own = {
      ...events,
      onClaiming: (isOn: boolean) => link.onClaiming(isOn, events),
    };
    popen.onReport = (heads, items) => {
      try {
        readReport(heads, items, own);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        // It ends, and nothing else does: its tasks fail as those of any that was killed.
        get_logger().warning("%s broke the protocol: %s", process.name, error.message);
        process.kill();
      }
    };
    const starting = Promise.resolve(started);
    starting.catch(() => {}); // told when the end is, which comes with it
    popen.onExit(() => {
      link.onExit();
      void starting.then(() => events.onEnd(), events.onEnd).then(() => link.close());
    });
  }
  return link;
}

class ProcessLink implements WorkerLink<WorkerProcess> {
  readonly process: WorkerProcess;
  readonly isKillable = true;
  readonly #popen: Popen | null;
  readonly #writer = new TellWriter();
  #offered: OfferedClaims | undefined;
  /** Kills it, if it has not ended by then. */
  #killTimer: unknown;

  constructor(process: WorkerProcess, popen: Popen | null) {
    this.process = process;
    this.#popen = popen;
  }

  get lastWords(): string {
    return this.#popen?.lastWords ?? "";
  }

  give(tasks: readonly Task[]): void {
    const { heads, items } = this.#writer.write(tasks);
    this.#popen?.tell(heads, items);
  }

  get claims(): Claims | undefined {
    return this.#offered?.log;
  }

  offerClaims(): void {
    if (this.#popen === null) return;
    this.#offered = offerClaims();
    if (this.#offered === undefined) return;
    const items = this.#offered.paths.map((path) => ENCODER.encode(path));
    this.#popen.tell([Told.Claim], items);
  }

  onClaiming(isClaiming: boolean, events: WorkerEvents): void {
    if (isClaiming) this.#offered?.opened();
    else this.#popen!.tell([Told.ClaimNoMore], []);
    events.onClaiming(isClaiming);
    if (!isClaiming) this.close();
  }

  /** Nothing is claimed any more. */
  close(): void {
    this.#offered?.close();
    this.#offered = undefined;
  }

  finish(): void {
    this.#popen?.tell([Told.Stop], []);
  }

  forget(func: PoolFunction): void {
    this.#writer.forget(func);
  }

  kill(): void {
    const popen = this.#popen;
    if (this.#killTimer !== undefined || (popen && popen.returncode !== null)) return;
    this.process.terminate();
    if (popen === null) return; // a class of the user's has started something else
    this.#killTimer = runtime.setTimer(() => this.process.kill(), TERMINATION);
  }

  onExit(): void {
    runtime.clearTimer(this.#killTimer);
  }
}
