/**
 * The channels of `node:diagnostics_channel` on which the package tells what it does, to
 * whoever subscribes. That module takes up to 5 ms to load, and no process waits for it: it
 * is fetched after the first child was started, while that one begins; what makes a pool,
 * which must know at once whether somebody listens, loads channels_now.ts.
 *
 * @module
 */

/** What all names begin with. */
const PREFIX = "pystd.multiprocessing";

/** Names of channels, each with the prefix and a colon before it. */
const NAMES = ["process.start", "process.exit", "worker.lost", "deadlock"] as const;

/** One of those names. */
export type ChannelName = typeof NAMES[number];

/** A channel. */
export interface Channel {
  /** Whether anybody listens: as cheap as a property. */
  readonly hasSubscribers: boolean;
  publish(message: object): void;
  /** Publishes; `call` sees the values of `AsyncLocalStorage` that are bound to it. */
  runStores<T>(message: object, call: () => T): T;
}

/** The channels that tell of one thing from its beginning to its end. */
export interface TracingChannel {
  readonly start: Channel;
  readonly end: Channel;
  readonly asyncStart: Channel;
  readonly asyncEnd: Channel;
  readonly error: Channel;
}

/** The part of the module that is used. */
export interface Diagnostics {
  // deno-lint-ignore no-explicit-any -- each runtime has its own types for them
  channel(name: string): any;
}

/** The channels, once the module is there. */
export class Channels {
  readonly task: TracingChannel;
  readonly #plain: Map<ChannelName, Channel>;

  constructor(diagnostics: Diagnostics) {
    // As `tracingChannel` names them, which older runtimes lack.
    const part = (name: string) =>
      diagnostics.channel(`tracing:${PREFIX}.task:${name}`);
    this.task = {
      ...{ start: part("start"), end: part("end"), error: part("error") },
      ...{ asyncStart: part("asyncStart"), asyncEnd: part("asyncEnd") },
    };
    this.#plain = new Map(
      NAMES.map((name) => [name, diagnostics.channel(`${PREFIX}:${name}`)]),
    );
  }

  /** Whether anybody listens to any of the channels of tasks. */
  get areTasksHeard(): boolean {
    const { start, end, asyncStart, asyncEnd, error } = this.task;
    // Not the property that all have together: Bun lacks it.
    return start.hasSubscribers || asyncEnd.hasSubscribers || error.hasSubscribers ||
      asyncStart.hasSubscribers || end.hasSubscribers;
  }

  /** Tells of something, if anybody listens; the message is made only then. */
  tell(name: ChannelName, message: () => object): void {
    const channel = this.#plain.get(name)!;
    if (channel.hasSubscribers) channel.publish(message());
  }
}

let channels: Channels | undefined;

/** The channels are those of this module from now on. */
export function useChannels(diagnostics: Diagnostics): Channels {
  return channels ??= new Channels(diagnostics);
}

/** The channels; the module is fetched if it is not there. */
export async function channelsSoon(): Promise<Channels> {
  return channels ?? useChannels((await import("node:diagnostics_channel")).default);
}
