/**
 * What the sessions of a manager's server share: the objects, the functions that clients
 * may ask the server itself for, and how what they send is read.
 *
 * @module
 */
import { repr } from "../python/arguments.ts";
import { KeyError } from "../python/errors.ts";
import { isOfUnloaded, loadModule, loads } from "../reduction/mod.ts";
import type { SocketAddress } from "../runtime/sockets.ts";
import { checkPublic, Objects, parseId, textOf, Trouble } from "./objects.ts";
import { PrintOrder } from "./print_order.ts";
import type { Registry } from "./registry.ts";

/** What the core asks of whoever made it. */
export interface CoreOptions {
  /** Where the server is. */
  address: SocketAddress;
  /** A module that what clients send may name: the program that has started us. */
  mainModule: string | null;
  /** Ends the server. */
  stop(): void;
}

const FUNCTIONS = [
  "shutdown",
  "create",
  "accept_connection",
  "get_methods",
  "debug_info",
  "number_of_objects",
  "dummy",
  "incref",
  "decref",
];

/** See the file's head. */
export class ServerCore {
  readonly objects: Objects;
  /** By which all answers are sent. */
  readonly answers: PrintOrder = new PrintOrder();
  readonly #options: CoreOptions;
  /** Who is there. */
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
   * Decodes what a client of ours has sent. What it names is looked for in the modules
   * that are loaded here; and, as CPython's server has it loaded anyway, in the program
   * that has started the server.
   */
  load(payload: Uint8Array): unknown {
    const value = loads(payload);
    if (!(value instanceof Promise) || this.#options.mainModule === null) return value;
    return value.catch(async (error) => {
      if (!isOfUnloaded(error)) throw error;
      await (this.#main ??= loadModule(this.#options.mainModule!));
      return await loads(payload);
    });
  }

  /** A function of the server itself. @throws {Trouble} */
  public(name: unknown, args: readonly unknown[], kwds: object | null): unknown {
    checkPublic(name, FUNCTIONS);
    switch (name) {
      case "create":
        return this.objects.create(textOf(args[0]), args.slice(1), kwds);
      case "number_of_objects":
        return this.objects.count;
      case "debug_info":
        return this.objects.debugInfo();
      case "get_methods":
        return [...this.#object(args[0]).exposed];
      case "shutdown":
        this.#options.stop();
        return null;
      default:
        return null;
    }
  }

  #object(id: unknown) {
    const number = parseId(id);
    const entry = this.objects.get(number);
    if (entry === undefined) throw new Trouble(new KeyError(id));
    return entry;
  }

  toString(): string {
    return `<Server at ${repr(this.address)}>`;
  }
}
