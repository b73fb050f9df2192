/**
 * The channel to a server from within its own process, for proxies that are stored in its
 * objects or given to its methods.
 *
 * @module
 */
import { whenInterrupted } from "../../link/waiting.ts";
import { RemoteError } from "../../python/errors.ts";
import { runtime } from "../../runtime/mod.ts";
import { References, RequestError, Stored } from "../objects.ts";
import type { ServerCore } from "../server_core.ts";
import { callAs, CANCELLED, Owner, Waits } from "./caller.ts";
import { type Channel, RemoteRef } from "./channel.ts";
import type { Token } from "./token.ts";

const channels = new WeakMap<ServerCore, LocalChannel>();

/** Calls the objects themselves, as a client of their server. */
export class LocalChannel implements Channel {
  readonly isNative = true;
  readonly #core: ServerCore;
  readonly #references: References;
  readonly #owner = new Owner("the manager's server", runtime.pid);
  readonly #waits = new Waits();
  #lastCall = 0;

  constructor(core: ServerCore) {
    this.#core = core;
    this.#references = new References(core.objects, runtime.pid);
  }

  /** The one channel to a server. */
  static to(core: ServerCore): LocalChannel {
    let channel = channels.get(core);
    if (channel === undefined) channels.set(core, channel = new LocalChannel(core));
    return channel;
  }

  /** The object itself; undefined if it is gone. */
  objectOf(token: Token): object | undefined {
    return this.#core.objects.get(parseInt(token.id, 16))?.object;
  }

  async call(
    token: Token,
    method: string,
    args: readonly unknown[],
    kwds: object | null,
    signal?: AbortSignal,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const { objects } = this.#core;
    const call = ++this.#lastCall;
    const abort = () => this.#waits.cancel(call);
    signal?.addEventListener("abort", abort, { once: true });
    let interrupted: Error | undefined;
    const forget = whenInterrupted((error) => {
      interrupted = error;
      abort();
    });
    try {
      const result = await callAs(this.#owner, this.#waits, call, () => {
        return objects.call(objects.need(parseInt(token.id, 16)), method, args, kwds);
      });
      return result instanceof Stored ? this.#keep(result) : result;
    } catch (error) {
      throw error === CANCELLED ? interrupted ?? signal!.reason : asRemote(error);
    } finally {
      forget();
      signal?.removeEventListener("abort", abort);
    }
  }

  #keep({ typeid, entry, exposed }: Stored): RemoteRef {
    this.#references.add(entry);
    return new RemoteRef(typeid, entry.id.toString(16), exposed);
  }

  async create(
    typeid: string,
    args: readonly unknown[],
    kwds: object | null,
  ): Promise<RemoteRef> {
    try {
      return this.#keep(await this.#core.objects.create(typeid, args, kwds));
    } catch (error) {
      throw asRemote(error);
    }
  }

  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async ask(name: string, args: readonly unknown[]): Promise<unknown> {
    try {
      return this.#core.public(name, args, null);
    } catch (error) {
      throw asRemote(error);
    }
  }

  incref(token: Token): void {
    const entry = this.#core.objects.get(parseInt(token.id, 16));
    if (entry !== undefined) this.#references.add(entry);
  }

  decref(token: Token): void {
    const entry = this.#core.objects.get(parseInt(token.id, 16));
    if (entry !== undefined) this.#references.remove(entry);
  }
}

function asRemote(error: unknown): unknown {
  return error instanceof RequestError ? new RemoteError(error.text) : error;
}
