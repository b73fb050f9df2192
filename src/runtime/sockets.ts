/**
 * Stream sockets for the three runtimes, which all have `node:net`: addresses are a path
 * (`AF_UNIX`; one that begins with NUL is Linux's abstract space) or host and port
 * (`AF_INET`). The layers above see bytes and events, and no runtime.
 *
 * @module
 */
import { startSpin } from "./speed/spin.ts";
import { checkListening, withDenial } from "./denial.ts";
import { own, ownObjects } from "./own.ts";
import { builtin } from "./posix.ts";

/** The address of a socket: a path, or host and port. */
export type SocketAddress = string | readonly [host: string, port: number];

/** The events of a socket; set before the first turn of the event loop. */
export interface SocketHandlers {
  /** Bytes have come; the callee owns them. */
  onData(chunk: Uint8Array): void;
  /** The other side has ended, or the socket broke; the last event. */
  onClose(error: Error | undefined): void;
  /** All that was written has been handed to the system. */
  onDrain(): void;
}

/** One end of a stream. */
export interface Socket {
  /** The other side's address; `""` for a path. */
  readonly peer: SocketAddress;
  /** Bytes that were written and are still in this process. */
  readonly buffered: number;
  /** Starts reading. */
  start(handlers: SocketHandlers): void;
  /** Hands bytes over; they must not change afterwards. */
  write(bytes: Uint8Array): void;
  /** Stops reading for a while, or goes on. */
  setPaused(on: boolean): void;
  /** Closes it once all that was written has left. */
  end(): void;
  /** Closes it now. */
  destroy(): void;
  /** Sets whether it keeps the process alive also when no write is under way. */
  setHeld(on: boolean): void;
}

/** A listening socket. */
export interface SocketServer {
  /** The bound address. */
  readonly address: SocketAddress;
  /** Stops listening and removes the path; connections stay. */
  close(): void;
  setHeld(on: boolean): void;
}

function where(address: SocketAddress): Record<string, unknown> {
  return typeof address === "string"
    ? { path: address }
    : { host: address[0], port: address[1] };
}

/** Milliseconds between the attempts to connect to a path whose queue is full. */
const RETRY = 5;
/** The number of these attempts: 20 seconds, as CPython waits for a busy pipe. */
const MAX_RETRIES = 4000;

/**
 * Connects; the socket does not keep the process alive. While the path's queue is full, it
 * tries again: the system queues only blocking callers, and does not tell when there is room.
 * Throws the runtime's own error, with `code`.
 */
export async function connectSocket(address: SocketAddress): Promise<Socket> {
  for (let left = MAX_RETRIES;; left--) {
    try {
      return await connectOnce(address);
    } catch (error) {
      if (left === 0 || !isQueueFull(error, address)) throw withDenial(error);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

/** Whether connecting failed because the queue of the path is full. */
function isQueueFull(error: unknown, address: SocketAddress): boolean {
  const { code } = error as { code?: unknown };
  if (code !== "ECONNREFUSED" || !("Bun" in globalThis)) return code === "EAGAIN";
  // Bun gives the same code for a path without a listener; Linux lists the listeners.
  if (typeof address !== "string" || address.startsWith("\0")) return false;
  try {
    const list: string = builtin("node:fs").readFileSync("/proc/net/unix", "utf8");
    return list.split("\n").some((line) =>
      line.endsWith(` ${address}`) && line.split(" ")[3] === LISTENING
    );
  } catch {
    return false;
  }
}

/** The flags, in that list, of a socket that listens. */
const LISTENING = "00010000";

function connectOnce(address: SocketAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { createConnection } = builtin("node:net");
    const socket = createConnection({ ...where(address), noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(wrap(socket));
    });
  });
}

/**
 * Listens, with room for `backlog` connections that are not accepted yet; the server does not
 * keep the process alive. `onConnection` must start each connection at once. Throws the
 * runtime's own error, with `code`.
 */
export async function listenSocket(
  address: SocketAddress,
  backlog: number,
  onConnection: (socket: Socket) => void,
): Promise<SocketServer> {
  try {
    await checkListening(address);
    return await listen(address, backlog, onConnection);
  } catch (error) {
    throw withDenial(error);
  }
}

function listen(
  address: SocketAddress,
  backlog: number,
  onConnection: (socket: Socket) => void,
): Promise<SocketServer> {
  return new Promise((resolve, reject) => {
    const { createServer } = builtin("node:net");
    const server = createServer(
      { noDelay: true, pauseOnConnect: true },
      // deno-lint-ignore no-explicit-any -- the types of Node are not at hand here
      (socket: any) => onConnection(wrap(socket)),
    );
    server.once("error", reject);
    server.listen({ ...where(address), backlog: Math.max(1, backlog) }, () => {
      server.off("error", reject);
      server.on("error", () => {}); // a connection could not be accepted
      server.unref();
      ownObjects.add(server);
      own.servers++;
      server.once("close", () => own.servers--);
      const bound = server.address();
      resolve({
        address: typeof address === "string" ? address : [bound.address, bound.port],
        close: () => closeServer(server, address),
        setHeld: (on) => void (on ? server.ref() : server.unref()),
      });
    });
  });
}

// deno-lint-ignore no-explicit-any -- as above
function closeServer(server: any, address: SocketAddress): void {
  server.close();
  if (typeof address !== "string" || address.startsWith("\0")) return;
  try {
    builtin("node:fs").unlinkSync(address);
  } catch {
    // the runtime has removed it, or another program
  }
}

// deno-lint-ignore no-explicit-any -- as above
function wrap(socket: any): Socket {
  const { remoteAddress, remotePort } = socket;
  const { Buffer } = builtin("node:buffer");
  socket.unref();
  socket.pause();
  ownObjects.add(socket);
  own.sockets++;
  socket.once("close", () => own.sockets--);
  socket.on("error", () => {}); // errors before `start`
  let handlers: SocketHandlers | undefined;
  const spin = startSpin();
  let isHeld = false;
  /** Writes that have not left: until then the process must not end. */
  let leaving = 0;
  const update = () => void (isHeld || leaving > 0 ? socket.ref() : socket.unref());
  const hasLeft = () => {
    if (--leaving > 0) return;
    update();
    if (!socket.destroyed) handlers?.onDrain();
  };
  return {
    peer: remotePort === undefined ? "" : [remoteAddress, remotePort],
    get buffered() {
      return socket.writableLength;
    },
    start(given) {
      handlers = given;
      let failure: Error | undefined;
      socket.on("data", (chunk: Uint8Array) => {
        spin?.heard();
        given.onData(chunk);
      });
      socket.on("error", (error: Error) => failure = error);
      socket.on("end", () => socket.destroySoon());
      socket.on("close", () => given.onClose(failure));
      socket.resume();
    },
    write(bytes) {
      if (socket.destroyed) return;
      if (leaving++ === 0) update();
      // Some versions of Bun take nothing else.
      socket.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), hasLeft);
      spin?.sent();
    },
    setPaused: (on) => void (on ? socket.pause() : socket.resume()),
    end: () => socket.destroySoon(),
    destroy: () => socket.destroy(),
    setHeld(on) {
      isHeld = on;
      update();
    },
  };
}
