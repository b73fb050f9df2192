/**
 * Mirrors `BaseManager` of `multiprocessing/managers.py`: a server process, or a
 * connection to one that others have started, and the types that it can make.
 *
 * What differs: every request to the server is awaited. A manager that is being started
 * makes objects once it runs. `get_server()` listens, so it is awaited too.
 *
 * @module
 */
import {
  address_type,
  arbitrary_address,
  default_family,
} from "../connection/address.ts";
import type { JoinOptions } from "../process/arguments.ts";
import { AuthenticationString } from "../process/authkey.ts";
import { adjustStart } from "../process/base.ts";
import type { Process } from "../process/classes.ts";
import { current_process } from "../process/current.ts";
import { processClass } from "../process/start_method.ts";
import { asTimeout, parseArguments, takes } from "../python/arguments.ts";
import { AssertionError, KeyError, ProcessError } from "../python/errors.ts";
import { debug } from "../python/log_calls.ts";
import { isPlain } from "../python/repr.ts";
import { observed } from "../link/observed.ts";
import { Finalize, get_temp_dir } from "../python/util.ts";
import { Queue } from "../queues/queue.ts";
import { dumps, loadError } from "../reduction/mod.ts";
import { runtime } from "../runtime/mod.ts";
import type { SocketAddress } from "../runtime/sockets.ts";
import type * as Deferred from "./deferred.ts";
import {
  asTypeid,
  INIT,
  JOIN,
  type ManagerOptions,
  noAttribute,
  REGISTER,
  type RegisteredType,
  registeredType,
  type RegisterOptions,
  START,
  typesToSend,
} from "./options.ts";
import { type Channel, creation } from "./protocol/channel.ts";
import type { NativeChannel } from "./protocol/native_channel.ts";
import { Token } from "./protocol/token.ts";
import type { BaseProxy, ProxyClass, ProxyManager } from "./proxies/base_proxy.ts";
import { loadDeferred, loadServer, runServer } from "./run_server.ts";
import type { Server } from "./server.ts";
import type { ServerKind, Started } from "./server_process.ts";
import type { Factory } from "./types/referent.ts";
import { addressed, printAsText } from "../python/printing.ts";

/** The names of this package's managers; the module of a user's class is not known. */
const OWN_CLASSES = new Set(["BaseManager", "SyncManager", "SharedMemoryManager"]);

/** Types for which an object literal at the end is the keyword arguments, not data. */
const KEYWORD_TYPES = new Set(
  "Array Barrier BoundedSemaphore Condition JoinableQueue Namespace Pool Queue Semaphore"
    .split(" "),
);

type State = "initial" | "starting" | "started" | "shutdown";

/** The priority at exit of the shutdown of managers that were left running. */
const EXIT_PRIORITY = 0;

/**
 * Makes objects in a server process, and proxies for them here. CPython:
 * `multiprocessing.managers.BaseManager`.
 *
 * @example
 * ```ts
 * import { is_main } from "@pystd/multiprocessing";
 * import { BaseManager } from "@pystd/multiprocessing/managers";
 * export class Maths {
 *   add(x: number, y: number) {
 *     return x + y;
 *   }
 * }
 * class MyManager extends BaseManager {}
 * MyManager.register("Maths", Maths);
 * if (is_main(import.meta)) {
 *   await using manager = new MyManager();
 *   await manager.start();
 *   const maths = await manager.Maths();
 *   console.log(await maths.add(4, 3)); // 7
 * }
 * ```
 */
export class BaseManager implements ProxyManager {
  /** The methods that `register` makes: each makes an object in the server, gives its proxy. */
  // deno-lint-ignore no-explicit-any -- which types are registered is known at run time only
  [typeid: string]: any;

  /** The registered types of this class; a subclass that registers has a copy. */
  static _registry: Map<string, RegisteredType> = new Map();

  /** The name of the servers' class. CPython: `BaseManager._Server`, the class itself. */
  static readonly _Server: ServerKind = "Server";

  readonly #authkey: AuthenticationString;
  readonly #serializer: string;
  readonly #shutdownTimeout: number;
  readonly #Process: typeof Process;
  #address: SocketAddress | null;
  #state: State = "initial";
  #starting: Promise<void> | undefined;
  /** The failure of a start that nobody waited for. */
  #failure: { error: unknown } | undefined;
  /** Loaded once the manager is started or connected. */
  #deferred: typeof Deferred | undefined;
  #channel: Channel | undefined;
  #process: Process | null | undefined;
  #finalizer: Finalize | undefined;

  /**
   * Neither started nor connected yet; see the class.
   *
   * @param options See {@linkcode ManagerOptions}.
   * @throws {TypeError} if the key is not bytes
   * @throws {KeyError} for a serializer other than `pickle` and `cbor`
   */
  constructor(options?: ManagerOptions);
  /** The same in Python's order. */
  constructor(
    address?: SocketAddress | null,
    authkey?: Uint8Array | null,
    serializer?: string,
    ctx?: { Process: unknown } | null,
    options?: { shutdown_timeout?: number },
  );
  constructor(...given: unknown[]) {
    const { address, authkey, serializer, ctx, shutdown_timeout } = parseArguments(
      INIT,
      given,
    );
    if (serializer !== "pickle" && serializer !== "cbor") {
      throw new KeyError(serializer);
    }
    this.#authkey = AuthenticationString.from(authkey ?? current_process().authkey);
    this.#serializer = serializer;
    this.#address = address === "" ? null : address as SocketAddress | null;
    this.#shutdownTimeout = asTimeout(shutdown_timeout) ?? Infinity;
    const context = ctx as { Process: typeof Process } | null;
    this.#Process = context?.Process ?? processClass();
  }

  /**
   * Adds a type to this class of managers. CPython: `BaseManager.register`.
   *
   * @param typeid The type's name, and that of the method which makes objects.
   * @throws {AssertionError} if `method_to_typeid` has other values than text
   * @throws {AttributeError} if it is no object
   * @throws {TypeError} if `typeid` is no text, unless there is to be no method; if
   * `exposed` cannot be iterated, which Python notices when an object is made
   */
  static register(typeid: string, options?: RegisterOptions): void;
  /** The same with the class or function by position. */
  static register(
    typeid: string,
    callable: Factory | null,
    options: Omit<RegisterOptions, "callable">,
  ): void;
  /** The same with the class of the proxies, too. */
  static register(
    typeid: string,
    callable: Factory | null,
    proxytype: ProxyClass | null,
    options: Omit<RegisterOptions, "callable" | "proxytype">,
  ): void;
  /** The same in Python's order. */
  static register(
    typeid: string,
    callable?: Factory | null,
    proxytype?: ProxyClass | null,
    exposed?: readonly string[] | null,
    method_to_typeid?: Readonly<Record<string, string>> | null,
    create_method?: boolean,
  ): void;
  static register(...given: unknown[]): void {
    const { typeid, create_method, ...type } = parseArguments(REGISTER, given);
    if (!Object.hasOwn(this, "_registry")) this._registry = new Map(this._registry);
    const name = asTypeid(typeid, create_method);
    this._registry.set(name, registeredType(type as RegisterOptions));
    if (create_method) this._addMethod(name);
  }

  /** Adds the method that makes objects of a type. */
  static _addMethod(name: string): void {
    Object.defineProperty(this.prototype, name, {
      value(this: BaseManager, ...args: unknown[]) {
        return this.#create(name, args);
      },
      writable: true,
      configurable: true,
    });
  }

  get #registry(): Map<string, RegisteredType> {
    return this.#Class._registry;
  }

  /** @internal The proxies' class of a type. */
  _proxyType(typeid: string): ProxyClass | null {
    return this.#registry.get(typeid)?.proxytype ?? null;
  }

  /** The key. Not a field: what shows an object's fields must not show it. */
  get _authkey(): AuthenticationString {
    return this.#authkey;
  }

  /** The server's address; null if it is not known yet. CPython: `BaseManager.address`. */
  get address(): SocketAddress | null {
    return this.#address;
  }

  get #Class(): typeof BaseManager {
    return this.constructor as typeof BaseManager;
  }

  /** @throws {ProcessError} with one of these texts, unless it is still as it was made */
  #checkInitial(
    started = "Already started server",
    ended = "Manager has shut down",
  ): void {
    if (this.#state === "initial") return;
    throw new ProcessError(this.#state === "shutdown" ? ended : started);
  }

  /**
   * Starts the server process. CPython: `BaseManager.start`.
   *
   * @param initializer Called in the server first; exported.
   * @param initargs Its arguments.
   * @returns Settles when the server can be used.
   * @throws {ProcessError} if it was started before
   * @throws {TypeError} if the initializer is no function
   * @throws {OSError} if it cannot listen at the address
   * @throws {EOFError} if the server ended before it could be used
   */
  start(initializer?: Factory | null, initargs?: readonly unknown[]): Promise<void>;
  /** The same with everything by name. */
  start(
    options: { initializer?: Factory | null; initargs?: readonly unknown[] },
  ): Promise<void>;
  start(...given: unknown[]): Promise<void> {
    const { initializer, initargs } = parseArguments(START, given);
    this.#checkInitial();
    if (initializer !== null && typeof initializer !== "function") {
      throw new TypeError("initializer must be a callable");
    }
    const isGiven = this.#address !== null;
    this.#address ??= arbitrary_address(default_family);
    const started = new Queue<Started>();
    const server = new this.#Process({
      target: runServer,
      args: [started, {
        registry: typesToSend(this.#registry),
        address: this.#address,
        directory: isGiven ? null : get_temp_dir(),
        authkey: this._authkey,
        mainModule: runtime.mainModule ?? null,
        kind: this.#Class._Server,
        initializer: initializer as Factory | null,
        initargs: [...initargs as unknown[]],
      }],
    });
    server.name = `${this.constructor.name}-${server.name.split("-").at(-1)}`;
    const launched = adjustStart(server, { staysHere: true }).start();
    this.#process = server;
    this.#failure = undefined;
    this.#state = "starting";
    return this.#starting = this.#finishStart(server, launched, started);
  }

  /** Starts it for `Manager()`: a failure is told to later requests. */
  _startUnawaited(): void {
    this.start().catch((error) => this.#failure = { error });
  }

  async #finishStart(
    server: Process,
    launched: Promise<void>,
    started: Queue<Started>,
  ): Promise<void> {
    try {
      const [deferred] = await Promise.all([loadDeferred(), launched]);
      const answer = await deferred.firstWord(server, started);
      if ("error" in answer) throw await loadError(answer.error);
      this.#address = answer.address;
      this.#deferred = deferred;
    } catch (error) {
      this.#state = "initial";
      this.#starting = undefined;
      throw error;
    }
    this.#state = "started";
    this.#finalizer = new Finalize(this, this.#deferred.shutDown, {
      args: [server, this.#address, this._authkey, this.#shutdownTimeout, () => {}],
      exitpriority: EXIT_PRIORITY,
    });
  }

  /**
   * A server of this process, which listens but does not serve yet. CPython:
   * `BaseManager.get_server`.
   *
   * @throws {ProcessError} if a server process was started
   */
  async get_server(): Promise<Server> {
    takes("BaseManager.get_server", arguments);
    const kind = this.#Class._Server;
    if (kind === "Server") this.#checkInitial();
    else {this.#checkInitial(
        `Already started ${kind}`,
        `${this.#Class.name} has shut down`,
      );}
    const Class = await loadServer(kind);
    return await Class.listen({
      registry: this.#registry,
      address: this.#address ?? arbitrary_address(default_family),
      authkey: this._authkey,
      mainModule: null,
    });
  }

  /**
   * Uses a server that others have started: ours, or CPython's. CPython:
   * `BaseManager.connect`.
   *
   * @throws {OSError} if nobody listens there
   * @throws {AuthenticationError} if the keys differ
   */
  async connect(): Promise<void> {
    takes("BaseManager.connect", arguments);
    address_type(this.#address);
    this.#deferred = await loadDeferred();
    this.#channel = await this.#deferred.findChannel(this.#address!, this._authkey);
    await this.#channel.ask("dummy", []);
    this.#state = "started";
  }

  // --- objects

  /** The channel to the server. @throws {AssertionError} if there is none yet */
  #channelToServer(): Channel {
    if (this.#channel !== undefined) return this.#channel;
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#state !== "started") throw new AssertionError("server not yet started");
    return this.#channel = this.#deferred!.nativeChannel(this.#address!, this._authkey);
  }

  /**
   * The channel to the server that there is, or to any that listens at the address.
   *
   * @throws {ValueError} if there is no address
   * @throws {OSError} if nobody listens there
   * @throws {AuthenticationError} if the keys differ
   * @internal
   */
  async _reach(): Promise<Channel> {
    address_type(this.#address);
    if (this.#state === "starting") await this.#starting;
    if (this.#state === "started") return this.#channelToServer();
    const { findChannel } = await loadDeferred();
    return await findChannel(this.#address!, this._authkey);
  }

  /** Makes an object of a type, and a proxy for it. */
  async #create(typeid: string, args: unknown[]): Promise<BaseProxy> {
    const last = args.at(-1);
    const kwds = KEYWORD_TYPES.has(typeid) && isPlain(last) ? last : null;
    const sent = kwds === null ? args : args.slice(0, -1);
    debug("requesting creation of a shared %r object", typeid);
    const tellMade = observed.by?.making?.();
    // Encoded as it is now, also if the server does not run yet.
    const request = this.#state === "starting"
      ? dumps(creation(typeid, sent, kwds))
      : undefined;
    if (request !== undefined) await this.#starting;
    const channel = this.#channelToServer();
    const { id, exposed } = request === undefined
      ? await channel.create(typeid, sent, kwds)
      : await (channel as NativeChannel).createBy(request);
    tellMade?.(channel.server ?? 0, parseInt(id, 16), typeid);
    const { AutoProxy, makeProxy } = this.#deferred!;
    const token = new Token(typeid, this.#address!, id);
    const proxytype = this._proxyType(typeid) ?? AutoProxy as ProxyClass;
    return makeProxy(proxytype, token, this.#serializer, {
      manager: this,
      authkey: this._authkey,
      exposed,
      incref: false,
      channel,
    });
  }

  /** Calls a registered type that has no method. CPython: `BaseManager._create`. */
  _create(typeid: string, ...args: unknown[]): Promise<BaseProxy> {
    return this.#create(typeid, args);
  }

  /** The number of objects in the server. CPython: `BaseManager._number_of_objects`. */
  _number_of_objects(): Promise<number> {
    return this.#ask("number_of_objects") as Promise<number>;
  }

  /** A list of the objects that the server holds. CPython: `BaseManager._debug_info`. */
  _debug_info(): Promise<string> {
    return this.#ask("debug_info") as Promise<string>;
  }

  async #ask(name: string): Promise<unknown> {
    if (this.#state === "starting") await this.#starting;
    return await this.#channelToServer().ask(name, []);
  }

  // --- the end

  /**
   * Ends the server process; asked, then terminated, then killed. CPython:
   * `BaseManager.shutdown`.
   *
   * @throws {AttributeError} if this manager has not started it
   */
  async shutdown(): Promise<void> {
    if (this.#process === undefined) throw noAttribute(this, "shutdown");
    await this.#starting?.catch(() => {});
    this.#state = "shutdown";
    this.#channel = undefined;
    const finalizer = this.#finalizer;
    this.#finalizer = undefined;
    await finalizer?.__call__();
  }

  /**
   * Waits for the end of the server process. CPython: `BaseManager.join`.
   *
   * @param timeout Seconds; null for ever. That the time is over is no error.
   * @throws {AttributeError} if this manager has not started it
   */
  join(timeout?: number | null): Promise<void>;
  /** The same with `timeout`, in seconds, by name. */
  join(options: JoinOptions): Promise<void>;
  async join(...given: unknown[]): Promise<void> {
    const { timeout, signal } = parseArguments(JOIN, given);
    if (this.#process === undefined) throw noAttribute(this, "_process");
    if (this.#process === null) return;
    await this.#process.join({
      timeout: timeout as number | null,
      ...(signal === undefined ? {} : { signal }),
    });
    if (!this.#process.is_alive()) this.#process = null;
  }

  /** The server process, once it is started. */
  get _process(): Process | null {
    if (this.#process === undefined) throw noAttribute(this, "_process");
    return this.#process;
  }

  /** Starts the server, if need be. @throws {ProcessError} after `shutdown` */
  async __enter__(): Promise<this> {
    if (this.#state === "initial") await this.start();
    else if (this.#state === "starting") await this.#starting;
    else if (this.#state === "shutdown") {
      throw new ProcessError("Manager has shut down");
    }
    return this;
  }

  /** The same as `shutdown`. */
  __exit__(..._exception: unknown[]): Promise<void> {
    return this.shutdown();
  }

  /** Ends the server process if this manager has started one. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process !== undefined) await this.shutdown();
  }

  /** `<multiprocessing.managers.SyncManager object at 0x…>`. */
  toString(): string {
    const { name } = this.constructor;
    const module = OWN_CLASSES.has(name) ? "multiprocessing.managers" : "__main__";
    return addressed(this, `${module}.${name}`);
  }
}

printAsText(BaseManager);
