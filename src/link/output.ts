/**
 * The text that children print, on its way to the root's stdout: one after the other,
 * without blocking the root. A slow reader slows down the children that print; a stdout that
 * is closed, or has no room, loses what is printed and has no other effect.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";
import { complain } from "./exit.ts";

/** The parts of a runtime's error that are looked at here. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
}

/** The codes and names of the runtimes' errors when a pipe or socket has no reader any more. */
const GONE = /EPIPE|ECONNRESET|BrokenPipe|ConnectionReset/;

/** Takes what a process prints, in place of this one's stdout and stderr. */
export interface Sink {
  /** Whole lines. A promise settles when more may come. */
  onText(bytes: Uint8Array): Promise<void> | undefined;
  /** What it writes to a stderr of its own. */
  onStderr(bytes: Uint8Array): void;
}

/** The processes whose output goes elsewhere, by their numbers in the hub. */
export const sinks: Map<number, Sink> = new Map();

/** Prints texts in their order. */
export class Output {
  readonly #write: (bytes: Uint8Array) => Promise<void> | undefined;
  readonly #complain: (text: string) => void;
  /** Settles when all that was handed in before has been printed, or cannot be. */
  #last: Promise<void> | undefined;
  /** There is no reader any more. */
  #isClosed = false;
  #hasComplained = false;

  /** @param tell Gets the one line that says why something is not printed. */
  constructor(write = runtime.print, tell: (text: string) => void = complain) {
    this.#write = write;
    this.#complain = tell;
  }

  /**
   * Prints a text, which must not change afterwards. Settles when it is printed, or cannot be;
   * undefined where that is so already.
   */
  print(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#isClosed) return undefined;
    const printed = this.#last?.then(() => this.#print(bytes)) ?? this.#print(bytes);
    if (printed === undefined) return undefined;
    this.#last = printed;
    void printed.then(() => {
      if (this.#last === printed) this.#last = undefined;
    });
    return printed;
  }

  #print(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#isClosed) return undefined;
    try {
      return this.#write(bytes)?.catch((error) => this.#fail(error));
    } catch (error) {
      this.#fail(error as Failure);
      return undefined;
    }
  }

  #fail(error: Failure): void {
    if (GONE.test(`${error.code} ${error.name}`)) {
      this.#isClosed = true; // as by `| head -1`: nothing to complain of
      return;
    }
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#complain(`What processes print is lost: ${error.message ?? error.name}\n`);
  }
}

/** What prints on this process's stdout, whosever text it is. */
export const output: Output = new Output();

const OWN: Sink = { onText: (bytes) => output.print(bytes), onStderr: complain };

/** Where the output of a process goes. */
export function sinkOf(process: number): Sink {
  return sinks.get(process) ?? OWN;
}
