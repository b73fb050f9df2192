/**
 * Observes the root from its first object on, where a variable of the environment asks for
 * that, until the modules are loaded that do it for good. It takes a stack of everything.
 *
 * @module
 */
import { errorHere } from "../python/stack.ts";
import { runtime } from "../runtime/mod.ts";
import {
  type Executor,
  type ObservedLock,
  type Observer,
  setObserver,
  type Subject,
} from "./observed.ts";

/** Something that has happened, and where. */
export interface Early<T> {
  readonly what: T;
  /** On the runtime's clock. */
  readonly at: number;
  readonly error: Error;
}

/** What there is to be taken over. */
export class EarlyObserver implements Observer {
  readonly waits: Set<Early<Subject>> = new Set();
  /** Called when waits end that were taken over. */
  readonly onEnd: Map<Subject, () => void> = new Map();
  readonly objects: Early<{ object: number; type: string }>[] = [];
  readonly pools: Early<number>[] = [];
  readonly locks: Map<number, Early<ObservedLock>> = new Map();

  wait<T>(subject: Subject, executor: Executor<T>): Promise<T> {
    const wait = note(subject);
    this.waits.add(wait);
    const end = () => {
      this.waits.delete(wait);
      this.onEnd.get(subject)?.();
    };
    const promise = new Promise<T>(executor);
    promise.then(end, end);
    return promise;
  }

  made(object: number, type: string): void {
    this.objects.push(note({ object, type }));
  }

  madePool(pool: number): void {
    this.pools.push(note(pool));
  }

  acquired(lock: ObservedLock): void {
    this.locks.set(lock._number, note(lock));
  }
}

function note<T>(what: T): Early<T> {
  return { what, at: runtime.now(), error: errorHere() };
}

let early: EarlyObserver | undefined;

/** Begins. */
export function observeEarly(): void {
  setObserver(early = new EarlyObserver());
}

/** What was seen; there is nothing more to be seen by it. */
export function takeEarly(): EarlyObserver | undefined {
  const taken = early;
  early = undefined;
  return taken;
}
