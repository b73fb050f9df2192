/**
 * Connections by `ioredis`, or by `iovalkey`, which has the same interface.
 *
 * @module
 */
import { asBuffer } from "../../runtime/optional_package.ts";
import {
  addressOfNode,
  type Argument,
  type Connect,
  type Connection,
  type Reply,
} from "./connection.ts";

/** As much of a client as is used here. */
export interface IoredisClient {
  connect(): Promise<unknown>;
  callBuffer(command: string, ...args: unknown[]): Promise<unknown>;
  duplicate(overrides?: object): IoredisClient;
  on(event: string, listener: (error: unknown) => void): unknown;
  disconnect(): void;
  readonly stream?: { unref?(): unknown } | null;
}

/** The class that the package exports. */
export type IoredisClass = new (url: string, options: object) => IoredisClient;

/** What connections of ours are made with, whatever the client of the user is. */
const OPTIONS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: null,
  retryStrategy: null,
  reconnectOnError: null,
  connectTimeout: 5000,
};

/** Connects by the package to an address. */
export function byIoredis(Redis: IoredisClass, url: string): Connect {
  return (onLost, node) => open(new Redis(addressOfNode(url, node), OPTIONS), onLost);
}

/** Connects as a client of the user's does. */
export function likeIoredis(client: IoredisClient): Connect {
  return (onLost, node) => open(client.duplicate({ ...OPTIONS, ...node }), onLost);
}

async function open(
  client: IoredisClient,
  onLost: (reason: unknown) => void,
): Promise<Connection> {
  const made = new IoredisConnection(client, onLost);
  await made.connect();
  return made;
}

class IoredisConnection implements Connection {
  readonly #client: IoredisClient;
  #isOpen = false;
  /** The last error that the client has told of: `close` does not say why. */
  #error: unknown;

  constructor(client: IoredisClient, onLost: (reason: unknown) => void) {
    this.#client = client;
    client.on("error", (error) => this.#error = error);
    client.on("close", () => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      onLost(this.#error ?? Object.assign(new Error(), { code: "ECONNRESET" }));
    });
  }

  async connect(): Promise<void> {
    try {
      await this.#client.connect();
      // A wrong password is told by the first command only.
      await this.#client.callBuffer("PING");
    } catch (error) {
      this.#client.disconnect();
      throw this.#reasonOf(error);
    }
    this.#isOpen = true;
    this.#client.stream?.unref?.();
  }

  async send([name, ...args]: readonly Argument[]): Promise<Reply> {
    const given = args.map((one) => typeof one === "string" ? one : asBuffer(one));
    return await this.#client.callBuffer(name as string, ...given) as Reply;
  }

  close(): void {
    this.#isOpen = false;
    this.#client.disconnect();
  }

  /** "Connection is closed." says nothing: the error before it does. */
  #reasonOf(error: unknown): unknown {
    const { message } = error as Error;
    return /closed/.test(message) ? this.#error ?? error : error;
  }
}
