/**
 * From the arguments of a call to a job that a pool works on.
 *
 * @module
 */
import { ApplyJob, type Callbacks } from "./apply_job.ts";
import {
  type ApplyArguments,
  asArguments,
  asBuffersize,
  asChunksize,
  asElements,
  asProgress,
  asTaskTimeout,
  type Control,
  type ImapArguments,
  type MapArguments,
  type Tellers,
} from "./call_arguments.ts";
import type { Engine } from "./engine.ts";
import { FunctionTable } from "./functions.ts";
import { ImapJob } from "./imap_job.ts";
import type { JobSettings } from "./job.ts";
import { MapJob } from "./map_job.ts";
import { Mode } from "./protocol.ts";
import { AsyncResult, MapResult } from "./results.ts";

/** The arguments of a call. */
type Call<T> = Readonly<T & { signal: AbortSignal | undefined }>;

/** See the file's head. */
export class Submitter {
  readonly #engine: Engine;
  /** Held by each job: a pool that is collected would be ended. */
  readonly #pool: object;
  readonly #isCopying: boolean;
  readonly #functions: FunctionTable;

  /** @param isCopying Whether the workers get copies of functions and arguments. */
  constructor(engine: Engine, pool: object, isCopying: boolean) {
    this.#engine = engine;
    this.#pool = pool;
    this.#isCopying = isCopying;
    this.#functions = new FunctionTable(isCopying);
  }

  /** A job of one call. @throws {ValueError} `Pool not running` */
  apply(call: Call<ApplyArguments & Partial<Tellers>>): AsyncResult<unknown> {
    const engine = this.#engine;
    engine.checkRunning();
    const settings = this.#settings(call, Mode.Apply);
    const args = asArguments(call, settings.func.name);
    const job = new ApplyJob(
      engine.newJob(),
      settings,
      engine,
      callbacksOf(call),
      args,
    );
    engine.submit(job, job.task);
    return new AsyncResult(job);
  }

  /** A job of a call for each element. @throws {ValueError} `Pool not running` */
  map(call: Call<MapArguments & Partial<Tellers>>, mode: Mode): MapResult<unknown> {
    const engine = this.#engine;
    engine.checkRunning();
    const elements = asElements(call.iterable);
    const chunksize = call.chunksize === null
      ? Math.ceil(elements.length / (4 * engine.workerCount))
      : asChunksize(call.chunksize, "<=");
    const job = new MapJob(
      engine.newJob(),
      this.#settings(call, mode),
      engine,
      callbacksOf(call),
      elements,
      chunksize,
    );
    engine.submit(job, job);
    return new MapResult(job);
  }

  /** The same, read as it goes. @throws {ValueError} `Pool not running` */
  imap(call: Call<ImapArguments>, isOrdered: boolean): ImapJob {
    const engine = this.#engine;
    engine.checkRunning();
    const plan = {
      chunksize: asChunksize(call.chunksize, "<"),
      buffersize: asBuffersize(call.buffersize),
      isOrdered,
      workers: engine.workerCount,
    };
    const job: ImapJob = new ImapJob(
      engine.newJob(),
      this.#settings(call, Mode.Map),
      engine,
      call.iterable,
      plan,
      () => engine.wake(job),
    );
    engine.submit(job, job);
    return job;
  }

  #settings(
    call: Control & { func: unknown; signal: AbortSignal | undefined },
    mode: Mode,
  ): JobSettings {
    return {
      pool: this.#pool,
      func: this.#functions.get(call.func),
      isCopying: this.#isCopying,
      mode,
      timeout: asTaskTimeout(call.timeout),
      signal: call.signal,
      progress: asProgress(call.progress),
    };
  }
}

/** The callbacks of a call that may have some. */
function callbacksOf<T>(call: Partial<Tellers>): Callbacks<T> {
  const { callback = null, error_callback = null } = call;
  return { callback, error_callback } as Callbacks<T>;
}
