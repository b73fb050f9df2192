/**
 * Processes that the root starts ahead, before it is known which ones they are to be: the
 * start method `forkserver`. Such a spare has loaded this package and the modules that it
 * was told, and waits for its first message. CPython has a server that forks; a process of
 * JavaScript cannot be forked.
 *
 * There are as many spares as the last starts could have used, of the same kinds: program,
 * flags, directory, environment, permissions, modules. Others are ended. New ones are
 * started when nothing has been started for a while, or a process has ended. None is started
 * before the program has started a process by this method.
 *
 * It is handed what starts a process, and what tells whether one can still be used.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";

/** What the links of spares do here. */
export interface Spare {
  readonly pid: number;
  signal(signal: number): void;
}

/** A kind of processes, which spares can become. */
export interface Kind<S> {
  /** What it is told by: the same text, the same kind. */
  readonly key: string;
  /** Starts one; `ended` is to be called when it has ended. */
  start(ended: () => void): S;
}

/** Milliseconds without a start after which spares are started. */
const PAUSE = 50;

/** The same after a process has ended: what waited for its end goes on first. */
const SHORT_PAUSE = 5;

/** Spares that may end by themselves, one after the other, before no more are started. */
const MAX_FAILURES = 3;

const SIGKILL = 9;

interface Waiting<S> {
  readonly key: string;
  readonly link: S;
}

/** See the file's head. */
export class Spares<S extends Spare> {
  readonly #isUsable: (pid: number) => boolean;
  #waiting: Waiting<S>[] = [];
  /** What the last starts have asked for, the latest last. */
  #wanted: Kind<S>[] = [];
  #timer: unknown;
  #failures = 0;
  /** Told when one has ended. */
  #ending: (() => void)[] = [];
  /** Those that have been ended, and have not ended yet. */
  #dying = 0;

  /** @param isUsable Whether a process is there, and neither ended nor stopped. */
  constructor(isUsable: (pid: number) => boolean) {
    this.#isUsable = isUsable;
  }

  /** How many there are. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Whether some have been ended, and have not ended yet. */
  get areLeft(): boolean {
    return this.#dying > 0;
  }

  /**
   * Gives a spare of this kind away, if there is one.
   *
   * @param count How many spares there may be from now on.
   */
  take(kind: Kind<S>, count: number): S | undefined {
    this.#want([...this.#wanted, kind], count);
    this.#failures = 0;
    this.#startLater(PAUSE);
    for (const spare of this.#waiting.filter(({ key }) => key === kind.key)) {
      this.#remove(spare);
      if (this.#isUsable(spare.link.pid)) return spare.link;
      this.#kill(spare);
    }
    return undefined;
  }

  /** Has as many spares of these kinds as there may be, in turn. */
  prepare(kinds: Kind<S>[], count: number): void {
    this.#want(
      Array.from({ length: count }, (_, n) => kinds[n % kinds.length]!),
      count,
    );
    this.#failures = 0;
    this.fill();
  }

  /** The last `count` starts; before there were as many, they count as if of the last kind. */
  #want(starts: Kind<S>[], count: number): void {
    const missing = Array.from({ length: count }, () => starts.at(-1)!);
    this.#wanted = count === 0 ? [] : [...missing, ...starts].slice(-count);
  }

  /** Starts those that are missing, and ends those that the last starts would not have used. */
  fill(): void {
    this.#stopTimer();
    const missing = [...this.#wanted];
    for (const spare of [...this.#waiting]) {
      const at = missing.findIndex(({ key }) => key === spare.key);
      if (at >= 0) missing.splice(at, 1);
      else {
        this.#remove(spare);
        this.#kill(spare);
      }
    }
    if (this.#failures < MAX_FAILURES) missing.forEach((kind) => this.#start(kind));
  }

  /** Ends all, and starts none before one is asked for. Settles when they have ended. */
  async end(): Promise<void> {
    this.#stopTimer();
    this.#wanted = [];
    for (const spare of this.#waiting.splice(0)) this.#kill(spare);
    while (this.#dying > 0) {
      await new Promise<void>((resolve) => void this.#ending.push(resolve));
    }
  }

  #start(kind: Kind<S>): void {
    let spare: Waiting<S> | undefined;
    const ended = () => {
      if (spare === undefined) return;
      if (this.#remove(spare)) {
        this.#failures++;
        this.fillSoon();
      } else {
        this.#dying--;
        for (const tell of this.#ending.splice(0)) tell();
      }
    };
    try {
      spare = { key: kind.key, link: kind.start(ended) };
      this.#waiting.push(spare);
    } catch {
      this.#failures = MAX_FAILURES; // the next start says why
    }
  }

  #remove(spare: Waiting<S>): boolean {
    const at = this.#waiting.indexOf(spare);
    if (at >= 0) this.#waiting.splice(at, 1);
    return at >= 0;
  }

  #kill(spare: Waiting<S>): void {
    this.#dying++;
    spare.link.signal(SIGKILL);
  }

  /** As {@linkcode fill}, in a moment, if any were asked for. */
  fillSoon(): void {
    if (this.#wanted.length > 0) this.#startLater(SHORT_PAUSE);
  }

  #startLater(pause: number): void {
    this.#stopTimer();
    this.#timer = runtime.setTimer(() => this.fill(), pause);
  }

  #stopTimer(): void {
    if (this.#timer === undefined) return;
    runtime.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
