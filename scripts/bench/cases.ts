/**
 * What the benchmark measures: its programs, and what the table calls their cases. Every
 * figure is a rate, so more is better.
 *
 * @module
 */

/** One row of the table. */
interface Case {
  title: string;
  /** The case of CPython's that it is compared with, if that has another name. */
  like?: string;
}

/** One program of `scripts/bench/`, with a twin in Python. */
interface Section {
  program: string;
  /** By the names that the program prints. */
  cases: Record<string, Case>;
}

/** All programs, in the order of the table. */
export const SECTIONS: Section[] = [
  {
    program: "queues",
    cases: {
      childToRoot: { title: "queue, child to root (items/s)" },
      rootToChild: { title: "queue, root to child (items/s)" },
      childToChild: { title: "queue, child to child (items/s)" },
      childToRootInFlight: {
        title: "queue, child to root, 100 in flight (items/s)",
        like: "childToRoot",
      },
      rootToChildInFlight: {
        title: "queue, root to child, 100 in flight (items/s)",
        like: "rootToChild",
      },
      childToChildInFlight: {
        title: "queue, child to child, 100 in flight (items/s)",
        like: "childToChild",
      },
      roundTrip: { title: "two queues, round trip (turns/s)" },
      startAndJoin: { title: "process, start and join (1/s)" },
    },
  },
  {
    program: "managers",
    cases: {
      dictSet: { title: "managed dict, set (calls/s)" },
      dictGet: { title: "managed dict, get (calls/s)" },
      dictSetInFlight: {
        title: "managed dict, set, 100 in flight (calls/s)",
        like: "dictSet",
      },
      dictGetInFlight: {
        title: "managed dict, get, 100 in flight (calls/s)",
        like: "dictGet",
      },
      listAppend: { title: "managed list, append (calls/s)" },
      managedQueue: { title: "managed queue, put and get (calls/s)" },
      socketRoundTrip: { title: "Listener and Client, round trip (turns/s)" },
      socketThroughput: { title: "Client to Listener, 100 bytes (messages/s)" },
    },
  },
];
