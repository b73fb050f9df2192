/**
 * What a view remembers of the program since it was made: the last half minute for the page,
 * and a trace. It takes a snapshot after each look, whoever that was for.
 *
 * @module
 */
import { Pages, type PageServer, servePages } from "./server.ts";
import type { Snapshot } from "./snapshot.ts";
import { type Trace, TraceRecorder } from "./trace.ts";

/** Where it gets snapshots, each with what is new since the one before. */
export interface PastSource {
  /** Looks at the program. */
  snapshot(): Promise<Snapshot>;
  /** What the last look has found. */
  snapshotNow(): Snapshot;
  /** Those who hear of each look. */
  readonly onLook: Set<() => void>;
}

/** The past of the program, as a view shows it. */
export class Past {
  readonly #source: PastSource;
  readonly #recorder = new TraceRecorder();
  readonly #pages: Pages;
  readonly #onLook: () => void;
  #server: PageServer | undefined;

  /** @param interval Seconds between two looks. */
  constructor(source: PastSource, interval: number) {
    this.#source = source;
    this.#pages = new Pages({
      snapshot: async () => this.#recorded(await source.snapshot()),
      trace: () => Promise.resolve(this.trace()),
    }, interval);
    this.#onLook = () => this.#pages.add(this.#recorded(source.snapshotNow()));
    source.onLook.add(this.#onLook);
  }

  /** The address of the live page; null if it is not served. */
  get url(): string | null {
    return this.#server?.url ?? null;
  }

  /** Serves the live page. */
  async serve(port: number): Promise<void> {
    this.#server = await servePages(this.#pages, port);
  }

  /** The page of this instant, as one file. */
  page(): Promise<string> {
    return this.#pages.saved();
  }

  /** All that has happened since the view was made, as far as there was room for it. */
  trace(): Trace {
    return this.#recorder.toJSON();
  }

  /** Ends the server, and remembers nothing more. */
  close(): void {
    this.#source.onLook.delete(this.#onLook);
    this.#server?.close();
    this.#server = undefined;
  }

  #recorded(snapshot: Snapshot): Snapshot {
    this.#recorder.add(snapshot);
    return snapshot;
  }
}
