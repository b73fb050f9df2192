/**
 * Messages in a stream of bytes that comes in any pieces.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { MessageSocket } from "../../src/connection/message_socket.ts";
import type { Socket, SocketHandlers } from "../../src/runtime/sockets.ts";
import { test } from "../suite.ts";

/** A socket whose other end is the test. */
function fake(maxLength = 1000) {
  const written: number[] = [];
  let handlers: SocketHandlers;
  let isOpen = true;
  const socket: Socket = {
    peer: "",
    buffered: 0,
    start: (given) => void (handlers = given),
    write: (bytes) => void written.push(...bytes),
    setPaused() {},
    end: () => void (isOpen = false),
    destroy: () => void (isOpen = false),
    setHeld() {},
  };
  const messages: number[][] = [];
  const ends: (string | undefined)[] = [];
  const reader = new MessageSocket(socket, maxLength);
  reader.start({
    onMessage: (message) => void messages.push([...message]),
    onEnd: (error) => void ends.push(error?.message),
  });
  return {
    reader,
    written,
    messages,
    ends,
    push: (bytes: number[]) => handlers.onData(Uint8Array.from(bytes)),
    close: (error?: Error) => handlers.onClose(error),
    isOpen: () => isOpen,
  };
}

const STREAM = [0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 255, 255, 255, 255].concat(
  [0, 0, 0, 0, 0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 1, 5],
);

test("messages come whole, however the stream is cut", () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const { push, messages } = fake();
    for (let i = 0; i < STREAM.length; i += size) push(STREAM.slice(i, i + size));
    deepStrictEqual(messages, [[1, 2], [], [7, 8, 9], [5]]);
  }
});

test("a message that is announced as too long ends the connection", () => {
  for (const header of [[0, 0, 1, 1], [255, 255, 255, 254]]) {
    const { push, messages, ends, isOpen } = fake(256);
    push([0, 0, 0, 1, 1, ...header, 5, 5]);
    deepStrictEqual([messages, ends, isOpen()], [[[1]], ["bad message length"], false]);
  }
});

test("a clean end is told from a torn message", () => {
  const clean = fake();
  clean.push([0, 0, 0, 1, 1]);
  clean.close();
  deepStrictEqual(clean.ends, [undefined]);
  const torn = fake();
  torn.push([0, 0, 0, 9, 1]);
  torn.close();
  deepStrictEqual(torn.ends, ["got end of file during message"]);
});

test("what one turn sends leaves together, and nothing after the end", () => {
  const { reader, written, close } = fake();
  reader.send(Uint8Array.of(1));
  reader.send(new Uint8Array(0));
  strictEqual(written.length, 0);
  reader.flush();
  deepStrictEqual(written, [0, 0, 0, 1, 1, 0, 0, 0, 0]);
  close();
  ok(!reader.isOpen);
  throws(() => reader.send(Uint8Array.of(1)), { name: "BrokenPipeError" });
});
