/**
 * The end of the root, except by SIGKILL: never before all children have ended.
 *
 * - When it has nothing left to do, it has waited for them: see exit.ts.
 * - By `exit` or an error, it cannot wait: it kills them.
 * - By a signal, they have a moment to end by themselves. Those that can still listen end
 *   by SIGTERM, or by Ctrl-C, which the terminal sends to all; it kills the others.
 *
 * Ctrl-C first rejects all waits with `KeyboardInterrupt`, and ends the process only if
 * there is none, or if that error is not caught.
 *
 * Signals have listeners only while there are children, connections or the like.
 *
 * @module
 */
import { KeyboardInterrupt } from "../python/errors.ts";
import {
  type InterruptListener,
  interruptWaits,
  setInterruptListener,
} from "./waiting.ts";
import { currentPeer } from "./peer.ts";
import { complain, finishProcess } from "./exit.ts";
import { endSignals, runtime, type SignalName } from "../runtime/mod.ts";
import { isIgnored } from "../runtime/signals/ignored.ts";
import { formatException } from "../python/traceback.ts";
import { is_exiting } from "../python/util.ts";

const SIGTERM = 15;
const SIGKILL = 9;

/** Milliseconds that children have to end when a signal ends the root. */
const GRACE = 500;

const SIGNALS: readonly SignalName[] = endSignals();

/** Signals without a listener where it is unknown whether they are ignored. */
const OFTEN_IGNORED: readonly SignalName[] = ["SIGHUP", "SIGQUIT"];

/** The children of this process and all of theirs. */
interface Descendants {
  /** Sends all of them a signal. */
  signal(signal: number): void;
  /** Sends SIGINT to those whom a terminal's Ctrl-C does not reach. */
  interrupt(): void;
  /** Settles when there are none. */
  ended(): Promise<void>;
}

/** Listens to signals and the exit of the root, and ends its descendants then. */
export class Ends implements InterruptListener {
  readonly #descendants: Descendants;
  #stops: (() => void)[] = [];
  /** The reasons for which there are listeners. */
  readonly #reasons = new Set<object>();
  /** The signal that this process is about to end by. */
  #endsBy: SignalName | undefined;
  #watchesErrors = false;

  constructor(descendants: Descendants) {
    this.#descendants = descendants;
    setInterruptListener(this);
  }

  /** Listens from now on: there are children, or something else that can be waited for. */
  begin(reason: object): void {
    this.#reasons.add(reason);
    runtime.onExit(this.#killAll);
    if (this.#stops.length > 0) return;
    for (const name of SIGNALS) {
      if (isIgnored(name) ?? OFTEN_IGNORED.includes(name)) continue;
      this.#stops.push(runtime.onSignal(name, () => this.#receive(name)));
    }
  }

  /** Listens no longer, if that was the last reason. */
  end(reason: object): void {
    this.#reasons.delete(reason);
    if (this.#reasons.size === 0) this.#stop();
  }

  #stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #receive(name: SignalName): void {
    if (this.#endsBy !== undefined) return this.#die(); // sent twice: at once
    if (name === "SIGINT") this.#descendants.interrupt();
    // While it exits it waits for its children itself: nothing could catch the error.
    const isInterrupt = name === "SIGINT" && !is_exiting();
    if (isInterrupt && interruptWaits()) this.#watchErrors();
    else void this.#end(name);
  }

  /** From the first `KeyboardInterrupt` on: one that is not caught ends the process. */
  #watchErrors(): void {
    if (this.#watchesErrors) return;
    this.#watchesErrors = true;
    runtime.onUnhandled((error) => {
      if (!(error instanceof KeyboardInterrupt)) return false;
      complain(formatException(error));
      if (this.#endsBy === undefined) void this.#end("SIGINT");
      return true;
    });
  }

  async #end(name: SignalName): Promise<void> {
    this.#endsBy = name;
    currentPeer().ref(); // for good
    const ended = this.#descendants.ended();
    // Children get Ctrl-C from the terminal themselves; daemons are told now.
    if (name === "SIGINT") finishProcess().catch(() => {});
    else this.#descendants.signal(SIGTERM);
    let timer: unknown;
    const late = new Promise<void>((resolve) => {
      timer = runtime.setTimer(resolve, GRACE);
    });
    await Promise.race([ended, late]);
    runtime.clearTimer(timer);
    this.#die();
  }

  #die(): void {
    const name = this.#endsBy!;
    this.#killAll();
    this.#stop();
    runtime.raise(name);
  }

  readonly #killAll = (): void => this.#descendants.signal(SIGKILL);
}
