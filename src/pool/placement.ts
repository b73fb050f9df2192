/**
 * On which host each worker of a pool is started: where there are fewest for the host's weight,
 * the first one of those in the list. A host on which workers end before they are there, twice
 * in a row, is left out from then on, unless it is the last; others get its workers.
 *
 * Pure: it is told of starts and ends.
 *
 * @module
 */

/** A host, as far as this matters. */
export interface Seat<H> {
  readonly host: H;
  /** How many workers it is to have for one elsewhere. */
  readonly weight: number;
  /** How many it has. */
  workers: number;
  /** How many have ended in a row before they were there. */
  failures: number;
}

/** Failures in a row after which a host is left out. */
const MAX_FAILURES = 2;

/** See the file's head. */
export class Placement<H> {
  #seats: Seat<H>[];
  readonly #onLeftOut: (host: H) => void;

  /** @param hosts Each with its weight; at least one. @param onLeftOut Is told of a host. */
  constructor(hosts: [host: H, weight: number][], onLeftOut: (host: H) => void) {
    this.#seats = hosts.map(([host, weight]) => ({
      host,
      weight,
      workers: 0,
      failures: 0,
    }));
    this.#onLeftOut = onLeftOut;
  }

  /** How many starts may fail because of hosts that are left out then. */
  get spareFailures(): number {
    return (this.#seats.length - 1) * MAX_FAILURES;
  }

  /** The host for a worker that is started now. */
  take(): Seat<H> {
    const load = ({ workers, weight }: Seat<H>) => (workers + 1) / weight;
    const seat = this.#seats.reduce((best, one) => load(one) < load(best) ? one : best);
    seat.workers++;
    return seat;
  }

  /** A worker is there. */
  isReady(seat: Seat<H>): void {
    seat.failures = 0;
  }

  /** A worker has ended; `wasReady` tells whether it was there before. */
  leave(seat: Seat<H>, wasReady: boolean): void {
    seat.workers--;
    if (wasReady || ++seat.failures < MAX_FAILURES) return;
    if (this.#seats.length === 1 || !this.#seats.includes(seat)) return;
    this.#seats = this.#seats.filter((one) => one !== seat);
    this.#onLeftOut(seat.host);
  }
}
