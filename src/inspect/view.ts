/**
 * What `inspect()` gives, and how a program is looked at once.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";
import {
  type Cursor,
  isObserved,
  openSession,
  type Session,
  type SessionOptions,
} from "./session.ts";
import { LONGEST, type ParsedOptions } from "./options.ts";
import type { TellDeadlock } from "./alarms.ts";
import type { Past } from "./past.ts";
import type { Trace } from "./trace.ts";
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
  /** The page as it is now, as the text of one HTML file that needs no server. */
  page(): Promise<string>;
  /**
   * What was seen since the view was made, for viewers of Chrome's traces such as Perfetto:
   * `JSON.stringify` makes a file of it.
   */
  trace(): Promise<Trace>;
  /** Ends it: nothing is observed any more, unless something else does. May be called again. */
  close(): Promise<void>;
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Seconds between two looks for deadlocks, at most. */
const SCAN = 0.5;

/** Milliseconds that one look gives processes to report. */
const PATIENCE = 500;

/** Seconds between reports during one look. */
const QUICK = 0.02;

/** A view as it works. */
export class OpenView implements View {
  readonly #session: Session;
  readonly #end: () => void;
  readonly #options: ParsedOptions;
  readonly #cursor: Cursor;
  #past: Past | undefined;
  readonly #onClose: (() => void)[] = [];
  #isClosed = false;

  constructor(options: ParsedOptions) {
    const { interval, onDeadlock } = options;
    [this.#session, this.#end] = openSession({
      ...options,
      interval: onDeadlock === null ? interval : Math.min(interval, SCAN),
    });
    this.#options = options;
    this.#cursor = this.#session.cursor();
  }

  /**
   * @throws {RuntimeError} in a child
   * @throws what `startServer` throws
   */
  static async open(options: ParsedOptions): Promise<OpenView> {
    const view = new OpenView(options);
    const { onDeadlock, signal } = options;
    if (onDeadlock !== null) view.#tellDeadlocks(onDeadlock);
    view.#onClose.push(view.#session.dumpOnSignal());
    signal?.addEventListener("abort", () => void view.close(), { once: true });
    try {
      const { Past } = await import("./past.ts");
      if (!view.#isClosed) await view.#remember(Past);
      return view;
    } catch (error) {
      await view.close();
      throw error;
    }
  }

  async #remember(Kind: typeof Past): Promise<void> {
    const [session, cursor] = [this.#session, this.#session.cursor()];
    const { page, port, interval } = this.#options;
    const past = new Kind({
      snapshot: async () => shownTo(this.#options, await session.snapshot(cursor)),
      snapshotNow: () => shownTo(this.#options, session.snapshotNow(cursor)),
      onLook: session.onLook,
    }, interval);
    this.#past = past;
    this.#onClose.push(() => past.close());
    if (page) await past.serve(port);
    if (this.#isClosed) past.close();
  }

  get url(): string | null {
    return this.#past?.url ?? null;
  }

  #tellDeadlocks(onDeadlock: TellDeadlock): void {
    const tell: TellDeadlock = (deadlock, snapshot) =>
      onDeadlock(deadlock, shownTo(this.#options, snapshot));
    this.#session.guard.listeners.add(tell);
    this.#onClose.push(() => this.#session.guard.listeners.delete(tell));
  }

  async snapshot(): Promise<Snapshot> {
    return shownTo(this.#options, await this.#session.snapshot(this.#cursor));
  }

  page(): Promise<string> {
    return this.#past!.page();
  }

  trace(): Promise<Trace> {
    return Promise.resolve(this.#past!.trace());
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const end of this.#onClose) end();
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
  // Others who look have what all say already, and are to look as often as they do.
  const interval = isObserved() ? LONGEST : QUICK;
  const [session, end] = openSession({ interval, args: true, logs: false });
  try {
    const cursor = session.cursor();
    await session.whenHeard(PATIENCE);
    return await session.snapshot(cursor);
  } finally {
    end();
  }
}

/** One look as text, for terminals. */
export async function dumpOnce(): Promise<string> {
  const [{ textOf }, seen] = await Promise.all([import("./text.ts"), lookOnce()]);
  return textOf(seen);
}
