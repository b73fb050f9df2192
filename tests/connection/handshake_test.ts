/** The handshake over a socket: who has the key, who has not, who says nothing. */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { authenticate, wasSlow } from "../../src/connection/handshake.ts";
import {
  MAX_HANDSHAKE_MESSAGE,
  MAX_MESSAGE,
} from "../../src/connection/message_socket.ts";
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
