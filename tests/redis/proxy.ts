/** A way to the server that can be cut: what is sent is held back, and nobody is told. */
import {
  createConnection,
  createServer,
  type Server as NetServer,
  type Socket,
} from "node:net";
import { deferred } from "../helpers/deferred.ts";
import { freePort, type Server } from "./server.ts";

/** See above. */
export class Proxy {
  readonly url: string;
  readonly #net: NetServer;
  readonly #sockets = new Set<Socket>();

  constructor(net: NetServer, port: number) {
    this.#net = net;
    this.url = `redis://127.0.0.1:${port}`;
  }

  /** Opens one. */
  static async to(server: Server): Promise<Proxy> {
    const port = await freePort();
    const net = createServer((socket) => proxy.#join(socket, server.port));
    const proxy = new Proxy(net, port);
    const { promise, resolve } = deferred<void>();
    net.listen(port, "127.0.0.1", () => resolve());
    await promise;
    return proxy;
  }

  #join(here: Socket, port: number): void {
    const there = createConnection(port, "127.0.0.1");
    for (const [from, to] of [[here, there], [there, here]] as const) {
      this.#sockets.add(from);
      from.on("data", (bytes) => void to.write(bytes));
      from.on("error", () => from.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.isCut) from.pause();
    }
  }

  /** Whether nothing passes; others only read it. */
  isCut = false;

  /** From now on nothing passes. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** All passes again, also what was held back. */
  heal(): void {
    this.isCut = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Closes it. */
  async close(): Promise<void> {
    const { promise, resolve } = deferred<void>();
    this.#net.close(() => resolve());
    for (const socket of this.#sockets) socket.destroy();
    await promise;
  }
}
