/**
 * Who waits in a call of this package, and is to be told of Ctrl-C: where Python raises
 * `KeyboardInterrupt` out of the call, its promise rejects with one.
 *
 * Mirrors no file of CPython, where the interpreter does this.
 *
 * @module
 */
import { KeyboardInterrupt } from "./errors.ts";

/** Rejects a wait, or several; says whether there was one. */
export type Interrupt = (error: KeyboardInterrupt) => boolean | void;

const waits = new Set<Interrupt>();
/** Ctrl-C has come, and nobody has been told yet. */
let isLate = false;

/**
 * Has a wait told of Ctrl-C.
 *
 * @param interrupt Is called once for each Ctrl-C until the wait has left; a wait that it
 * begins is another one.
 * @returns What the wait calls when it leaves.
 */
export function whenInterrupted(interrupt: Interrupt): () => void {
  waits.add(interrupt);
  if (isLate) {
    isLate = false;
    // Not before it has begun.
    queueMicrotask(() => isLate = interrupt(makeError()) === false);
  }
  return () => void waits.delete(interrupt);
}

/** Rejects all that wait now with `KeyboardInterrupt`; false if nobody does. */
export function interruptWaits(): boolean {
  let hasSome = false;
  for (const interrupt of [...waits]) {
    if (interrupt(makeError()) !== false) hasSome = true;
  }
  return hasSome;
}

/**
 * What was waited for had happened when the wait was told, so the call has not been
 * rejected: the next one will be.
 */
export function interruptNext(): void {
  isLate = true;
}

/** What listens to Ctrl-C while somebody may wait: the root does so only then. */
export interface InterruptListener {
  begin(reason: object): void;
  end(reason: object): void;
}

let listener: InterruptListener | undefined;

/** Says who listens. */
export function setInterruptListener(to: InterruptListener): void {
  listener = to;
}

/**
 * Has Ctrl-C heard as long as something is open by which others may be waited for: a
 * listener, a connection. For children that is so anyhow.
 *
 * @returns What is called when it is closed.
 */
export function listenWhileOpen(): () => void {
  const reason = {};
  listener?.begin(reason);
  return () => listener?.end(reason);
}

function makeError(): KeyboardInterrupt {
  const error = new KeyboardInterrupt();
  error.stack = error.name; // it would tell of this place, and who waits is elsewhere
  return error;
}
