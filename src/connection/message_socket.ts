/**
 * Messages over a socket, framed as CPython frames them: a signed 32-bit length in
 * network order and the bytes; -1 and an unsigned 64-bit length where 31 bits are too
 * few. What one turn of the event loop sends leaves in one write.
 *
 * A peer that announces more than `maxLength` bytes loses its connection before any of
 * them is stored. Bytes are stored as they come, not as they are announced.
 *
 * Mirrors `Connection._send_bytes` and `_recv_bytes` of `multiprocessing/connection.py`.
 *
 * @module
 */
import { listenWhileOpen } from "../link/waiting.ts";
import { OSError, osError } from "../python/errors.ts";
import type { Socket, SocketAddress } from "../runtime/sockets.ts";

/** The handlers of a socket's events. */
interface MessageHandlers {
  /** A message has come; its bytes are the callee's. */
  onMessage(message: Uint8Array): void;
  /** No more messages come. There is no error if the peer has closed the socket. */
  onEnd(error: Error | undefined): void;
  /** All that was sent has left this process. */
  onDrain?(): void;
}

/** The longest message that is accepted once the peer is known: 1 GiB. */
export const MAX_MESSAGE = 2 ** 30;

/** The longest message before the peer has shown that it has the key, as in CPython. */
export const MAX_HANDSHAKE_MESSAGE = 256;

const SLAB = 1 << 16;
const HEADER = 4;
const LONG_HEADER = 12;
const MAX_SHORT = 0x7fffffff;

/** A socket that carries whole messages. */
export class MessageSocket {
  /** The longest message that is accepted. */
  maxLength: number;
  readonly #socket: Socket;
  #handlers: MessageHandlers | undefined;
  #isOpen = true;
  #isPaused = false;
  #isHeldBack = false;
  /** Bytes that have come and were not handed on: less than a message. */
  #chunks: Uint8Array[] = [];
  #stored = 0;
  /** Bytes of the message that is coming; -1 while its header is. */
  #expected = -1;
  /** The buffer for small messages, and how much of it is used and was sent. */
  #slab = new Uint8Array(0);
  #view = new DataView(this.#slab.buffer);
  #filled = 0;
  #flushed = 0;
  #isScheduled = false;
  readonly #forget: () => void = listenWhileOpen();

  constructor(socket: Socket, maxLength: number) {
    this.#socket = socket;
    this.maxLength = maxLength;
  }

  /** Begins to read. */
  start(handlers: MessageHandlers): void {
    const isFirst = this.#handlers === undefined;
    this.#handlers = handlers;
    if (!isFirst) return this.holdBack(false);
    this.#socket.start({
      onData: (chunk) => this.#push(chunk),
      onClose: (error) => this.#end(error),
      onDrain: () => this.#handlers!.onDrain?.(),
    });
  }

  get peer(): SocketAddress {
    return this.#socket.peer;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Bytes that were sent and are still in this process. */
  get buffered(): number {
    return this.#socket.buffered + this.#filled - this.#flushed;
  }

  // --- out

  /** Sends a message; its bytes are copied. @throws {BrokenPipeError} if it is closed */
  send(message: Uint8Array): void {
    this.reserve(message.length).set(message);
  }

  /**
   * Begins a message of `length` bytes, which the caller writes into the returned buffer
   * before anything else happens.
   *
   * @throws {BrokenPipeError} if it is closed
   */
  reserve(length: number): Uint8Array {
    if (!this.#isOpen) throw osError("EPIPE");
    const header = length > MAX_SHORT ? LONG_HEADER : HEADER;
    const size = header + length;
    if (this.#filled + size > this.#slab.length) this.#newSlab(size);
    const at = this.#filled;
    if (header === HEADER) {
      this.#view.setUint32(at, length);
    } else {
      this.#view.setInt32(at, -1);
      this.#view.setBigUint64(at + 4, BigInt(length));
    }
    this.#filled += size;
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      queueMicrotask(() => this.flush());
    }
    return this.#slab.subarray(at + header, at + size);
  }

  #newSlab(size: number): void {
    this.flush();
    this.#slab = new Uint8Array(Math.max(SLAB, size));
    this.#view = new DataView(this.#slab.buffer);
    this.#filled = this.#flushed = 0;
  }

  /** Writes what was sent; happens by itself as soon as the present code pauses. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#filled === this.#flushed) return;
    const bytes = this.#slab.subarray(this.#flushed, this.#filled);
    this.#flushed = this.#filled;
    if (this.#isOpen) this.#socket.write(bytes);
  }

  // --- in

  #push(chunk: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#isHeldBack) {
      this.#chunks.push(chunk);
      this.#stored += chunk.length;
      this.setPaused(true);
      return;
    }
    if (this.#stored === 0 && this.#expected < 0) {
      this.#takeAll(chunk);
      return;
    }
    this.#chunks.push(chunk);
    this.#stored += chunk.length;
    if (this.#stored < (this.#expected < 0 ? HEADER : this.#expected)) return;
    this.#takeAll(this.#join());
  }

  #join(): Uint8Array {
    const chunks = this.#chunks;
    const joined = chunks.length === 1 ? chunks[0]! : new Uint8Array(this.#stored);
    if (chunks.length > 1) {
      let at = 0;
      for (const chunk of chunks) {
        joined.set(chunk, at);
        at += chunk.length;
      }
    }
    this.#chunks = [];
    this.#stored = 0;
    return joined;
  }

  /** Hands on the messages in `bytes`, and keeps the rest. */
  #takeAll(bytes: Uint8Array): void {
    let at = 0;
    while (this.#isOpen && !this.#isHeldBack) {
      const header = this.#header(bytes, at);
      if (header < 0 || !this.#isOpen) break;
      const begin = at + header;
      const end = begin + this.#expected;
      if (end > bytes.length) {
        at = begin;
        break;
      }
      this.#expected = -1;
      at = end;
      this.#handlers!.onMessage(bytes.subarray(begin, end));
    }
    if (at < bytes.length && this.#isOpen) {
      // A small rest of a large chunk must not keep all of it.
      const rest = bytes.length > SLAB ? bytes.slice(at) : bytes.subarray(at);
      this.#chunks = [rest];
      this.#stored = rest.length;
    }
  }

  /** Reads a header, if none was read; gives its length, or -1 while it is incomplete. */
  #header(bytes: Uint8Array, at: number): number {
    if (this.#expected >= 0) return 0;
    if (bytes.length - at < HEADER) return -1;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
    let length = view.getInt32(0);
    let header = HEADER;
    if (length === -1) {
      if (view.byteLength < LONG_HEADER) return -1;
      length = Number(view.getBigUint64(4));
      header = LONG_HEADER;
    }
    if (length < 0 || length > this.maxLength) {
      this.#end(new OSError("bad message length"));
      return -1;
    }
    this.#expected = length;
    return header;
  }

  /**
   * Hands on no message for a while, or goes on: `maxLength` may depend on the last one.
   * Those that have come meanwhile are handed on before this returns.
   */
  holdBack(on: boolean): void {
    this.#isHeldBack = on;
    if (on || !this.#isOpen) return;
    if (this.#stored > 0) this.#takeAll(this.#join());
    if (!this.#isHeldBack) this.setPaused(false);
  }

  /** Stops reading for a while, or goes on. */
  setPaused(on: boolean): void {
    if (on === this.#isPaused || !this.#isOpen) return;
    this.#isPaused = on;
    this.#socket.setPaused(on);
  }

  /** Whether the connection keeps the process alive. */
  setHeld(on: boolean): void {
    if (this.#isOpen) this.#socket.setHeld(on);
  }

  #end(error: Error | undefined): void {
    if (!this.#isOpen) return;
    const isTorn = this.#expected >= 0 || this.#stored > 0;
    this.#isOpen = false;
    this.#forget();
    this.#chunks = [];
    this.#socket.destroy();
    const reason = error ??
      (isTorn ? new OSError("got end of file during message") : undefined);
    this.#handlers?.onEnd(reason);
  }

  /** Closes it once all that was sent has left; no handler is called any more. */
  close(): void {
    this.flush();
    this.#isOpen = false;
    this.#forget();
    this.#chunks = [];
    this.#socket.end();
  }

  /** Closes it now; `onEnd` is called with the reason. */
  fail(reason: Error): void {
    this.#end(reason);
  }
}
