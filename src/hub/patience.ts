/**
 * One timer for all that wait and can be got ahead of: it rings while there are any, and is
 * stopped when there are none. Where that happens again and again, as with a lock that goes
 * to and fro, it is left to ring, as to set and to stop it takes a while. Pure.
 *
 * @module
 */
/** Milliseconds that others may get ahead of a caller that waits; at most twice as many. */
const PATIENCE = 1;

/** How often the timer is stopped before it has rung once. */
const STOPS = 8;

/** The hub's timers. */
export interface Timers {
  setTimer(callback: () => void, milliseconds: number): unknown;
  clearTimer(timer: unknown): void;
}

/** Something that is waited for, and insists on being given when that takes long. */
export interface Impatient {
  insist(): void;
}

/** See the file's head. */
export class Patience {
  readonly #out: Timers;
  /** Waited for since the timer was set, or before; and since then. */
  #due = new Set<Impatient>();
  #fresh = new Set<Impatient>();
  #timer: unknown;
  #stops = 0;

  constructor(out: Timers) {
    this.#out = out;
  }

  /** It is waited for. */
  begin(object: Impatient): void {
    if (this.#due.has(object)) return;
    this.#fresh.add(object);
    if (this.#timer === undefined) this.#set();
  }

  /** It is not waited for any more, or insists. */
  end(object: Impatient): void {
    if (!this.#due.delete(object)) this.#fresh.delete(object);
  }

  /** Whether the timer runs though nothing is waited for, and is to be stopped. */
  get isUnsettled(): boolean {
    return this.#timer !== undefined && this.#stops < STOPS && this.#isIdle;
  }

  /** Stops it then. */
  settle(): void {
    if (!this.isUnsettled) return;
    this.#stops++;
    this.#stop();
  }

  /** Stops it if nothing is waited for: a process has ended. */
  rest(): void {
    this.#stops = 0;
    if (this.#isIdle) this.#stop();
  }

  get #isIdle(): boolean {
    return this.#timer !== undefined && this.#due.size + this.#fresh.size === 0;
  }

  #stop(): void {
    this.#out.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #set(): void {
    for (const object of this.#fresh) this.#due.add(object);
    this.#fresh.clear();
    this.#timer = this.#out.setTimer(this.#ring, PATIENCE);
  }

  readonly #ring = (): void => {
    this.#timer = undefined;
    this.#stops = 0;
    const due = [...this.#due];
    this.#due.clear();
    for (const object of due) object.insist();
    if (this.#timer === undefined && this.#fresh.size > 0) this.#set();
  };
}
