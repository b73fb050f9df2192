/**
 * Connections by `@redis/client`, which is node-redis.
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
export interface NodeRedisClient {
  connect(): Promise<unknown>;
  sendCommand(args: readonly unknown[], options?: object): Promise<unknown>;
  duplicate(overrides?: object): NodeRedisClient;
  on(event: string, listener: (error: unknown) => void): unknown;
  destroy(): void;
  unref(): void;
}

/** As much of the package as is used here. */
export interface NodeRedisPackage {
  createClient(options: object): NodeRedisClient;
  RESP_TYPES?: { BLOB_STRING: number };
}

/** The type of a reply that is a string, in both versions of the protocol. */
const BLOB_STRING = 36;

/** How long to wait for a connection, in milliseconds. */
const CONNECT_TIMEOUT = 5000;

/** What connections of ours are made with, whatever the client of the user is. */
const OPTIONS = {
  RESP: 2,
  disableClientInfo: true,
  disableOfflineQueue: true,
  maintNotifications: "disabled",
  // A wait has no limit of the library's, and a call that is given up may have happened.
  commandOptions: { timeout: undefined },
};

/** Connects by the package to an address. */
export function byNodeRedis(library: NodeRedisPackage, url: string): Connect {
  const socket = { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT };
  return (onLost, node) => {
    const address = addressOfNode(url, node);
    return open(library.createClient({ ...OPTIONS, url: address, socket }), onLost);
  };
}

/** Connects as a client of the user's does. */
export function likeNodeRedis(client: NodeRedisClient): Connect {
  return (onLost, node) => {
    const { options } = client as { options?: { socket?: object } };
    const socket = { ...options?.socket, ...node, reconnectStrategy: false };
    // An address would count for more than the socket's.
    const url = node === undefined ? {} : { url: undefined };
    return open(client.duplicate({ ...OPTIONS, ...url, socket }), onLost);
  };
}

async function open(
  client: NodeRedisClient,
  onLost: (reason: unknown) => void,
): Promise<Connection> {
  const made = new NodeRedisConnection(client, onLost);
  await made.connect();
  return made;
}

class NodeRedisConnection implements Connection {
  readonly #client: NodeRedisClient;
  readonly #asBytes: object;
  #isOpen = false;

  constructor(client: NodeRedisClient, onLost: (reason: unknown) => void) {
    this.#client = client;
    this.#asBytes = {
      typeMapping: { [BLOB_STRING]: asBuffer(new Uint8Array()).constructor },
    };
    client.on("error", (error) => {
      if (!this.#isOpen) return; // `connect` rejects with it
      this.#isOpen = false;
      onLost(error);
    });
  }

  async connect(): Promise<void> {
    this.#client.unref();
    try {
      await this.#client.connect();
    } catch (error) {
      this.#destroy();
      throw error;
    }
    this.#isOpen = true;
  }

  send(command: readonly Argument[]): Promise<Reply> {
    const args = command.map((one) => typeof one === "string" ? one : asBuffer(one));
    return this.#client.sendCommand(args, this.#asBytes) as Promise<Reply>;
  }

  close(): void {
    this.#isOpen = false;
    this.#destroy();
  }

  #destroy(): void {
    try {
      this.#client.destroy();
    } catch {
      // it is closed already
    }
  }
}
