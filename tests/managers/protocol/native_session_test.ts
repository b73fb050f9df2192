/** Tests of src/managers/protocol/native_session.ts: the order of requests, with nothing around it. */
import { deepStrictEqual } from "node:assert/strict";
import type { MessageSocket } from "../../../src/connection/message_socket.ts";
import { NativeSession } from "../../../src/managers/protocol/native_session.ts";
import { Op, REQUEST_HEAD } from "../../../src/managers/protocol/messages.ts";
import type { ServerCore } from "../../../src/managers/server_core.ts";
import { test } from "../../suite.ts";

/** What a session does with its socket's events. */
interface SocketHandlers {
  onMessage(message: Uint8Array): void;
  onDrain(): void;
}

/** A request to call `name` with what the payload `id` stands for. */
function call(id: number): Uint8Array {
  const bytes = new Uint8Array(REQUEST_HEAD + 7);
  bytes[0] = Op.Call;
  bytes[4] = id;
  bytes.set([0, 0, 0, 1, 1, 0x66, id], REQUEST_HEAD);
  return bytes;
}

test("what one client asks is begun in order, however long it takes to read it", async () => {
  const begun: unknown[] = [];
  const loading = new Map<number, (value: unknown) => void>();
  let receive!: (message: Uint8Array) => void;
  const core = {
    objects: {
      get: () => ({}),
      call: (_entry: unknown, _name: string, [id]: unknown[]) => void begun.push(id),
    },
    // What is odd names a module that must be looked for.
    load: ([id]: Uint8Array) =>
      id! % 2 === 0 ? [id] : new Promise((resolve) => loading.set(id!, resolve)),
    answers: { send: (answer: () => void) => answer() },
    left() {},
  } as unknown as ServerCore;
  const socket = {
    isOpen: true,
    buffered: 0,
    start: ({ onMessage }: { onMessage: typeof receive }) => receive = onMessage,
    reserve: (length: number) => new Uint8Array(length),
    setPaused() {},
  } as unknown as MessageSocket;
  new NativeSession(core, socket, "client").start();
  for (let id = 2; id <= 10; id++) receive(call(id));
  deepStrictEqual(begun, [2]);
  for (const id of [3, 5, 7, 9]) {
    loading.get(id)!([id]);
    for (let i = 0; i < 10; i++) await null;
    deepStrictEqual(begun.at(-1), id + 1);
    receive(call(id + 100)); // waits for its turn
  }
  deepStrictEqual(begun, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a client that leaves its answers unread is read no further until it has read them", () => {
  const paused: boolean[] = [];
  let handlers!: SocketHandlers;
  const socket = {
    isOpen: true,
    buffered: 4 << 20, // as much as may be unread
    start: (its: SocketHandlers) => handlers = its,
    reserve: (length: number) => new Uint8Array(length),
    setPaused: (on: boolean) => paused.push(on),
  };
  const core = {
    objects: { get: () => ({}), call: () => 5 },
    load: () => [],
    answers: { send: (answer: () => void) => answer() },
  };
  new NativeSession(core as never, socket as never, "client").start();
  handlers.onMessage(call(2));
  deepStrictEqual(paused, []);
  socket.buffered++;
  handlers.onMessage(call(4));
  deepStrictEqual(paused, [true]);
  handlers.onDrain();
  deepStrictEqual(paused, [true, false]);
});
