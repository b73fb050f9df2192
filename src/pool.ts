/**
 * Mirrors `multiprocessing/pool.py`: `Pool`, `ThreadPool`, and what their methods return.
 *
 * ```
 *  apply, map, imap ─► Job ─ tasks ─► Scheduler ─► WorkerLink ─► process or thread
 *         ▲             ▲                              │
 *    AsyncResult        │                              │
 *    IMapIterator ◄─────┴─── Engine ─ Workers ◄────────┘ WorkerEvents
 *
 *  process:  CommandWriter ─ Tell ─► hub ─► CommandReader ─► Runner
 *               readEvents ◄─ hub ◄─ Report ─────────────────┘
 * ```
 *
 * What differs: blocking calls are awaited. A worker that dies fails the one task that it
 * had begun, with `WorkerLostError`, and is replaced. An initializer that keeps failing
 * fails the pool. A callback's error is reported on stderr, and the result still arrives.
 * Leaving the pool's block rejects the pending results. `imap` reads its input lazily.
 * Every call takes `timeout` and `signal`, which end a running task. A pool may have as many
 * workers as its tasks need (`min`, `max`, `idle`), and workers that hold too much memory make
 * room (`maxmemory`). `stream` gives the values of a generator in a worker. The threads of a
 * `ThreadPool` are asynchronous functions of this process.
 *
 * The parent's side is `pool/engine.ts` (the pool's state and its jobs), `pool/workers.ts`
 * (its workers) and `pool/worker_process.ts`; the child's is `pool/worker_main.ts`.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export { MaybeEncodingError, RemoteTraceback } from "./python/errors.ts";
export type { AllButLast, Last } from "./process/arguments.ts";
export type {
  ApplyAsyncOptions,
  ApplyOptions,
  CallOptions,
  Delivered,
  ImapOptions,
  MapAsyncOptions,
  MapOptions,
  PoolContext,
  PoolOptions,
  PoolSizeOptions,
  Streamed,
  StreamedBy,
  StreamOptions,
  ThreadPoolOptions,
} from "./pool/arguments.ts";
export { CLOSE, INIT, type PoolState, RUN, TERMINATE } from "./pool/engine.ts";
export type { HistogramStats } from "./pool/histogram.ts";
export type { Input } from "./pool/input.ts";
export type { JobOptions, Progress } from "./pool/job.ts";
export {
  Pool,
  type PoolClass,
  type PoolConstructor,
  ThreadPool,
  type ThreadPoolClass,
  type ThreadPoolConstructor,
} from "./pool/pool.ts";
export type { BasePool } from "./pool/base_pool.ts";
export type {
  PoolStats,
  PoolStatsOptions,
  PoolWorkerStats,
  RunningTask,
} from "./pool/stats.ts";
export type {
  LostMessage,
  TaskFacts,
  TaskMessage,
  WorkerPlace,
} from "./pool/told_task.ts";
export type { WorkerThread } from "./pool/worker_thread.ts";
export type { PoolWorker, WorkerProcess } from "./pool/worker_link.ts";
export {
  AsyncResult,
  AsyncResult as ApplyResult,
  IMapIterator,
  IMapUnorderedIterator,
  MapResult,
  type ResultOptions,
  StreamIterator,
} from "./pool/results.ts";
