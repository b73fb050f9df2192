/**
 * A pool's reading of what a worker process reports: the other end of `worker.ts`.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { loadError, loads } from "../reduction/mod.ts";
import { ownBytes, reuseBuffer } from "../wire/bytes.ts";
import type { Payload } from "../wire/message.ts";
import { unpack } from "./packing.ts";
import { Form, Reported } from "./protocol.ts";
import type { WorkerEvents } from "./worker_link.ts";

/**
 * Tells of all that a message says. The items belong to the events' receiver, or to nobody.
 *
 * @throws {ProtocolError} if no worker says such a thing
 */
export function readReport(
  heads: readonly number[],
  items: readonly Payload[],
  events: WorkerEvents,
): void {
  let at = 0;
  let item = 0;
  let isPending = false;
  while (at < heads.length) {
    switch (heads[at++]) {
      case Reported.Ready:
        events.onReady();
        break;
      case Reported.Done: {
        const micros = amount(heads[at++]);
        const form = heads[at++]!;
        if (form === Form.Head) events.onDone(micros, present(heads[at++]), 8);
        else {
          const payload = present(items[item++]);
          isPending = readValue(micros, form, payload, events) || isPending;
        }
        break;
      }
      case Reported.Failed: {
        const micros = amount(heads[at++]);
        const withTraceback = heads[at++] === 1;
        const error = loadError(present(items[item++]), { withTraceback });
        isPending ||= error instanceof Promise;
        events.onFailed(micros, error);
        break;
      }
      case Reported.Tick:
        events.onTick(amount(heads[at++]));
        break;
      case Reported.Claiming:
        events.onClaiming(heads[at++] === 1);
        break;
      case Reported.Free:
        events.onFree();
        break;
      case Reported.NotReady: {
        const error = loadError(present(items[item++]), { withTraceback: true });
        isPending ||= error instanceof Promise;
        events.onNotReady(error);
        break;
      }
      default:
        throw new ProtocolError(`no report of a pool's worker: ${heads[at - 1]}`);
    }
  }
  if (!isPending) items.forEach(reuseBuffer);
}

/** A number of calls, tasks or microseconds. */
function amount(head: number | undefined): number {
  if (Number.isSafeInteger(head) && head! >= 0) return head!;
  throw new ProtocolError(`a report of a pool's worker has ${head} for an amount`);
}

/** What belongs to a report. */
function present<T>(part: T | undefined): T {
  if (part !== undefined) return part;
  throw new ProtocolError("a report of a pool's worker ends too soon");
}

/** A result that cannot be read is a failure. True if its bytes are still needed. */
function readValue(
  micros: number,
  form: number,
  payload: Payload,
  events: WorkerEvents,
): boolean {
  let value: unknown;
  try {
    value = form === Form.Payload
      ? loads(payload)
      : form === Form.Bytes
      ? ownBytes(payload)
      : unpack(form, payload);
  } catch (error) {
    events.onFailed(micros, error);
    return false;
  }
  events.onDone(micros, value, payload.length);
  return value instanceof Promise;
}
