/**
 * A worker's side of a stream: the values of a generator leave the worker one by one, and no
 * more of them than are asked for. The other end is stream_job.ts.
 *
 * @module
 */
import { pythonTypeName } from "../python/repr.ts";
import { runtime } from "../runtime/mod.ts";

/** Milliseconds of values without a pause, after which what was told is read. */
const YIELD_INTERVAL = 5;

/** What a stream's taker has asked for. */
export class Flow {
  /** The number of values that may still be given. */
  #room: number;
  #isLeft: boolean;
  #wake: (() => void) | undefined;
  /** When other code had its turn last. */
  #yielded = runtime.now();

  /** @param room The number of values that may be given; 0 if none is wanted any more. */
  constructor(room: number) {
    this.#room = room;
    this.#isLeft = room === 0;
  }

  /** Whether no value is wanted any more. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** So many values more may be given. */
  grant(count: number): void {
    this.#room += count;
    this.#wake?.();
  }

  /** No value is wanted any more. */
  leave(): void {
    this.#isLeft = true;
    this.#wake?.();
  }

  /** A value was given. Settles when the next one may be made, or none is wanted. */
  async given(): Promise<void> {
    this.#room--;
    if (runtime.now() - this.#yielded > YIELD_INTERVAL) await this.#turn();
    while (this.#room <= 0 && !this.#isLeft) {
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#yielded = runtime.now();
    }
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => runtime.nextTurn(resolve));
    this.#yielded = runtime.now();
  }
}

/**
 * Gives the values of what a function returns, as `for await` reads them. Where no more are
 * wanted, or one cannot be given, a generator gets to its `finally`.
 *
 * @param call Gives a generator, or anything else that has values.
 * @param give Sends one value.
 * @throws {TypeError} `'int' object is not iterable`
 * @throws Whatever the generator, or `give`, throws.
 */
export async function pump(
  call: () => unknown,
  flow: Flow,
  give: (value: unknown) => Promise<void> | undefined,
): Promise<number> {
  if (flow.isLeft) return 0;
  for await (const value of iterable(await call())) {
    if (flow.isLeft) break;
    await give(value);
    await flow.given();
    if (flow.isLeft) break;
  }
  return 0;
}

function iterable(value: unknown): Iterable<unknown> | AsyncIterable<unknown> {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = Object(value);
  if (typeof (later ?? now) === "function") return value as Iterable<unknown>;
  throw new TypeError(`'${pythonTypeName(value)}' object is not iterable`);
}
