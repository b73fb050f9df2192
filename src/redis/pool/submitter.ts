/**
 * Sends a pool's tasks to the server: those of one moment together, with the functions that it
 * does not know yet.
 *
 * @module
 */
import type { PoolFunction } from "../../pool/job.ts";
import type { Payload } from "../../wire/message.ts";
import type { Argument } from "../driver/connection.ts";
import { SUBMIT } from "../scripts/pool.ts";
import { packAll } from "./pack.ts";
import type { PoolObject } from "./pool_object.ts";

/** Most tasks, and bytes, that are sent together. */
const MOST_TASKS = 1000;
const MOST_BYTES = 2 ** 18;

/** See above. */
export class Submitter {
  readonly #pool: PoolObject;
  readonly #known = new Set<number>();
  #tasks: Payload[] = [];
  #bytes = 0;
  /** Functions that are sent, or forgotten, with the tasks. */
  #functions: Argument[] = [];
  /** Tasks that come before all others. */
  #again: Payload[] = [];

  readonly #onFailed: (tasks: readonly Payload[], error: unknown) => void;

  /** @param onFailed Is told of tasks that are not on the server. */
  constructor(
    pool: PoolObject,
    onFailed: (tasks: readonly Payload[], error: unknown) => void,
  ) {
    this.#pool = pool;
    this.#onFailed = onFailed;
  }

  /** One more task; `flush` sends it. */
  add(task: Payload, { id, payload }: PoolFunction): void {
    if (!this.#known.has(id)) {
      this.#known.add(id);
      this.#functions.push(String(id), this.#pool.payloads.seal(payload!));
    }
    this.#tasks.push(task);
    this.#bytes += task.length;
    if (this.#tasks.length >= MOST_TASKS || this.#bytes > MOST_BYTES) this.flush();
  }

  /** A task that is run again. */
  again(task: Payload): void {
    this.#again.push(task);
  }

  /** A function is not used any more. */
  forget({ id }: PoolFunction): void {
    if (this.#known.delete(id)) this.#functions.push(String(id), "");
  }

  /** Sends what there is. */
  flush(): void {
    if (this.#again.length > 0) this.#send(this.#again.splice(0), true, []);
    if (this.#tasks.length === 0) return;
    this.#send(this.#tasks.splice(0), false, this.#functions.splice(0));
    this.#bytes = 0;
  }

  #send(tasks: Payload[], isFirst: boolean, functions: readonly Argument[]): void {
    const args = [packAll(tasks), isFirst ? "1" : "0", ...functions];
    this.#pool.attempt(SUBMIT, args).catch((error) => {
      // It may not have the functions either.
      for (let at = 0; at < functions.length; at += 2) {
        this.#known.delete(Number(functions[at]));
      }
      this.#onFailed(tasks, error);
    });
  }
}
