/**
 * Observes the root from its first object on, where a variable of the environment asks for
 * that, until the modules are loaded that do it for good. It takes a stack of everything.
 *
 * @module
 */
import { errorHere } from "../python/stack.ts";
import { runtime } from "../runtime/mod.ts";
import {
  type ObservedLock,
  type ObservedWait,
  type Observer,
  setObserver,
} from "./observed.ts";

/** Something that has happened, and where. */
export interface Early<T> {
  readonly what: T;
  /** On the runtime's clock. */
  readonly at: number;
  readonly error: Error;
}

/** A wait that begins before an observer is loaded. */
export class EarlyWait implements ObservedWait {
  /** As {@linkcode Observer.wait} was told of it. */
  readonly told: Parameters<Observer["wait"]>;
  readonly at: number = runtime.now();
  readonly error: Error = errorHere();
  promise: Promise<unknown> | undefined;
  /** What it is for the observer that has taken over. */
  later: ObservedWait | undefined;
  readonly #all: Set<EarlyWait>;

  constructor(all: Set<EarlyWait>, told: Parameters<Observer["wait"]>) {
    this.#all = all;
    this.told = told;
    all.add(this);
  }

  end(): boolean {
    this.later?.end();
    return this.#all.delete(this);
  }
}

/** What there is to be taken over. */
export class EarlyObserver implements Observer {
  readonly waits: Set<EarlyWait> = new Set();
  readonly objects: Early<{ object: number; type: string }>[] = [];
  readonly pools: Early<number>[] = [];
  readonly locks: Map<number, Early<ObservedLock>> = new Map();

  wait(...told: Parameters<Observer["wait"]>): ObservedWait {
    return new EarlyWait(this.waits, told);
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
