/**
 * The program of a pool's worker process, which is the child's side of a pool. Mirrors
 * `worker` of `multiprocessing/pool.py`. The parent's side of it is worker_process.ts.
 *
 * What differs: tasks come from the parent directly, several at a time if they are
 * short; each one is claimed before it begins, as its parent may have taken it back; and
 * each one's result is on its way before the next one begins.
 *
 * @module
 */
import { acceptClaims, acceptWords } from "../link/claim_files.ts";
import type { ClaimLog } from "../hub/claims.ts";
import { listenToParent, report } from "../link/control_channel.ts";
import { sources } from "../link/observed.ts";
import type { Target } from "../process/arguments.ts";
import { finishProcess } from "../link/exit.ts";
import { identity } from "../process/identity.ts";
import { parent_process } from "../process/parent.ts";
import { AssertionError, MaybeEncodingError } from "../python/errors.ts";
import { pythonTypeName, repr } from "../python/repr.ts";
import { debug } from "../python/util.ts";
import {
  dumpError,
  dumps,
  loads,
  PendingPayload,
  registerName,
} from "../reduction/mod.ts";
import { runtime } from "../runtime/mod.ts";
import { plainBytes, reuseBuffer } from "../wire/bytes.ts";
import type { Payload } from "../wire/message.ts";
import { Flow } from "./flow.ts";
import {
  bytesForm,
  Command,
  Form,
  Mode,
  pack,
  TASKS,
  Ticks,
  unpack,
  WorkerEvent,
} from "./protocol.ts";
import { type ReceivedTask, Runner, traced } from "./runner.ts";
import type { TaskFacts } from "./told_task.ts";

/**
 * Runs tasks until the pool has no more, or `maxtasks` of them.
 *
 * @param initializer Called first, with `initargs`; null for none.
 * @param maxtasks After so many tasks the process ends; null for never.
 * @param maxmemory It also ends after a task at whose end it holds more bytes than these.
 * @throws {AssertionError} `Maxtasks 0 is not valid`
 * @throws Whatever the initializer throws.
 */
export async function worker(
  initializer: Target | null = null,
  initargs: unknown[] = [],
  maxtasks: number | null = null,
  maxmemory: number = Infinity,
): Promise<void> {
  if (maxtasks !== null && !(Number.isInteger(maxtasks) && maxtasks >= 1)) {
    throw new AssertionError(`Maxtasks ${repr(maxtasks)} is not valid`);
  }
  try {
    if (initializer !== null) await initialize(initializer, initargs);
    const runner = new ProcessRunner(maxtasks ?? Infinity, maxmemory);
    sources.task = () => runner.current;
    const completed = await runner.run();
    if (runner.wasStopped && completed < (maxtasks ?? Infinity)) {
      debug("worker got sentinel -- exiting");
    }
    debug("worker exiting after %d tasks", completed);
  } finally {
    // A connection that the initializer has opened, say, shall not keep the process. By
    // the next turn the exit code has been set.
    runtime.nextTurn(() => void finishProcess().finally(() => runtime.exit()));
  }
}

registerName("pool:worker", worker);

async function initialize(initializer: Target, initargs: unknown[]): Promise<void> {
  try {
    await initializer(...initargs);
  } catch (error) {
    report([WorkerEvent.NotReady], [await dumpError(error)]);
    throw error;
  }
}

/** Runs what the parent sends, and reports to it. */
class ProcessRunner extends Runner {
  /** The log in which each task is claimed before it begins. */
  #claims: ClaimLog | undefined;
  readonly #maxmemory: number;
  /** The pool has said that no more tasks will come. */
  wasStopped = false;
  /** The error of a stream's value that could not be sent. */
  #unsent: unknown;
  /** Tasks that come now have been given back. */
  #isVoid = false;

  /** @param maxmemory With more bytes than these it ends after a task. */
  constructor(maxtasks: number, maxmemory: number) {
    super(maxtasks);
    this.#maxmemory = maxmemory;
  }

  /** Says that it is there, and runs tasks until there is nothing left to do. */
  run(): Promise<number> {
    const reader = new CommandReader({
      onTask: (task) => this.#isVoid ? this.skip() : this.push(task),
      onClaim: (first, second) => this.#openClaims([first, second]),
      onClaimQuicker: (path) => {
        if (this.#claims !== undefined) void acceptWords(this.#claims, path);
      },
      onClaimNoMore: () => void (this.#isVoid = false),
      onStop: () => {
        this.wasStopped = true;
        this.finish();
      },
    });
    // Before its first task, which may be here already.
    report([WorkerEvent.Ready], []);
    listenToParent((operands, items) => {
      reader.read(operands, items);
      this.wake();
    });
    // Without the parent no result is wanted.
    void parent_process()?._ended().then(() => this.quit());
    return this.end;
  }

  /** Claims what is begun from now on. What has been is beyond doubt. */
  #openClaims(paths: [string, string]): void {
    this.#claims = acceptClaims(paths);
    if (this.#claims?.advance(TASKS, this.nextTask) === undefined) this.#endClaims();
    else report([WorkerEvent.Claiming, 1], []);
  }

  #endClaims(): void {
    this.#claims?.close();
    this.#claims = undefined;
    this.#isVoid = true;
    this.dropAll();
    report([WorkerEvent.Claiming, 0], []);
  }

  protected override claim(number: number): number {
    if (this.#claims === undefined) return number;
    const mark = this.#claims.advance(TASKS, number + 1);
    if (mark === undefined) this.#endClaims();
    else if (mark > number) report([WorkerEvent.Free], []);
    return mark ?? Infinity;
  }

  protected override isFull(): boolean {
    if (this.#maxmemory === Infinity) return false;
    const isFull = runtime.residentBytes() > this.#maxmemory;
    if (isFull) report([WorkerEvent.Full], []);
    return isFull;
  }

  protected override tick(done: number): void {
    report([WorkerEvent.Tick, done], []);
  }

  protected override succeed(
    task: ReceivedTask,
    value: unknown,
  ): Promise<void> | undefined {
    if (typeof value === "number") { // of many short tasks, each part of this counts
      report([WorkerEvent.Done, this.elapsed(), Form.Operand, value], []);
      return undefined;
    }
    try {
      const isList = task.mode === Mode.Map || task.mode === Mode.Starmap;
      const pending = this.#tell(WorkerEvent.Done, value, isList);
      return pending?.catch((error) => this.#sendError(encodingError(error, value)));
    } catch (error) {
      return this.#sendError(encodingError(error, value));
    }
  }

  protected override give(value: unknown): Promise<void> | undefined {
    const fail = (error: unknown): never => {
      throw this.#unsent = encodingError(error, value);
    };
    try {
      return this.#tell(WorkerEvent.Yield, value, false)?.catch(fail);
    } catch (error) {
      return fail(error);
    }
  }

  #head(event: number): number[] {
    return event === WorkerEvent.Done ? [event, this.elapsed()] : [event];
  }

  /** Reports a value with its event. @throws what {@linkcode dumps} throws, also later */
  #tell(event: number, value: unknown, isList: boolean): Promise<void> | undefined {
    if (typeof value === "number") {
      report([...this.#head(event), Form.Operand, value], []);
      return undefined;
    }
    const form = typeof value === "object" ? bytesForm(value) : undefined;
    if (form !== undefined) { // as they are: they are in the pipe before they can change
      const bytes = plainBytes(value as Uint8Array);
      report([...this.#head(event), form], [bytes]);
      return undefined;
    }
    if (isList) {
      const packed = pack(value as unknown[]);
      if (packed !== undefined) {
        // Not `#tellPayload`: the bytes may be the user's.
        report([...this.#head(event), packed.form], [packed.bytes]);
        return undefined;
      }
    }
    const payload = dumps(value ?? null);
    if (payload instanceof PendingPayload) {
      return payload.resolve().then((payload) => this.#tellPayload(event, payload));
    }
    this.#tellPayload(event, payload);
    return undefined;
  }

  #tellPayload(event: number, payload: Payload): void {
    report([...this.#head(event), Form.Payload], [payload]);
    reuseBuffer(payload); // it is in the pipe
  }

  protected override fail(error: unknown): Promise<void> | undefined {
    return this.#sendError(error, error !== this.#unsent);
  }

  #sendError(error: unknown, hasStack = false): Promise<void> | undefined {
    const send = (payload: Payload) =>
      report([WorkerEvent.Failed, this.elapsed(), Number(hasStack)], [payload]);
    const payload = dumpError(error, encodingError);
    if (payload instanceof Promise) return payload.then(send);
    send(payload);
    return undefined;
  }
}

/** What is told of a result, or an error, that cannot be sent. */
export function encodingError(reason: unknown, value: unknown): MaybeEncodingError {
  const isGenerator = GENERATORS.has(pythonTypeName(value)) &&
    reason instanceof TypeError;
  const told = isGenerator ? new TypeError(reason.message + STREAM_CURE) : reason;
  const wrapped = new MaybeEncodingError(told, value);
  debug("Possible encoding error while sending result: %s", wrapped);
  return wrapped;
}

const GENERATORS = new Set(["generator", "async_generator"]);
const STREAM_CURE = ": the pool's `stream` gives the values of a generator";

// --- reading

export interface CommandHandlers {
  readonly onTask: (task: ReceivedTask) => void;
  onClaim(first: string, second: string): void;
  onClaimQuicker(path: string): void;
  onClaimNoMore(): void;
  onStop(): void;
}

/** Reads what the pool sends to this worker. */
export class CommandReader {
  readonly #events: CommandHandlers;
  /** The functions by their numbers, until the pool lets go of them. */
  readonly #functions = new Map<number, unknown>();
  /** What is told of the next task; undefined if nobody listens. */
  #told: TaskFacts | undefined;
  /** The last stream: there is no other task beside it. */
  #stream: number | undefined;
  #flow: Flow | undefined;

  constructor(events: CommandHandlers) {
    this.#events = events;
  }

  read(operands: readonly number[], items: readonly Payload[]): void {
    let at = 0;
    let item = 0;
    while (at < operands.length) {
      switch (operands[at++]) {
        case Command.Define:
          this.#define(operands[at++]!, load(items[item++]!));
          break;
        case Command.Forget:
          this.#functions.delete(operands[at++]!);
          break;
        case Command.Task: {
          const func = this.#functions.get(operands[at++]!);
          const mode = operands[at++] as Mode;
          const values = loadList(operands[at++]!, items[item++]!);
          const ticks = operands[at++] as Ticks;
          this.#hand({ func, mode, ticks, isSingle: false, values });
          break;
        }
        case Command.Stream: {
          const func = this.#functions.get(operands[at++]!);
          const values = loadList(operands[at++]!, items[item++]!);
          this.#stream = operands[at++];
          const flow = this.#flow = new Flow(operands[at++]!);
          // That its module is there is told: then the first value's time begins.
          const task = { func, mode: Mode.Stream, ticks: Ticks.Always, values, flow };
          this.#hand({ ...task, isSingle: false });
          break;
        }
        case Command.Grant: {
          const isIt = operands[at++] === this.#stream;
          const count = operands[at++]!;
          if (isIt) this.#flow?.grant(count);
          break;
        }
        case Command.Leave:
          if (operands[at++] === this.#stream) this.#flow?.leave();
          break;
        case Command.Run: {
          const func = this.#functions.get(operands[at++]!);
          const form = operands[at++]!;
          const count = operands[at++]!;
          const values = form === Form.Operand
            ? [operands[at++]]
            : loadList(form, items[item++]!);
          this.#run(func, values, count);
          break;
        }
        case Command.Claim:
          this.#events.onClaim(text(items[item++]!), text(items[item++]!));
          break;
        case Command.ClaimQuicker:
          this.#events.onClaimQuicker(text(items[item++]!));
          break;
        case Command.ClaimNoMore:
          this.#events.onClaimNoMore();
          break;
        case Command.Told:
          this.#told = JSON.parse(text(items[item++]!));
          break;
        case Command.Stop:
          this.#events.onStop();
      }
    }
    if (importing === 0) items.forEach(reuseBuffer);
  }

  #hand(task: ReceivedTask): void {
    const told = this.#told;
    if (told === undefined) return this.#events.onTask(task);
    this.#told = undefined;
    const place = { worker: identity.current.name, pid: runtime.pid };
    this.#events.onTask(traced(task, { ...told, ...place }));
  }

  /** A function whose module is being loaded is at hand for all tasks after that. */
  #define(id: number, func: unknown): void {
    this.#functions.set(id, func);
    if (!(func instanceof Promise)) return;
    const define = (loaded: unknown) => {
      if (this.#functions.get(id) === func) this.#functions.set(id, loaded);
    };
    func.then(define, () => {}); // its tasks tell that it cannot be loaded
  }

  #run(func: unknown, values: unknown, count: number): void {
    const { onTask } = this.#events;
    const hand = this.#told === undefined ? onTask : this.#hand.bind(this);
    for (let i = 0; i < count; i++) {
      hand({
        func,
        mode: Mode.Apply,
        ticks: Ticks.Never,
        isSingle: true,
        values: Array.isArray(values) ? values[i] : values,
      });
    }
  }
}

const DECODER = new TextDecoder();

function text(bytes: Payload): string {
  return DECODER.decode(bytes);
}

/** A list, as {@linkcode pack} or `dumps` has written it. */
export function loadList(form: number, payload: Payload): unknown {
  return form === Form.Payload ? load(payload) : unpack(form, payload);
}

/** The number of values whose modules are being loaded: their bytes are still needed. */
let importing = 0;

/** A pool may have its workers load any module, as any parent may. */
export function load(payload: Payload): unknown {
  try {
    const value = loads(payload, { fromParent: true });
    if (!(value instanceof Promise)) return value;
    // A module that starts processes when it is loaded lacks its main guard.
    importing++;
    identity.isBootstrapping = true;
    const end = () => void (identity.isBootstrapping = --importing > 0);
    // It is awaited when the task's turn comes; that it fails is no news before that.
    value.then(end, end);
    return value;
  } catch (error) {
    const failed = Promise.reject(error);
    failed.catch(() => {});
    return failed;
  }
}
