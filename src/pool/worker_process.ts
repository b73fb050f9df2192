/**
 * The parent's side of a worker that is a process of its own: its start, its end, what it
 * is told and what it reports. The child's side is worker_main.ts.
 *
 * @module
 */
import { offerClaims, type OfferedClaims } from "../link/claim_files.ts";
import type { Claims } from "../hub/claims.ts";
import type { Target } from "../process/arguments.ts";
import { adjustStart, popenOf } from "../process/base.ts";
import type { HostOption } from "../process/hosts.ts";
import type { PermissionsOption } from "../process/permissions.ts";
import type { PlaceOptions, StartOptions } from "../process/start_options.ts";
import type { Popen } from "../process/popen.ts";
import { ProtocolError } from "../python/errors.ts";
import { get_logger } from "../python/log.ts";
import { dumps, loadError, loads } from "../reduction/mod.ts";
import { runtime } from "../runtime/mod.ts";
import { switches } from "../runtime/switches.ts";
import { asBuffer } from "../runtime/brands.ts";
import { ownBytes, reuseBuffer } from "../wire/bytes.ts";
import type { Payload } from "../wire/message.ts";
import { type Job, NOTHING, type PoolFunction, type Task } from "./job.ts";
import type { Placement } from "./placement.ts";
import { Command, Form, Mode, pack, unpack, WorkerEvent } from "./protocol.ts";
import type { WorkerEvents, WorkerLink, WorkerProcess } from "./worker_link.ts";
import { worker } from "./worker_main.ts";

/** The class of a pool's processes: `Process` or a subclass. */
export type WorkerClass = new (
  options: {
    target: typeof worker;
    args: [Target | null, unknown[], number | null, number?];
  } & WorkerOptions,
) => WorkerProcess;

/** How workers are started; see `Process`. */
export interface WorkerOptions extends StartOptions, PlaceOptions {
  permissions?: PermissionsOption;
}

/** The parameters of all workers of a pool. */
export interface ProcessPlan {
  readonly Process: WorkerClass;
  readonly initializer: Target | null;
  readonly initargs: unknown[];
  readonly maxtasksperchild: number | null;
  /** Bytes; null for any number. */
  readonly maxmemory: number | null;
  readonly options: WorkerOptions;
  /** Chooses the host of each; null is this machine. */
  readonly placement?: Placement<HostOption | null> | undefined;
}

const ENCODER = new TextEncoder();

/** Milliseconds that a worker has for ending on SIGTERM before it is killed. */
const TERMINATE_TIMEOUT = 1000;

/**
 * Starts a worker.
 *
 * @throws Whatever `start()` throws.
 */
export function startProcess(
  plan: ProcessPlan,
  events: WorkerEvents,
): WorkerLink<WorkerProcess> {
  const { placement } = plan;
  if (placement === undefined) return start(plan, {}, events);
  const seat = placement.take();
  let isReady = false;
  const leave = () => placement.leave(seat, isReady);
  try {
    return start(plan, { host: seat.host }, {
      ...events,
      onReady() {
        isReady = true;
        placement.isReady(seat);
        events.onReady();
      },
      onEnd(reason) {
        leave(); // before it is replaced
        events.onEnd(reason);
      },
    });
  } catch (error) {
    leave();
    throw error;
  }
}

function start(
  plan: ProcessPlan,
  place: { host?: HostOption | null },
  events: WorkerEvents,
): WorkerLink<WorkerProcess> {
  const { Process, initializer, initargs, maxtasksperchild, options } = plan;
  const limit: [number?] = plan.maxmemory === null ? [] : [plan.maxmemory];
  const process = new Process({
    target: worker,
    args: [initializer, initargs, maxtasksperchild, ...limit],
    ...options,
    ...place,
  });
  process.name = process.name.replace("Process", "PoolWorker");
  process.daemon = true;
  adjustStart(process, { keepsStderr: true, staysHere: place.host === null });
  const started = process.start();
  const popen = popenOf(process);
  const link = new ProcessLink(process, popen);
  if (popen !== null) {
    const own = {
      ...events,
      onClaiming: (isOn: boolean) => link.onClaiming(isOn, events),
    };
    popen.onReport = (operands, items) => {
      events.onReport();
      try {
        readEvents(operands, items, own);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        // It ends, and nothing else does: its tasks fail as those of any that was killed.
        get_logger().warning("%s broke the protocol: %s", process.name, error.message);
        process.kill();
      }
    };
    const starting = Promise.resolve(started);
    starting.catch(() => {}); // told when the end is, which comes with it
    // While the process starts there is time for that.
    runtime.nextTurn(() => link.makeClaims());
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
  readonly #writer = new CommandWriter();
  #offered: OfferedClaims | undefined;
  /** Kills it, if it has not ended by then. */
  #killTimer: unknown;

  constructor(process: WorkerProcess, popen: Popen | null) {
    this.process = process;
    this.#popen = popen;
  }

  get host(): string | null {
    return this.#popen?.host ?? null;
  }

  get stderrTail(): string {
    return this.#popen?.stderrTail ?? "";
  }

  send(tasks: readonly Task[]): void {
    const { operands, items } = this.#writer.write(tasks);
    this.#popen?.tell(operands, items);
  }

  /** Makes the files in which the worker will claim its tasks, if it still runs. */
  makeClaims(): void {
    const isRunning = this.#popen !== null && this.#popen.returncode === null;
    // A process on another host shares no files with this one.
    if (isRunning && this.host === null && switches.prefetch) {
      this.#offered ??= offerClaims();
    }
  }

  offerClaims(): Claims | undefined {
    this.makeClaims();
    if (this.#offered === undefined) return undefined;
    const items = this.#offered.paths.map((path) => ENCODER.encode(path));
    this.#popen!.tell([Command.Claim], items);
    return this.#offered.ownLog;
  }

  onClaiming(isClaiming: boolean, events: WorkerEvents): void {
    if (isClaiming) this.#offered?.opened((path) => this.#offerWords(path));
    else this.#popen!.tell([Command.ClaimNoMore], []);
    events.onClaiming(isClaiming);
    if (!isClaiming) this.close();
  }

  #offerWords(path: string): void {
    this.#popen!.tell([Command.ClaimQuicker], [ENCODER.encode(path)]);
  }

  /** Nothing is claimed any more. */
  close(): void {
    this.#offered?.close();
    this.#offered = undefined;
  }

  grant(job: Job, count: number): void {
    this.#popen?.tell([Command.Grant, job.id, count], []);
  }

  leave(job: Job): void {
    this.#popen?.tell([Command.Leave, job.id], []);
  }

  finish(): void {
    this.#popen?.tell([Command.Stop], []);
  }

  forget(func: PoolFunction): void {
    this.#writer.forget(func);
  }

  kill(): void {
    const popen = this.#popen;
    if (this.#killTimer !== undefined || (popen && popen.returncode !== null)) return;
    this.process.terminate();
    if (popen === null) return; // a class of the user's has started something else
    this.#killTimer = runtime.setTimer(() => this.process.kill(), TERMINATE_TIMEOUT);
  }

  onExit(): void {
    runtime.clearTimer(this.#killTimer);
  }
}

// --- what it is told

/** Writes tasks for one worker, and remembers which functions the worker knows. */
export class CommandWriter {
  readonly #known = new Set<number>();
  /** Functions that the worker is to forget with the next message. */
  readonly #forgotten: number[] = [];

  /** The worker shall forget a function that is not used any more. */
  forget({ id }: PoolFunction): void {
    if (this.#known.delete(id)) this.#forgotten.push(id);
  }

  /** Numbers and items that hand tasks to the worker. */
  write(tasks: readonly Task[]): { operands: number[]; items: Payload[] } {
    const operands: number[] = [];
    const items: Payload[] = [];
    for (const id of this.#forgotten.splice(0)) operands.push(Command.Forget, id);
    for (let at = 0; at < tasks.length;) {
      const task = tasks[at]!;
      const { func, mode } = task.job.settings;
      const { told } = task;
      if (told !== undefined) {
        operands.push(Command.Told);
        items.push(ENCODER.encode(JSON.stringify(told.facts)));
      }
      if (!this.#known.has(func.id)) {
        this.#known.add(func.id);
        operands.push(Command.Define, func.id);
        items.push(func.payload!);
      }
      if (mode === Mode.Stream) {
        const { id, credit } = task.job;
        operands.push(Command.Stream, func.id, task.form, id, credit);
        items.push(task.payload!);
        at++;
      } else if (task.scalar === NOTHING) {
        operands.push(Command.Task, func.id, mode, task.form, task.ticks);
        items.push(task.payload!);
        at++;
      } else {
        at += writeRun(operands, items, func, scalarsFrom(tasks, at));
      }
    }
    return { operands, items };
  }
}

/** Writes tasks that are told of together; gives how many they are. */
function writeRun(
  operands: number[],
  items: Payload[],
  func: PoolFunction,
  scalars: unknown[],
): number {
  const { length } = scalars;
  const [first] = scalars;
  if (length === 1 && typeof first === "number") {
    operands.push(Command.Run, func.id, Form.Operand, 1, first);
  } else {
    const { form, bytes } = pack(scalars) ??
      { form: Form.Payload, bytes: dumps(scalars) as Payload }; // as they always can be sent
    operands.push(Command.Run, func.id, form, length);
    items.push(bytes);
  }
  return length;
}

/** The arguments of the tasks from `at` on that can be told of together. */
function scalarsFrom(tasks: readonly Task[], at: number): unknown[] {
  const { func } = tasks[at]!.job.settings;
  const scalars: unknown[] = [];
  for (let i = at; i < tasks.length; i++) {
    const { scalar, job } = tasks[i]!;
    if (scalar === NOTHING || job.settings.func !== func) break;
    if (job.told !== undefined && i > at) break; // each is told of alone
    scalars.push(scalar);
  }
  return scalars;
}

// --- what it reports

/**
 * Reports all events of a message. The caller must not use the items afterwards.
 *
 * @throws {ProtocolError} if no worker says such a thing
 */
export function readEvents(
  operands: readonly number[],
  items: readonly Payload[],
  events: WorkerEvents,
): void {
  let at = 0;
  let item = 0;
  let isPending = false;
  while (at < operands.length) {
    switch (operands[at++]) {
      case WorkerEvent.Ready:
        events.onReady();
        break;
      case WorkerEvent.Done: {
        const micros = amount(operands[at++]);
        const form = operands[at++]!;
        if (form === Form.Operand) events.onDone(micros, present(operands[at++]), 8);
        else {
          const payload = present(items[item++]);
          isPending = readValue(micros, form, payload, events) || isPending;
        }
        break;
      }
      case WorkerEvent.Yield: {
        const form = operands[at++]!;
        if (form === Form.Operand) events.onYield(present(operands[at++]));
        else isPending = readYield(form, present(items[item++]), events) || isPending;
        break;
      }
      case WorkerEvent.Failed: {
        const micros = amount(operands[at++]);
        const withTraceback = operands[at++] === 1;
        const error = loadError(present(items[item++]), { withTraceback });
        isPending ||= error instanceof Promise;
        events.onFailed(micros, error);
        break;
      }
      case WorkerEvent.Tick:
        events.onTick(amount(operands[at++]));
        break;
      case WorkerEvent.Claiming:
        events.onClaiming(operands[at++] === 1);
        break;
      case WorkerEvent.Free:
        events.onFree();
        break;
      case WorkerEvent.Full:
        events.onFull();
        break;
      case WorkerEvent.NotReady: {
        const error = loadError(present(items[item++]), { withTraceback: true });
        isPending ||= error instanceof Promise;
        events.onNotReady(error);
        break;
      }
      default:
        throw new ProtocolError(`no report of a pool's worker: ${operands[at - 1]}`);
    }
  }
  if (!isPending) items.forEach(reuseBuffer);
}

/** A number of calls, tasks or microseconds. */
function amount(operand: number | undefined): number {
  if (Number.isSafeInteger(operand) && operand! >= 0) return operand!;
  throw new ProtocolError(`a report of a pool's worker has ${operand} for an amount`);
}

/** A part of a report that must be there. */
function present<T>(part: T | undefined): T {
  if (part !== undefined) return part;
  throw new ProtocolError("a report of a pool's worker ends too soon");
}

/** A result that cannot be read is a failure. True if its bytes are still needed. */
function readValue(
  micros: number,
  form: number,
  payload: Payload,
  events: WorkerEvents,
): boolean {
  let value: unknown;
  try {
    value = valueOf(form, payload);
  } catch (error) {
    events.onFailed(micros, error);
    return false;
  }
  events.onDone(micros, value, payload.length);
  return value instanceof Promise;
}

/** The same for a value of a stream. */
function readYield(form: number, payload: Payload, events: WorkerEvents): boolean {
  let value: unknown;
  try {
    value = valueOf(form, payload);
  } catch (error) {
    const failed = Promise.reject(error);
    failed.catch(() => {});
    events.onYield(failed);
    return false;
  }
  events.onYield(value);
  return value instanceof Promise;
}

/** A value that a worker has written. */
export function valueOf(form: number, payload: Payload): unknown {
  return form === Form.Payload
    ? loads(payload)
    : form === Form.Bytes
    ? ownBytes(payload)
    : form === Form.Buffer
    ? asBuffer(ownBytes(payload))
    : unpack(form, payload);
}
