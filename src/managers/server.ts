/**
 * A manager's server: listens, authenticates every client, finds out which protocol the client
 * speaks, and ends when it is told to.
 *
 * Mirrors `Server` of `multiprocessing/managers.py`. What differs: one event loop serves
 * all clients, so every operation is atomic; `serve_forever` settles when the server was
 * shut down, where CPython's ends the program.
 *
 * Limits: those of connection/handshake.ts on connections that are not authenticated yet.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { asSocketAddress } from "../connection/address.ts";
import { authenticate, PendingHandshakes } from "../connection/handshake.ts";
import { MAX_MESSAGE, MessageSocket } from "../connection/message_socket.ts";
import { sources } from "../link/observed.ts";
import { pythonTypeName, takes } from "../python/arguments.ts";
import { asOSError } from "../python/errors.ts";
import { debug, info, sub_debug } from "../python/util.ts";
import { runtime } from "../runtime/mod.ts";
import {
  listenSocket,
  type Socket,
  type SocketAddress,
  type SocketServer,
} from "../runtime/sockets.ts";
import { accountOf } from "./account.ts";
import { References } from "./objects.ts";
import { ClassicSession } from "./protocol/classic_session.ts";
import { HELLO, sameBytes, WELCOME } from "./protocol/messages.ts";
import { NativeSession } from "./protocol/native_session.ts";
import { addressKey, addressText } from "./protocol/token.ts";
import { ServerCore, type ServerFunctions } from "./server_core.ts";
import type { Registry } from "./types/referent.ts";
import { addressed, printAsText } from "../python/printing.ts";

/** The number of connections that the system may hold ready. */
const BACKLOG = 128;

/** The servers of this process, by address: their objects are here. */
const servers = new Map<string, ServerCore>();

/** The server of this process at an address, if there is one. */
export function serverHere(address: SocketAddress): ServerCore | undefined {
  return servers.get(addressKey(address));
}

/** The options of a server. */
export interface ServerOptions {
  registry: Registry;
  address: SocketAddress;
  authkey: Uint8Array;
  /** A module that what clients send may name. */
  mainModule: string | null;
}

/**
 * Serves the objects of a manager in this process; made by `BaseManager.get_server`.
 * CPython: `multiprocessing.managers.Server`.
 */
export class Server {
  readonly #core: ServerCore;
  readonly #authkey: Uint8Array;
  readonly #listening: SocketServer;
  readonly #handshakes = new PendingHandshakes();
  readonly #classicReferences: References;
  readonly #stopped: Promise<void>;
  #stop!: () => void;
  #clients = 0;

  /** Listens. @throws {OSError} if it cannot @throws {TypeError} if the key is not bytes */
  static async listen(options: ServerOptions): Promise<Server> {
    const { address, authkey } = options;
    if (!isUint8Array(authkey)) {
      // Without the key itself, which CPython shows: it is one, if of the wrong type.
      const type = pythonTypeName(authkey);
      throw new TypeError(`Authkey is type <class '${type}'>, not bytes`);
    }
    let server: Server | undefined;
    try {
      const where = asSocketAddress(address, "bind");
      const listening = await listenSocket(where, BACKLOG, (socket) => {
        server!.#accept(socket);
      });
      server = new this(listening, options);
      return server;
    } catch (error) {
      throw asOSError(error, typeof address === "string" ? address : undefined);
    }
  }

  /**
   * Stored by `listen`.
   *
   * @param listening The socket, which listens already.
   * @param options As given to `listen`.
   * @param functions What clients may call besides, by a subclass.
   */
  constructor(
    listening: SocketServer,
    options: ServerOptions,
    functions: ServerFunctions = new Map(),
  ) {
    this.#listening = listening;
    this.#authkey = new Uint8Array(options.authkey);
    this.#stopped = new Promise((resolve) => this.#stop = resolve);
    this.#core = new ServerCore(options.registry, {
      address: listening.address,
      mainModule: options.mainModule,
      stop: () => this.#shutDown(),
      functions,
    });
    this.#classicReferences = new References(this.#core.objects);
    const { objects } = this.#core;
    servers.set(addressKey(listening.address), this.#core);
    sources.managed = () => accountOf(objects);
  }

  /** The address at which it listens. CPython: `Server.address`. */
  get address(): SocketAddress {
    return this.#listening.address;
  }

  /**
   * Serves until it is told to shut down, keeping the process alive. CPython:
   * `Server.serve_forever`.
   */
  async serve_forever(): Promise<void> {
    takes("Server.serve_forever", arguments);
    this.#listening.setHeld(true);
    info("manager serving at %r", this.address);
    await this.#stopped;
  }

  /** Shuts it down, as a client's `shutdown` does: `serve_forever` settles. */
  stop(): void {
    this.#shutDown();
  }

  /** Stops listening, and removes the address if it is a path. */
  close(): void {
    this.#listening.close();
    servers.delete(addressKey(this.address));
  }

  #shutDown(): void {
    debug("manager received shutdown message");
    this.close();
    this.#handshakes.drop();
    // The answer to the request for it must leave first, and those before it.
    const end = () => {
      for (const session of [...this.#core.sessions]) {
        (session as { close(): void }).close();
      }
      this.#stop();
    };
    runtime.nextTurn(() => this.#core.answers.send(end));
  }

  #accept(socket: Socket): void {
    const messages = new MessageSocket(socket, 0);
    this.#handshakes.run(messages, () => this.#admit(messages)).catch((error) => {
      sub_debug("%s: connection refused: %s", addressText(this.address), error);
    });
  }

  /** The handshake, and the first message, which tells the client's protocol. */
  async #admit(socket: MessageSocket): Promise<void> {
    const reader = await authenticate(socket, this.#authkey, true, MAX_MESSAGE);
    const first = await reader.read();
    const name = `client ${++this.#clients} of the manager`;
    const isNative = sameBytes(first, HELLO);
    const core = this.#core;
    const session = isNative
      ? new NativeSession(core, socket, name)
      : new ClassicSession(core, socket, name, this.#classicReferences);
    core.sessions.add(session);
    if (isNative) socket.send(WELCOME);
    session.start(first);
    socket.setPaused(false);
  }

  /** `<multiprocessing.managers.Server object at 0x…>`. */
  toString(): string {
    return addressed(this, "multiprocessing.managers.Server");
  }
}

printAsText(Server);
