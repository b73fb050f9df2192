/**
 * The server of a `SharedMemoryManager`, which keeps segments of shared memory until its
 * end; and what the manager itself needs besides. Loaded when a manager of the kind is used:
 * other managers need nothing of it.
 *
 * Mirrors `SharedMemoryServer` and `_SharedMemoryTracker` of `multiprocessing/managers.py`.
 * What differs: a segment that another process has unlinked is no error; the server ends with
 * the process that has started it, however that ends; and if the server is killed, its
 * program's root removes the segments.
 *
 * @module
 */
import { identity } from "../process/identity.ts";
import { parent_process } from "../process/parent.ts";
import {
  parseArguments,
  pythonTypeName,
  REQUIRED,
  signature,
} from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import { debug } from "../python/util.ts";
import { runtime } from "../runtime/mod.ts";
import { outliveParent } from "../runtime/orphan.ts";
import type { SocketServer } from "../runtime/sockets.ts";
import { keepSegment, removeKeptSegment } from "../shared_memory/segments.ts";
import { Server, type ServerOptions } from "./server.ts";

export { ShareableList } from "../shared_memory/shareable_list.ts";
export { unregister } from "../shared_memory/segments.ts";
export { SharedMemory } from "../shared_memory/shared_memory.ts";

/** The segments that a server keeps, in the order in which they came. */
export class SegmentTracker {
  /** The numbers of their files, by their names. */
  readonly #numbers = new Map<string, number | undefined>();
  #isOver = false;

  /** The names. */
  get names(): string[] {
    return [...this.#numbers.keys()];
  }

  /**
   * Keeps a segment from now on.
   *
   * @throws {OSError} if it can be no segment
   * @throws {ValueError} if the server is ending
   */
  register(name: string): void {
    if (this.#isOver) throw new ValueError("the server is ending");
    debug("Register segment %r in pid %d", name, runtime.pid);
    this.#numbers.set(name, keepSegment(name));
  }

  /** Unlinks a segment, and forgets it. @throws {ValueError} if it is not kept */
  destroy(name: string): void {
    if (!this.#numbers.has(name)) throw new ValueError("list.remove(x): x not in list");
    debug("Destroy segment %r in pid %d", name, runtime.pid);
    const number = this.#numbers.get(name);
    this.#numbers.delete(name);
    removeKeptSegment(name, number);
  }

  /** Unlinks all, and keeps no more. One that cannot be unlinked keeps none of the others. */
  end(): void {
    this.#isOver = true;
    for (const name of this.names) {
      try {
        this.destroy(name);
      } catch (error) {
        debug("segment %r is left: %s", name, error);
      }
    }
  }
}

const TRACK = signature<{ segment_name: unknown }>(
  "SharedMemoryServer.track_segment",
  { segment_name: REQUIRED },
);
const RELEASE = signature<{ segment_name: unknown }>(
  "SharedMemoryServer.release_segment",
  { segment_name: REQUIRED },
);

/** A name out of a request. */
function asName(name: unknown): string {
  if (typeof name === "string") return name;
  const type = pythonTypeName(name);
  throw new TypeError(`can only concatenate str (not "${type}") to str`);
}

/** The server of a `SharedMemoryManager`. CPython: `multiprocessing.managers.SharedMemoryServer`. */
export class SharedMemoryServer extends Server {
  readonly #tracker: SegmentTracker;
  /** Ends the watch of the process that has started this one. */
  readonly #watch = new AbortController();
  #isWatching = false;

  /** Stored by `listen`; see {@linkcode Server}. */
  constructor(listening: SocketServer, options: ServerOptions) {
    const tracker = new SegmentTracker();
    super(
      listening,
      options,
      new Map<string, (args: readonly unknown[]) => unknown>([
        ["track_segment", (args) => {
          tracker.register(asName(parseArguments(TRACK, [...args]).segment_name));
          this.#watchParent();
          return null;
        }],
        ["release_segment", (args) => {
          tracker.destroy(asName(parseArguments(RELEASE, [...args]).segment_name));
          return null;
        }],
        ["list_segments", () => tracker.names],
      ]),
    );
    this.#tracker = tracker;
    debug("SharedMemoryServer started by pid %d", runtime.pid);
  }

  /** Stops listening, and unlinks all segments. */
  override close(): void {
    this.#watch.abort();
    this.#tracker.end();
    super.close();
  }

  /**
   * From the first segment on, the process has something to do when its parent has died:
   * it ends as if it had been told to, which a process that is killed by the system cannot.
   */
  #watchParent(): void {
    const parent = parent_process();
    if (this.#isWatching || identity.parent === null || parent === null) return;
    this.#isWatching = true;
    outliveParent();
    parent.join({ signal: this.#watch.signal }).then(() => this.stop(), () => {});
  }
}
