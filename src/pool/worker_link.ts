/**
 * A worker as its pool sees it. Types only: a worker need not be a process.
 *
 * @module
 */
import type { Payload } from "../wire/message.ts";

/** What a worker's pool hears of it. */
export interface WorkerEvents {
  /** What it reports; see protocol.ts. */
  onReport(heads: readonly number[], items: readonly Payload[]): void;
  /** It has ended, or could not be started for the reason given. The last event. */
  onEnd(reason?: unknown): void;
}

/** See the file's head. */
export interface WorkerLink {
  /** What users see of it: a Process. */
  readonly process: WorkerProcess;
  /** The last lines that it wrote to stderr, once it has ended. */
  readonly lastWords: string;
  /** Whether it has ended. */
  readonly hasEnded: boolean;
  /** Tells it something; see protocol.ts. */
  tell(heads: number[], items: Payload[]): void;
}

/** What a pool asks of a process. */
export interface WorkerProcess {
  name: string;
  daemon: boolean;
  readonly pid: number | null;
  readonly exitcode: number | null;
  // deno-lint-ignore no-explicit-any -- a class of the user's may return what it likes
  start(): any;
  terminate(): void;
  kill(): void;
  // deno-lint-ignore no-explicit-any -- as above
  join(): any;
}
