/**
 * The channels to managers' servers that this process has: one for each address and key.
 *
 * @module
 */
import { Finalize } from "../../python/util.ts";
import type { SocketAddress } from "../../runtime/sockets.ts";
import type { Channel } from "./channel.ts";
import { ClassicChannel } from "./classic_channel.ts";
import { NativeChannel } from "./native_channel.ts";
import { greet, open } from "./open.ts";
import { addressKey, type Token } from "./token.ts";

const channels = new Map<string, NativeChannel | ClassicChannel>();

/** Before the exit, and after the user's own finalizers: as CPython shuts managers down. */
const EXIT_PRIORITY = 0;
let isExitWatched = false;

function keyOf(address: SocketAddress, authkey: Uint8Array): string {
  return `${addressKey(address)}\0${String.fromCharCode(...authkey)}`;
}

/** The key that a server was last opened with, by its address. */
const keys = new Map<string, Uint8Array>();

/** The key of a server that this process uses; undefined if it does not. */
export function knownKey(address: SocketAddress): Uint8Array | undefined {
  return keys.get(addressKey(address));
}

function keep<C extends NativeChannel | ClassicChannel>(
  address: SocketAddress,
  authkey: Uint8Array,
  channel: C,
): C {
  if (!isExitWatched) {
    isExitWatched = true;
    // A server that has heard of it knows that this process was not killed.
    new Finalize(null, sayGoodbye, { exitpriority: EXIT_PRIORITY - 1 });
  }
  keys.set(addressKey(address), authkey);
  channels.set(keyOf(address, authkey), channel);
  return channel;
}

function sayGoodbye(): void {
  for (const channel of channels.values()) channel.bye();
  channels.clear();
}

/** The channel that there is, unless it has failed. */
function usableChannel(address: SocketAddress, authkey: Uint8Array) {
  const known = channels.get(keyOf(address, authkey));
  return known instanceof NativeChannel && known.hasFailed ? undefined : known;
}

/** The channel to a server that is known to be ours. */
export function nativeChannel(
  address: SocketAddress,
  authkey: Uint8Array,
): NativeChannel {
  const known = usableChannel(address, authkey);
  if (known instanceof NativeChannel) return known;
  const opening = (async () => {
    const socket = await greet(await open(address, authkey));
    if (socket !== undefined) return socket;
    throw new TypeError("the server is CPython's");
  })();
  return keep(address, authkey, new NativeChannel(opening));
}

/**
 * Connects to a server and finds out what it is.
 *
 * @throws {OSError | AuthenticationError}
 */
export async function findChannel(
  address: SocketAddress,
  authkey: Uint8Array,
): Promise<Channel> {
  const known = usableChannel(address, authkey);
  if (known !== undefined) return known;
  const socket = await greet(await open(address, authkey));
  return socket === undefined
    ? keep(address, authkey, new ClassicChannel(address, authkey))
    : keep(address, authkey, new NativeChannel(Promise.resolve(socket)));
}

/** The channel to a server whose kind is not known yet: calls wait until it is. */
class UnknownChannel implements Channel {
  readonly isNative = false;
  readonly #found: Promise<Channel>;

  constructor(found: Promise<Channel>) {
    this.#found = found;
    found.catch(() => {}); // each call rejects with it
  }

  call(...args: Parameters<Channel["call"]>): Promise<unknown> {
    return this.#found.then((channel) => channel.call(...args));
  }

  create(...args: Parameters<Channel["create"]>): ReturnType<Channel["create"]> {
    return this.#found.then((channel) => channel.create(...args));
  }

  ask(...args: Parameters<Channel["ask"]>): Promise<unknown> {
    return this.#found.then((channel) => channel.ask(...args));
  }

  incref(token: Token): void {
    this.#found.then((channel) => channel.incref(token), () => {});
  }

  decref(token: Token): void {
    this.#found.then((channel) => channel.decref(token), () => {});
  }
}

/** The channel to a server whose kind may not be known. */
export function anyChannel(address: SocketAddress, authkey: Uint8Array): Channel {
  return usableChannel(address, authkey) ??
    new UnknownChannel(findChannel(address, authkey));
}

/** Closes the channel to a server that is gone. */
export function forget(address: SocketAddress, authkey: Uint8Array): void {
  const key = keyOf(address, authkey);
  channels.get(key)?.bye();
  channels.delete(key);
  keys.delete(addressKey(address));
}
