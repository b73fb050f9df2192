/**
 * The state that the sessions of a manager's server share: the objects, the server's own
 * functions, the decoding of payloads, and the order of answers and of printed text.
 *
 * @module
 */
import { isPromise } from "../runtime/brands.ts";
import { OrderedSender } from "../collections/ordered_sender.ts";
import { currentPeer } from "../link/peer.ts";
import { repr } from "../python/arguments.ts";
import { KeyError } from "../python/errors.ts";
import { Queue } from "../queues/queue.ts";
import { isOfUnloaded, loadModule, loads } from "../reduction/mod.ts";
import { watchPrints } from "../runtime/output.ts";
import type { SocketAddress } from "../runtime/sockets.ts";
import { checkPublic, Objects, parseId, RequestError, textOf } from "./objects.ts";
import type { Registry } from "./types/referent.ts";

/** The parts of a server that its core uses. */
export interface CoreOptions {
  /** The server's address. */
  address: SocketAddress;
  /** A module that what clients send may name: the program that has started us. */
  mainModule: string | null;
  /** Ends the server. */
  stop(): void;
  /** Functions that this kind of server has besides. */
  functions: ServerFunctions;
}

/** Functions of a server by their names; what they throw is told as a text, as in CPython. */
export type ServerFunctions = ReadonlyMap<
  string,
  (args: readonly unknown[]) => unknown
>;

const FUNCTIONS = ("shutdown create accept_connection get_methods debug_info " +
  "number_of_objects dummy incref decref").split(" ");

/** The part of a server that its sessions use. */
export class ServerCore {
  readonly objects: Objects;
  /** Sends all answers. */
  readonly answers: PrintOrder = new PrintOrder();
  readonly #options: CoreOptions;
  /** One for each connection. */
  readonly sessions = new Set<object>();
  #main: Promise<void> | undefined;

  constructor(registry: Registry, options: CoreOptions) {
    this.objects = new Objects(registry);
    this.#options = options;
  }

  get address(): SocketAddress {
    return this.#options.address;
  }

  left(session: object): void {
    this.sessions.delete(session);
  }

  /**
   * Decodes a payload of a client of ours. Its names are looked for in the modules that are
   * loaded here; and, as CPython's server has it loaded anyway, in the program that has
   * started the server.
   */
  load(payload: Uint8Array): unknown {
    const value = loads(payload);
    if (!isPromise(value) || this.#options.mainModule === null) return value;
    return value.catch(async (error) => {
      if (!isOfUnloaded(error)) throw error;
      await (this.#main ??= loadModule(this.#options.mainModule!));
      return await loads(payload);
    });
  }

  /** A function of the server itself. @throws {RequestError} */
  public(name: unknown, args: readonly unknown[], kwds: object | null): unknown {
    const special = this.#options.functions.get(name as string);
    if (special !== undefined) return callSpecial(special, args);
    checkPublic(name, FUNCTIONS);
    switch (name) {
      case "create":
        return this.objects.create(textOf(args[0]), args.slice(1), kwds);
      case "number_of_objects":
        return this.objects.count;
      case "debug_info":
        return this.objects.debugInfo();
      case "get_methods":
        return this.#methodsOf(args[0]);
      case "shutdown":
        this.#options.stop();
        return null;
      default:
        return null;
    }
  }

  #methodsOf(id: unknown): string[] {
    const entry = this.objects.get(parseId(id));
    if (entry === undefined) throw new RequestError(new KeyError(id));
    return [...entry.exposed];
  }

  toString(): string {
    return `<Server at ${repr(this.address)}>`;
  }
}

/** @throws {RequestError} */
function callSpecial(
  special: (args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): unknown {
  try {
    return special(args);
  } catch (error) {
    throw new RequestError(error);
  }
}

/** Whether something was printed that the root may not have read. */
let isUnread = false;
let isWatching = false;

/**
 * Holds the answer of a call back until the text that the call has printed has arrived.
 *
 * Text goes to the root by this process's stdout, answers by the clients' own sockets: so
 * an answer waits, if anything was printed, until the root has answered us, which it does
 * behind all that it has read before. Where nothing was printed nothing is asked.
 */
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
