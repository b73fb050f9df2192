/**
 * A pool's reading of what a worker process reports: the other end of `worker.ts`.
 *
 * @module
 */
import { loadError, loads } from "../reduction.ts";
import type { Payload } from "../wire/message.ts";
import { unpackNumbers } from "./numbers.ts";
import { Form, Reported } from "./protocol.ts";
import type { WorkerEvents } from "./worker_link.ts";

/** Tells of all that a message says. */
export function readReport(
  heads: readonly number[],
  items: readonly Payload[],
  events: WorkerEvents,
): void {
  let at = 0;
  let item = 0;
  while (at < heads.length) {
    switch (heads[at++]) {
      case Reported.Ready:
        events.onReady();
        break;
      case Reported.Done: {
        const micros = heads[at++]!;
        const form = heads[at++]!;
        if (form === Form.Head) events.onDone(micros, heads[at++]!, 8);
        else readValue(micros, form, items[item++]!, events);
        break;
      }
      case Reported.Failed: {
        const micros = heads[at++]!;
        const withTraceback = heads[at++] === 1;
        events.onFailed(micros, loadError(items[item++]!, { withTraceback }));
        break;
      }
      case Reported.Tick:
        events.onTick(heads[at++]!);
        break;
      case Reported.GivenBack:
        events.onGivenBack(heads[at++]!);
        break;
      case Reported.NotReady:
        events.onNotReady(loadError(items[item++]!, { withTraceback: true }));
    }
  }
}

/** A result that cannot be read is a failure. */
function readValue(
  micros: number,
  form: number,
  payload: Payload,
  events: WorkerEvents,
): void {
  let value: unknown;
  try {
    value = form === Form.Payload ? loads(payload) : unpackNumbers(form, payload);
  } catch (error) {
    return events.onFailed(micros, error);
  }
  events.onDone(micros, value, payload.length);
}
