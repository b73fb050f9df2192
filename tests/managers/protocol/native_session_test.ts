/** Tests of src/managers/protocol/native_session.ts: the order of requests, with nothing around it. */
import { deepStrictEqual } from "node:assert/strict";
import { NativeSession } from "../../../src/managers/protocol/native_session.ts";
import { Op, REQUEST_HEAD } from "../../../src/managers/protocol/messages.ts";
import { test } from "../../suite.ts";

/** A session's handlers of the events of its socket. */
interface SocketHandlers {
  onMessage(message: Uint8Array): void;
  onDrain(): void;
}

/** Starts a session without a server; the socket has so much that is not read yet. */
function start(objects: object, load: (payload: Uint8Array) => unknown, buffered = 0) {
  let handlers!: SocketHandlers;
  const paused: boolean[] = [];
  const socket = {
    isOpen: true,
    buffered,
    start: (its: SocketHandlers) => handlers = its,
    reserve: (length: number) => new Uint8Array(length),
    setPaused: (on: boolean) => paused.push(on),
  };
  const answers = { send: (answer: () => void) => answer() };
  const core = {
    objects: { get: () => ({}), clients: new Set(), ...objects },
    load,
    answers,
    left() {},
  };
  new NativeSession(core as never, socket as never, "client").start();
  return { handlers, paused, socket };
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
  const { handlers } = start(
    { call: (_entry: unknown, _name: string, [id]: unknown[]) => void begun.push(id) },
    // An odd one names a module that must be looked for.
    ([id]) =>
      id! % 2 === 0 ? [id] : new Promise((resolve) => loading.set(id!, resolve)),
  );
  for (let id = 2; id <= 10; id++) handlers.onMessage(call(id));
  deepStrictEqual(begun, [2]);
  for (const id of [3, 5, 7, 9]) {
    loading.get(id)!([id]);
    for (let i = 0; i < 10; i++) await null;
    deepStrictEqual(begun.at(-1), id + 1);
    handlers.onMessage(call(id + 100)); // waits for its turn
  }
  deepStrictEqual(begun, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a client that leaves its answers unread is read no further until it has read them", () => {
  const asMuchAsMayBeUnread = 4 << 20;
  const { handlers, paused, socket } = start(
    { call: () => 5 },
    () => [],
    asMuchAsMayBeUnread,
  );
  handlers.onMessage(call(2));
  deepStrictEqual(paused, []);
  socket.buffered++;
  handlers.onMessage(call(4));
  deepStrictEqual(paused, [true]);
  handlers.onDrain();
  deepStrictEqual(paused, [true, false]);
});
