/**
 * What `inspect()` gives, and how a program is looked at once.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";
import {
  type Cursor,
  openSession,
  type Session,
  type SessionOptions,
} from "./session.ts";
import type { ParsedOptions } from "./options.ts";
import type { Deadlock, Snapshot } from "./snapshot.ts";

/** Options of {@linkcode View}s. */
export interface InspectOptions {
  /** The port of the page; 0, the default, for any that is free. */
  port?: number;
  /** Whether there is a page; true by default. */
  page?: boolean;
  /** Whether arguments of tasks are shown; true by default. */
  args?: boolean;
  /** Whether what processes print is shown; true by default. */
  logs?: boolean;
  /** Seconds between two looks; 0.5 by default. */
  interval?: number;
  /** Is called once for each deadlock that is found. */
  onDeadlock?: (deadlock: Deadlock, snapshot: Snapshot) => void;
  /** Ends it. */
  signal?: AbortSignal;
}

/** A look at the program that goes on until it is closed. */
export interface View {
  /** The address of the page; null without one. */
  readonly url: string | null;
  /**
   * What the program looks like now. Lines that were printed and tasks that have ended are
   * those since the view was made, or since this was called last.
   */
  snapshot(): Promise<Snapshot>;
  /** Ends it: nothing is observed any more, unless something else does. May be called again. */
  close(): Promise<void>;
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Milliseconds that one look gives processes to report. */
const PATIENCE = 500;

/** Seconds between reports during one look. */
const QUICK = 0.02;

/** A view as it works. */
export class OpenView implements View {
  readonly url: string | null = null;
  readonly #session: Session;
  readonly #end: () => void;
  readonly #cursor: Cursor;
  readonly #options: SessionOptions;
  #isClosed = false;

  /** @throws {RuntimeError} in a child */
  constructor(options: SessionOptions) {
    [this.#session, this.#end] = openSession(options);
    this.#options = options;
    this.#cursor = this.#session.cursor();
  }

  static open({ args, logs, interval, signal }: ParsedOptions): OpenView {
    const view = new OpenView({ args, logs, interval });
    signal?.addEventListener("abort", () => void view.close(), { once: true });
    return view;
  }

  async snapshot(): Promise<Snapshot> {
    return shownTo(this.#options, await this.#session.snapshot(this.#cursor));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end();
    await new Promise<void>((resolve) => runtime.nextTurn(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A snapshot without what was not asked for: another one who looks may have asked for it. */
function shownTo({ args, logs }: SessionOptions, snapshot: Snapshot): Snapshot {
  if (args && logs) return snapshot;
  const processes = args ? snapshot.processes : snapshot.processes.map((process) => ({
    ...process,
    tasks: process.tasks.map((task) => ({ ...task, args: null })),
  }));
  return { ...snapshot, processes, output: logs ? snapshot.output : [] };
}

/** One look. Where nobody has looked before, the lines that wait may not be known. */
export async function lookOnce(): Promise<Snapshot> {
  const [session, end] = openSession({ interval: QUICK, args: true, logs: false });
  try {
    const cursor = session.cursor();
    await session.whenHeard(PATIENCE);
    return await session.snapshot(cursor);
  } finally {
    end();
  }
}
