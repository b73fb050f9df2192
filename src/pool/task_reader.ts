/**
 * A worker's reading of what its pool tells it.
 *
 * @module
 */
import { identity } from "../process/identity.ts";
import { loads } from "../reduction/mod.ts";
import { reuseBuffer } from "../wire/bytes.ts";
import type { Payload } from "../wire/message.ts";
import { unpack } from "./packing.ts";
import { Form, Mode, Ticks, Told } from "./protocol.ts";
import type { Received } from "./runner.ts";

/** Gets what was read. */
export interface TaskReaderEvents {
  onTask(task: Received): void;
  onClaim(first: string, second: string): void;
  onClaimNoMore(): void;
  onStop(): void;
}

/** See the file's head. */
export class TaskReader {
  readonly #events: TaskReaderEvents;
  /** The functions by their numbers, until the pool lets go of them. */
  readonly #functions = new Map<number, unknown>();

  constructor(events: TaskReaderEvents) {
    this.#events = events;
  }

  /** Reads a message. */
  read(heads: readonly number[], items: readonly Payload[]): void {
    let at = 0;
    let item = 0;
    while (at < heads.length) {
      switch (heads[at++]) {
        case Told.Define:
          this.#define(heads[at++]!, load(items[item++]!));
          break;
        case Told.Forget:
          this.#functions.delete(heads[at++]!);
          break;
        case Told.Task: {
          const func = this.#functions.get(heads[at++]!);
          const mode = heads[at++] as Mode;
          const values = loadList(heads[at++]!, items[item++]!);
          const ticks = heads[at++] as Ticks;
          this.#events.onTask({ func, mode, ticks, isSingle: false, values });
          break;
        }
        case Told.Run: {
          const func = this.#functions.get(heads[at++]!);
          const form = heads[at++]!;
          const count = heads[at++]!;
          const values = form === Form.Head
            ? [heads[at++]]
            : loadList(form, items[item++]!);
          this.#run(func, values, count);
          break;
        }
        case Told.Claim:
          this.#events.onClaim(text(items[item++]!), text(items[item++]!));
          break;
        case Told.ClaimNoMore:
          this.#events.onClaimNoMore();
          break;
        case Told.Stop:
          this.#events.onStop();
      }
    }
    if (importing === 0) items.forEach(reuseBuffer);
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
    for (let i = 0; i < count; i++) {
      this.#events.onTask({
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

function loadList(form: number, payload: Payload): unknown {
  return form === Form.Payload ? load(payload) : unpack(form, payload);
}

/** How many values are being loaded that want modules: their bytes are still needed. */
let importing = 0;

/** A pool may have its workers load any module, as whoever starts a process may. */
function load(payload: Payload): unknown {
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
