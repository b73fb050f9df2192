/**
 * Has what a managed object prints arrive before the answer of the call that printed it.
 *
 * Text goes to the root by this process's stdout, answers by the clients' own sockets: so
 * an answer waits, if anything was printed, until the root has answered us, which it does
 * behind all that it has read before. Where nothing was printed nothing is asked.
 *
 * Mirrors no file of CPython, whose processes print to the terminal themselves.
 *
 * @module
 */
import { OrderedSender } from "../collections/ordered_sender.ts";
import { currentPeer } from "../peer.ts";
import { Queue } from "../queues/queue.ts";
import { watchPrints } from "../runtime/prints.ts";

/** Whether something was printed that the root may not have read. */
let isUnread = false;
let isWatching = false;

/** See the file's head. */
export class PrintOrder {
  /** Answers that wait, and those behind them. */
  readonly #order = new OrderedSender();
  /** Asked for its size, as anything would do. */
  readonly #queue = new Queue();

  constructor() {
    // The root itself prints as it goes.
    const isRoot = currentPeer().objectHere(this.#queue._number) !== undefined;
    if (isWatching || isRoot) return;
    isWatching = true;
    watchPrints(() => void (isUnread = true));
  }

  /** Sends an answer, when all that was printed is read. */
  send(answer: () => void): void {
    if (!isUnread && this.#order.isClear) return answer();
    const read = isUnread ? this.#queue.qsize() : undefined;
    isUnread = false; // now, as to ask may have counted as a print
    this.#order.enter(read, answer, answer);
  }
}
