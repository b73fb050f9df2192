/**
 * `Manager` of a context on a server: no process of its own, as the objects are on the server.
 *
 * @module
 */
import { parseArguments, signature, takes } from "../../python/arguments.ts";
import {
  AssertionError,
  NotImplementedError,
  ProcessError,
} from "../../python/errors.ts";
import { Token } from "../../managers/protocol/token.ts";
import {
  type BaseProxy,
  makeProxy,
  type ProxyClass,
  type ProxyManager,
} from "../../managers/proxies/base_proxy.ts";
import type { SyncManager } from "../../managers/sync_manager.ts";
import { addressed, printAsText } from "../../python/printing.ts";
import type { Base } from "../base.ts";
import { idOfName } from "../object.ts";
import { REMOVE } from "../scripts/object.ts";
import { RedisChannel } from "./channel.ts";
import { ITERATOR, TYPES } from "./types.ts";

const JOIN = signature<{ timeout: unknown }>("BaseManager.join", { timeout: null });

/** The types that a manager's methods make. */
export interface RedisManager extends
  Pick<
    SyncManager,
    | "list"
    | "dict"
    | "set"
    | "Namespace"
    | "Queue"
    | "JoinableQueue"
    | "Lock"
    | "RLock"
    | "Semaphore"
    | "BoundedSemaphore"
    | "Condition"
    | "Event"
    | "Barrier"
    | "Value"
    | "Array"
  > {}

/**
 * What `Manager` of a context makes. Its objects have the proxies of any manager's, with the
 * same methods, results and errors; each change is one step on the server.
 *
 * An object goes with the last process, or the last container, that has it; one with a name
 * (see `named`) stays until it is removed.
 */
export class RedisManager implements ProxyManager {
  readonly #base: Base;
  readonly #channel: RedisChannel;
  readonly #name: string | null;
  /** Objects without a name that it has made, and that may be there still. */
  readonly #made: Set<string>;
  #isShutDown = false;

  /** @internal */
  constructor(base: Base, name: string | null = null, made: Set<string> = new Set()) {
    this.#base = base;
    this.#channel = RedisChannel.of(base);
    this.#name = name;
    this.#made = made;
  }

  /**
   * A manager whose next objects have a name: all programs with the same context that make an
   * object of that name get the same one. What is given for it counts for the first of them.
   *
   * ```ts ignore
   * const settings = await mp.Manager().named("settings").dict({ retries: 3 });
   * ```
   *
   * @throws {ValueError} if the name is empty or too long
   */
  named(name: string): RedisManager {
    takes("RedisManager.named", arguments, { least: 1, most: 1 });
    idOfName(name);
    return new RedisManager(this.#base, name, this.#made);
  }

  /** @internal The proxies' class of a type. */
  _proxyType(typeid: string): ProxyClass | null {
    if (typeid === "Iterator") return ITERATOR.Proxy;
    return Object.hasOwn(TYPES, typeid) ? TYPES[typeid]!.Proxy : null;
  }

  /** @internal The context's key; proxies have no other. */
  get _authkey(): Uint8Array {
    return this.#base.settings.authkey ?? new Uint8Array();
  }

  /** `redis:NAME`, with the name of the context: where the server is it does not say. */
  get address(): string {
    return this.#channel.address;
  }

  /** @internal Makes an object of a type, and a proxy for it. */
  async _create(typeid: string, ...args: unknown[]): Promise<BaseProxy> {
    if (this.#isShutDown) throw new AssertionError("server not yet started");
    const { id, exposed } = await this.#channel.make(typeid, args, this.#name);
    if (this.#name === null) this.#channel.enlist(id, this.#made);
    const token = new Token(typeid, this.address, id);
    return makeProxy(this._proxyType(typeid)!, token, "cbor", {
      ...{ manager: this, exposed, incref: false },
      channel: this.#channel,
    });
  }

  /** Not on a server. @throws {NotImplementedError} always: `Pool` of the context is there */
  Pool(): never {
    throw new NotImplementedError(
      "a manager on a server has no Pool: use the context's",
    );
  }

  /** It needs no start. @throws {ProcessError} always, as for one that has been started */
  start(): never {
    throw new ProcessError(
      this.#isShutDown ? "Manager has shut down" : "Already started server",
    );
  }

  /** Reaches the server. @throws {OSError} if it cannot be reached */
  async connect(): Promise<void> {
    takes("BaseManager.connect", arguments);
    const { session, peer } = this.#base;
    await peer.refWhile(session.begun);
  }

  /**
   * Removes the objects without a name that it has made, whoever uses them, as the end of a
   * manager's process does. `BaseManager.shutdown`.
   */
  async shutdown(): Promise<void> {
    takes("BaseManager.shutdown", arguments);
    this.#isShutDown = true;
    const { session, prefix, peer } = this.#base;
    const made = [...this.#made];
    this.#made.clear();
    const removed = made.map((id) => session.call(REMOVE, `${prefix}o:${id}`, []));
    await peer.refWhile(Promise.all(removed));
  }

  /** There is no process to wait for. */
  join(timeout?: number | null): Promise<void>;
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async join(...given: unknown[]): Promise<void> {
    parseArguments(JOIN, given);
  }

  /** The manager. @throws {ProcessError} after `shutdown` */
  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async __enter__(): Promise<this> {
    if (this.#isShutDown) throw new ProcessError("Manager has shut down");
    return this;
  }

  /** The same as `shutdown`. */
  __exit__(..._exception: unknown[]): Promise<void> {
    return this.shutdown();
  }

  /** The same as `shutdown`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** `<multiprocessing.redis.RedisManager object at 0x…>`. */
  toString(): string {
    return addressed(this, "multiprocessing.redis.RedisManager");
  }
}

printAsText(RedisManager);

for (const typeid of Object.keys(TYPES)) {
  Object.defineProperty(RedisManager.prototype, typeid, {
    value(this: RedisManager, ...args: unknown[]) {
      return this._create(typeid, ...args);
    },
    writable: true,
    configurable: true,
  });
}
