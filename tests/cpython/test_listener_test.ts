/**
 * Ported from `_TestListener`, `_TestListenerClient`, `TestInvalidFamily` and the
 * challenge cases of `OtherTest` and `ChallengeResponseTest` of CPython's
 * `_test_multiprocessing.py`.
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  answer_challenge,
  Client,
  type Connection,
  deliver_challenge,
  families,
  Listener,
} from "../../src/connection.ts";
import { createResponse, verifyResponse } from "../../src/connection/handshake.ts";
import { hmac } from "../../src/runtime/hmac.ts";
import { LEAKING, SOCKETS } from "../helpers/groups.ts";
import { pairOf } from "../helpers/socket_pairs.ts";
import { test } from "../suite.ts";
import { raises } from "./helpers/checks.ts";
import { bind, endAll } from "./helpers/kinds.ts";
import { connectAndSay, connectHere } from "./helpers/connection_targets.ts";

const KEY = new TextEncoder().encode("this is a key");

const clientCase = bind("_TestListenerClient", ["processes", "threads"]);

/** Connects and says hello, for each kind. */
const SAY = { processes: connectAndSay, threads: connectHere, manager: connectAndSay };

for (const family of families) {
  SOCKETS.test(`_TestListener.test_multiple_bind (${family})`, async () => {
    const first = await Listener({ family });
    await rejects(Listener(first.address, family), { name: "OSError", errno: 98 });
    first.close();
  });
}

clientCase("test_listener_client", async ({ TYPE, connection, ...kind }) => {
  for (const family of connection.families) {
    const listener = await connection.Listener({ family });
    const child = kind.Process({ target: SAY[TYPE], args: [listener.address] });
    child.daemon = true;
    await child.start();
    const accepted = await listener.accept();
    strictEqual(await accepted.recv(), "hello");
    if (TYPE === "processes") {
      strictEqual(family === "AF_UNIX", listener.last_accepted === "");
    }
    await endAll([child]);
    accepted.close();
    listener.close();
  }
}, LEAKING);

clientCase("test_issue14725", async ({ TYPE, connection, ...kind }) => {
  for (const family of connection.families) {
    const listener = await connection.Listener({ family });
    const child = kind.Process({ target: SAY[TYPE], args: [listener.address] });
    child.daemon = true;
    await child.start();
    await endAll([child]); // it connected, wrote, closed and ended
    const accepted = await listener.accept();
    strictEqual(await accepted.recv(), "hello");
    if (TYPE === "processes") await rejects(accepted.recv(), { name: "EOFError" });
    accepted.close();
    listener.close();
  }
}, LEAKING);

clientCase("test_issue16955", async ({ connection }) => {
  for (const family of connection.families) {
    const listener = await connection.Listener({ family });
    const connecting = connection.Client(listener.address);
    const server = await listener.accept(), client = await connecting;
    await server.send_bytes(new TextEncoder().encode("hello"));
    ok(await client.poll(10));
    client.close();
    server.close();
    listener.close();
  }
}, LEAKING);

const CLOSED = { name: "OSError", message: "listener is closed" };

/** Has a client send, and everything closed, as Python's `with` does. */
async function sendOnce(listener: Listener, authkey?: Uint8Array): Promise<void> {
  const [server, client] = await pairOf(listener, authkey && { authkey });
  await client.send(1729);
  strictEqual(await server.recv(), 1729);
  server.__exit__();
  client.__exit__();
  await rejects(server.recv(), { name: "OSError", message: "handle is closed" });
  strictEqual(listener.__enter__(), listener);
  listener.__exit__();
  await rejects(listener.accept(), CLOSED);
}

SOCKETS.test("_TestListener.test_context", async () => {
  await sendOnce(await Listener());
});

SOCKETS.test("_TestListener.test_empty_authkey", async () => {
  const authkey = new Uint8Array(0);
  const listener = await Listener({ authkey });
  const refused = rejects(listener.accept(), { name: "AuthenticationError" });
  await raises(Client(listener.address, { authkey: KEY }), "AuthenticationError");
  await refused;
  await sendOnce(listener, authkey);
});

SOCKETS.test("_TestListener.test_abstract_socket", async () => {
  const name = `\0something ${crypto.randomUUID()}`;
  const listener = await Listener(name);
  strictEqual(listener.address, name);
  await sendOnce(listener);
});

test("TestInvalidFamily.test_invalid_family", async () => {
  const text = "Family AF_PIPE is not recognized.";
  await raises(Listener("\\\\.\\test"), "ValueError", text);
});

/** A connection whose other end says what it is told to. */
function scripted(messages: string[]): Connection {
  let next = 0;
  return {
    send_bytes: () => Promise.resolve(),
    recv_bytes: () => Promise.resolve(new TextEncoder().encode(messages[next++] ?? "")),
  } as unknown as Connection;
}

test("OtherTest.test_deliver_challenge_auth_failure", async () => {
  const bogus = scripted(["something bogus"]);
  await raises(deliver_challenge(bogus, Uint8Array.of(98)), "AuthenticationError");
});

test("deliver_challenge takes the digest's name as CPython does", async () => {
  for (const name of ["md5", { digest_name: "md5" }]) {
    const sent: string[] = [];
    const peer = {
      send_bytes(bytes: Uint8Array) {
        sent.push(new TextDecoder("latin1").decode(bytes));
        return Promise.resolve();
      },
      recv_bytes: () => Promise.resolve(new Uint8Array()),
    } as unknown as Connection;
    const delivered = deliver_challenge(peer, Uint8Array.of(98), name);
    await raises(delivered, "AuthenticationError");
    ok(sent[0]!.startsWith("#CHALLENGE#{md5}"), sent[0]);
  }
});

test("OtherTest.test_answer_challenge_auth_failure", async () => {
  const challenge = "#CHALLENGE#" + "x".repeat(20);
  const fake = scripted([challenge, "something bogus"]);
  const answer = answer_challenge(fake, Uint8Array.of(98));
  await raises(answer, "AuthenticationError", "digest sent was rejected");
});

test("ChallengeResponseTest.test_challengeresponse", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const authkey = bytes("supadupasecretkey");
  for (const prefix of ["", "{md5}", "{sha256}"]) {
    // The length of a message of earlier versions.
    const message = bytes(`${prefix}is-twenty-bytes-long`);
    const response = createResponse(hmac, authkey, message);
    deepStrictEqual(response.subarray(0, prefix.length), bytes(prefix));
    verifyResponse(hmac, authkey, message, response);
  }
});

SOCKETS.test("the errors of Listener and Client are CPython's", async () => {
  const refused = "[Errno 111] Connection refused";
  await raises(Client(["127.0.0.1", 1]), "ConnectionRefusedError", refused);
  await rejects(Client("/no/such/path"), { name: "FileNotFoundError" });
  const unknown = "address type of 5 unrecognized";
  await raises(Client(5 as never), "TypeError", unknown);
  const listener = await Listener(["127.0.0.1", 0]);
  const text = { name: "TypeError", message: "authkey should be a byte string" };
  await rejects(Client(listener.address, { authkey: "x" as never }), text);
  await rejects(Listener({ authkey: "x" as never }), text);
  strictEqual(listener.last_accepted, null);
  listener.close();
  listener.close();
});

SOCKETS.test("a large message crosses, and one that is too long ends the reading", async () => {
  const listener = await Listener({ authkey: KEY });
  const [server, client] = await pairOf(listener, { authkey: KEY });
  const bytes = new Uint8Array(5_000_000).map((_, i) => i);
  const coming = server.recv_bytes();
  await client.send_bytes(bytes);
  deepStrictEqual(await coming, bytes);
  await client.send_bytes(new Uint8Array(100));
  await raises(server.recv_bytes(10), "OSError", "bad message length");
  await rejects(server.recv(), { message: "connection is write-only" });
  server.close();
  client.close();
  listener.close();
});
