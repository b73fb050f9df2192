/**
 * What children print, on its way to the root's stdout: one text after the other, without
 * blocking the root. Who reads slowly slows down the children that print; who has closed
 * stdout, or has no room, costs what is printed and nothing else.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";

/** What an error of the runtime says, as far as it is looked at here. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
}

/** How the runtimes say that nobody reads a pipe or socket any more. */
const GONE = /EPIPE|ECONNRESET|BrokenPipe|ConnectionReset/;

/** See the file's head. */
export class Output {
  readonly #write: (bytes: Uint8Array) => Promise<void> | undefined;
  readonly #complain: (text: string) => void;
  /** Settles when all that was handed in before has been printed, or cannot be. */
  #last: Promise<void> | undefined;
  /** Nobody reads any more. */
  #isClosed = false;
  #hasComplained = false;

  /**
   * @param write Prints, as `runtime.print` does.
   * @param complain Gets the one line that says why something is not printed.
   */
  constructor(write = runtime.print, complain: (text: string) => void = toStderr) {
    this.#write = write;
    this.#complain = complain;
  }

  /**
   * Prints.
   *
   * @param bytes The text, which must not change afterwards.
   * @returns Settles when it is printed, or cannot be; undefined where that is so already.
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
      this.#isClosed = true; // as `| head -1` does: no news to anybody
      return;
    }
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#complain(`What processes print is lost: ${error.message ?? error.name}\n`);
  }
}

function toStderr(text: string): void {
  try {
    runtime.writeStderrSync(new TextEncoder().encode(text));
  } catch {
    // stderr is closed: there is nobody to tell
  }
}
