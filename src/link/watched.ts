/**
 * The root's side of observation: what it has children report, and hands to who looks. The
 * other side is observed.ts.
 *
 * @module
 */
import type { HubDescription } from "../hub/description.ts";
import type { Hub } from "../hub/hub.ts";
import { runtime } from "../runtime/mod.ts";
import { readDumpRequest, readRequests, type Requests } from "../runtime/switches.ts";
import { observeEarly } from "./early.ts";
import { complain } from "./exit.ts";
import { Kind, type Payload, type Seen, type ToPeer } from "../wire/message.ts";
import type { RootEnd } from "./root_end.ts";

/** How children are observed. */
export interface WatchOptions {
  /** Milliseconds between two reports of a process. */
  readonly interval: number;
  /** Whether they may tell arguments of tasks. */
  readonly args: boolean;
}

/** Hears of what happens. */
export interface Watcher {
  /** A process has reported: bytes that are nobody's else. */
  seen(process: number, report: Payload): void;
  /** A process has ended. */
  ended(process: number): void;
  /** A process has printed something; the bytes are valid until this returns. */
  printed(process: number, stream: "stdout" | "stderr", bytes: Uint8Array): void;
}

/** A child, as the root knows it. */
export interface ChildEntry {
  readonly number: number;
  readonly pid: number;
  readonly name: string;
  /** The name of its host; null for this one. */
  readonly host: string | null;
  readonly isReady: boolean;
  /** Whether it was told to report, and when. */
  readonly askedAt: number | undefined;
  /** When it was started, on the runtime's clock. */
  readonly startedAt: number;
}

/** What there is to be watched: the root of this program. */
export class Watching {
  readonly #hub: Hub;
  readonly #links: ReadonlyMap<number, RootEnd>;
  #watcher: Watcher | undefined;
  #options: WatchOptions = { interval: 0, args: false };
  readonly #asked = new Map<number, number>();

  constructor(hub: Hub, links: ReadonlyMap<number, RootEnd>) {
    this.#hub = hub;
    this.#links = links;
  }

  // --- for who looks

  /** Has all children report from now on, those included that will be started. */
  watch(watcher: Watcher, options: WatchOptions): void {
    this.#watcher = watcher;
    this.#options = options;
    for (const [process, link] of this.#links) this.#ask(process, link);
  }

  /** Nobody looks any more. */
  unwatch(): void {
    this.#watcher = undefined;
    this.#options = { interval: 0, args: false };
    for (const [process, link] of this.#links) {
      if (this.#asked.has(process)) this.#ask(process, link);
    }
    this.#asked.clear();
  }

  /** All shared objects, and which process is whose child. */
  describe(): HubDescription {
    return this.#hub.describe();
  }

  *children(): Generator<ChildEntry> {
    for (const [number, link] of this.#links) {
      const { pid, name, isReady, startedAt } = link;
      const host = link.hosted?.host.name ?? null;
      const askedAt = this.#asked.get(number);
      yield { number, pid, name, host, isReady, askedAt, startedAt };
    }
  }

  // --- for the root

  /** A process has its number: what follows is its work. */
  started(process: number, link: RootEnd): void {
    if (this.#watcher !== undefined) this.#ask(process, link);
  }

  #ask(process: number, link: RootEnd): void {
    const { interval, args } = this.#options;
    this.#asked.set(process, runtime.now());
    link.send([Kind.Observe, interval, Number(args)] as unknown as ToPeer);
    link.flush();
  }

  ended(process: number): void {
    this.#asked.delete(process);
    this.#watcher?.ended(process);
  }

  /** A process has reported. Who was not asked is not listened to. */
  seen(process: number, [, report]: Seen): void {
    this.#watcher?.seen(process, report);
  }

  /** A process has printed something, which is given back. */
  printed(
    process: number,
    stream: "stdout" | "stderr",
    bytes: Uint8Array,
  ): Uint8Array {
    this.#watcher?.printed(process, stream, bytes);
    return bytes;
  }
}

/** Milliseconds between reports, until it is known who watches. */
const INTERVAL = 500;

let watching: Watching | undefined;
let loadRequests: (() => Promise<Serving>) | undefined;

/** What does what the environment asks for: inspect/requests.ts. */
interface Serving {
  serveRequests(requests: Requests): Promise<void>;
  /** Writes what the program does to the end of a file, or to stderr. */
  writeDump(file: string | null): Promise<void>;
}

/** Sets how the module is loaded that does what the environment asks for. */
export function setRequestsLoader(load: () => Promise<Serving>): void {
  loadRequests = load;
}

/**
 * In the root, at the program's beginning: listens to SIGUSR2 if the environment asks for
 * that. Nothing is observed before the signal comes.
 */
export function listenForDumps(): void {
  const request = readDumpRequest();
  if (request === null) return;
  const write = async () => (await loadRequests?.())?.writeDump(request.file);
  try {
    runtime.onSignal("SIGUSR2", () => void write().catch(() => {}));
  } catch {
    // there is no such signal
  }
}

/** Sets what there is to be watched, and begins if the environment asks for it. */
export function setWatching(to: Watching): void {
  watching = to;
  const requests = readRequests();
  if (requests === undefined || loadRequests === undefined) return;
  // Children report from their beginning on, and what happens here meanwhile is noted.
  const nobody = { seen() {}, ended() {}, printed() {} };
  to.watch(nobody, { interval: INTERVAL, args: true });
  observeEarly();
  void loadRequests().then((serving) => serving.serveRequests(requests)).catch(
    (error) => {
      complain(`what the environment asks for cannot be shown: ${error}\n`);
    },
  );
}

/** What there is to be watched; undefined in a child, and before the root is used. */
export function currentWatching(): Watching | undefined {
  return watching;
}
