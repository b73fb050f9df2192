/**
 * From the arguments of a pool's method to a job that the pool has taken.
 *
 * @module
 */
import {
  type ApplyArguments,
  asArguments,
  asBuffersize,
  asChunksize,
  asElements,
  asProgress,
  asTaskTimeout,
  type CallArguments,
  type CallbackArguments,
  type ImapArguments,
  type MapArguments,
  type StreamArguments,
} from "./arguments.ts";
import type { Engine } from "./engine.ts";
import { ImapJob } from "./imap_job.ts";
import { FunctionTable, type JobSettings } from "./job.ts";
import { Mode } from "./protocol.ts";
import { ApplyJob, MapJob } from "./result_jobs.ts";
import { StreamJob } from "./stream_job.ts";

/** The arguments of a call, with the signal that every call may be given. */
export type Call<T> = Readonly<T & { signal: AbortSignal | undefined }>;

/** The arguments of a call that may call back. */
export type AsyncCall<T> = Call<T & Partial<CallbackArguments>>;

/** All methods of a pool that submit something. @throws {ValueError} `Pool not running` */
export class Calls {
  readonly #engine: Engine;
  /** Whether the workers get copies of functions and arguments. */
  readonly #isCopying: boolean;
  readonly #functions: FunctionTable;

  constructor(engine: Engine, isCopying: boolean) {
    this.#engine = engine;
    this.#isCopying = isCopying;
    this.#functions = new FunctionTable(isCopying);
  }

  apply(pool: object, call: AsyncCall<ApplyArguments>): ApplyJob<unknown> {
    const engine = this.#engine;
    engine.checkRunning();
    const settings = this.#settings(pool, call, Mode.Apply);
    const job = new ApplyJob(settings, asArguments(call, settings.func.name));
    engine.submit(job, job.task);
    return job;
  }

  stream(pool: object, call: Call<StreamArguments>): StreamJob {
    const engine = this.#engine;
    engine.checkRunning();
    const buffersize = asBuffersize(call.buffersize);
    const settings = this.#settings(pool, call, Mode.Stream);
    const args = asArguments(call, settings.func.name);
    const job = new StreamJob(settings, args, buffersize);
    engine.submit(job, job.task);
    return job;
  }

  map(pool: object, call: AsyncCall<MapArguments>, mode: Mode): MapJob<unknown> {
    const engine = this.#engine;
    engine.checkRunning();
    const elements = asElements(call.iterable);
    const chunksize = call.chunksize === null
      ? Math.ceil(elements.length / (4 * engine.workerCount))
      : asChunksize(call.chunksize, "<=");
    const job = new MapJob(this.#settings(pool, call, mode), elements, chunksize);
    engine.submit(job, job);
    return job;
  }

  imap(pool: object, call: Call<ImapArguments>, isOrdered: boolean): ImapJob {
    const engine = this.#engine;
    engine.checkRunning();
    const plan = {
      chunksize: asChunksize(call.chunksize, "<"),
      buffersize: asBuffersize(call.buffersize),
      isOrdered,
      workers: engine.workerCount,
    };
    const job = new ImapJob(this.#settings(pool, call, Mode.Map), call.iterable, plan);
    engine.submit(job, job);
    return job;
  }

  #settings(pool: object, call: AsyncCall<CallArguments>, mode: Mode): JobSettings {
    const { callback = null, error_callback = null } = call;
    return {
      id: this.#engine.newJob(),
      owner: this.#engine,
      pool,
      func: this.#functions.get(call.func),
      isCopying: this.#isCopying,
      mode,
      timeout: asTaskTimeout(call.timeout),
      signal: call.signal,
      progress: asProgress(call.progress),
      callback: callback as JobSettings["callback"],
      error_callback: error_callback as JobSettings["error_callback"],
    };
  }
}
