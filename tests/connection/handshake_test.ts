/** The handshake over a socket: who has the key, who has not, who says nothing. */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  authenticate,
  MAX_HANDSHAKES,
  MessageReader,
  PendingHandshakes,
  wasSlow,
} from "../../src/connection/handshake.ts";
import {
  MAX_HANDSHAKE_MESSAGE,
  MAX_MESSAGE,
  MessageSocket,
} from "../../src/connection/message_socket.ts";
import type { Socket, SocketHandlers } from "../../src/runtime/sockets.ts";
import { concat } from "../wire/support.ts";
import { awake } from "../helpers/managed_client.ts";
import { messageSockets } from "../helpers/message_sockets.ts";
import { test } from "../suite.ts";

const LEAKS = "sockets are closed in their own time";
const KEY = new TextEncoder().encode("key");

test("both ends have the key: what comes next may be long", async () => {
  const [server, client] = await messageSockets(0);
  const [reader] = await Promise.all([
    authenticate(server, KEY, true, MAX_MESSAGE),
    authenticate(client, KEY, false, MAX_MESSAGE),
  ]);
  client.send(new Uint8Array(1000).fill(7));
  const received = await reader.read();
  deepStrictEqual([received.length, received[999]], [1000, 7]);
  client.close();
  await rejects(reader.read(), { name: "EOFError" });
  server.close();
}, { leaks: LEAKS });

test("a wrong key is told to both, and the connection is closed", async () => {
  const [server, client] = await messageSockets(0);
  await Promise.all([
    rejects(authenticate(server, KEY, true, MAX_MESSAGE), {
      name: "AuthenticationError",
      message: "digest received was wrong",
    }),
    rejects(authenticate(client, Uint8Array.of(1), false, MAX_MESSAGE), {
      name: "AuthenticationError",
      message: "digest sent was rejected",
    }),
  ]);
  ok(!server.isOpen && !client.isOpen);
}, { leaks: LEAKS });

test(
  "too many handshakes at once drop the oldest, and the end of the server all",
  async () => {
    const pending = new PendingHandshakes();
    const clients: MessageSocket[] = [];
    const outcomes: Promise<unknown>[] = [];
    for (let i = 0; i < MAX_HANDSHAKES + 2; i++) {
      const [server, client] = await messageSockets(0);
      clients.push(client);
      const handshake = () => authenticate(server, KEY, true, MAX_MESSAGE);
      outcomes.push(pending.run(server, handshake).catch((error) => error));
    }
    const first = await Promise.all(outcomes.slice(0, 2));
    ok(first.every((error) => pending.wasDropped(error)));
    pending.drop();
    const others = await Promise.all(outcomes);
    ok(others.every((error) => pending.wasDropped(error)));
    ok(!pending.wasDropped(new Error()));
    for (const client of clients) client.close();
  },
  { leaks: LEAKS },
);

test("who says nothing is refused when its time is over", async () => {
  const [server, client] = await messageSockets(0);
  const refused = authenticate(server, KEY, true, MAX_MESSAGE, 0.05);
  const error = await awake(refused.then(() => undefined, (reason) => reason));
  strictEqual(error.name, "AuthenticationError");
  strictEqual(error.message, "handshake timed out");
  ok(wasSlow(error) && !wasSlow(new Error()) && !wasSlow(null));
  ok(!server.isOpen);
  client.close();
}, { leaks: LEAKS });

test("a long message ends the connection before the key was shown", async () => {
  const [server, client] = await messageSockets(0);
  const refused = authenticate(server, KEY, true, MAX_MESSAGE);
  client.start({ onMessage() {}, onEnd() {} });
  client.send(new Uint8Array(MAX_HANDSHAKE_MESSAGE + 1));
  await rejects(refused, { name: "OSError", message: "bad message length" });
  client.close();
}, { leaks: LEAKS });

/**
 * Two sockets without a network: what one has written since the last time, the other gets in
 * one piece, whenever `deliver` is called.
 */
function fakeSockets(): { sockets: [Socket, Socket]; deliver(): void } {
  const handlers: (SocketHandlers | undefined)[] = [undefined, undefined];
  const isPaused = [false, false];
  const written: Uint8Array[][] = [[], []];
  const socket = (own: number) =>
    ({
      peer: "fake",
      buffered: 0,
      start: (its: SocketHandlers) => void (handlers[own] = its),
      write: (bytes: Uint8Array) => void written[1 - own]!.push(bytes.slice()),
      setPaused: (on: boolean) => void (isPaused[own] = on),
      setHeld() {},
      end() {},
      destroy() {},
    }) as Socket;
  const deliver = () => {
    for (const own of [0, 1]) {
      if (isPaused[own] || written[own]!.length === 0) continue;
      handlers[own]!.onData(concat(...written[own]!.splice(0)));
    }
  };
  return { sockets: [socket(0), socket(1)], deliver };
}

/** Lets all that can go on go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 100; i++) await null;
}

test("what comes in one piece with the handshake's end may be long, and is in order", async () => {
  const { sockets, deliver } = fakeSockets();
  const [server, client] = sockets.map((socket) => new MessageSocket(socket, 0));
  const lengths = [5000, 0, 300, 1, 70_000];
  const received: number[] = [];
  const serving = authenticate(server!, KEY, true, MAX_MESSAGE).then(async (reader) => {
    received.push((await reader.read()).length, (await reader.read()).length);
    server!.start({
      onMessage: (message) => void received.push(message.length),
      onEnd() {},
    });
  });
  const asking = authenticate(client!, KEY, false, MAX_MESSAGE).then(() => {
    for (const length of lengths) client!.send(new Uint8Array(length));
  });
  for (let i = 0; i < 10; i++) {
    await settle();
    deliver();
  }
  await Promise.all([serving, asking]);
  deepStrictEqual(received, lengths);
});

test("who goes on before it is asked is not read until then", async () => {
  const { sockets: [socket, other], deliver } = fakeSockets();
  const reader = new MessageReader(new MessageSocket(socket, MAX_HANDSHAKE_MESSAGE));
  const sender = new MessageSocket(other, MAX_HANDSHAKE_MESSAGE);
  sender.start({ onMessage() {}, onEnd() {} });
  for (let n = 0; n < 10; n++) {
    sender.send(Uint8Array.of(n));
    sender.flush();
    deliver();
  }
  strictEqual(reader.rest().length, 1);
  for (let n = 1; n < 10; n++) {
    const reading = reader.read();
    deliver();
    deepStrictEqual(await reading, Uint8Array.of(n));
  }
});
