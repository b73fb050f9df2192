/** Tests of src/connection/handshake.ts: the steps by themselves, and over a socket. */

import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import {
  answerChallenge,
  authenticate,
  createResponse,
  deliverChallenge,
  type Handshake,
  type Hmac,
  MAX_HANDSHAKES,
  MESSAGE_LENGTH,
  MessageReader,
  PendingHandshakes,
  verifyResponse,
  wasSlow,
} from "../../src/connection/handshake.ts";
import {
  MAX_HANDSHAKE_MESSAGE,
  MAX_MESSAGE,
  MessageSocket,
} from "../../src/connection/message_socket.ts";
import { AuthenticationError, ValueError } from "../../src/python/errors.ts";
import { hmac } from "../../src/runtime/hmac.ts";
import type { Socket, SocketHandlers } from "../../src/runtime/sockets.ts";
import { alive } from "../helpers/alive.ts";
import { messageSockets } from "../helpers/message_sockets.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { test } from "../suite.ts";
import { concat, hex, repeat, utf8 } from "../wire/support.ts";

const KEY = new TextEncoder().encode("key");

SOCKETS.test("both ends have the key: what comes next may be long", async () => {
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
});

SOCKETS.test("a wrong key is told to both, and the connection is closed", async () => {
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
});

SOCKETS.test(
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
);

SOCKETS.test("who says nothing is refused when its time is over", async () => {
  const [server, client] = await messageSockets(0);
  const refused = authenticate(server, KEY, true, MAX_MESSAGE, 0.05);
  const error = await alive(refused.then(() => undefined, (reason) => reason));
  strictEqual(error.name, "AuthenticationError");
  strictEqual(error.message, "handshake timed out");
  ok(wasSlow(error) && !wasSlow(new Error()) && !wasSlow(null));
  ok(!server.isOpen);
  client.close();
});

SOCKETS.test("a long message ends the connection before the key was shown", async () => {
  const [server, client] = await messageSockets(0);
  const refused = authenticate(server, KEY, true, MAX_MESSAGE);
  client.start({ onMessage() {}, onEnd() {} });
  client.send(new Uint8Array(MAX_HANDSHAKE_MESSAGE + 1));
  await rejects(refused, { name: "OSError", message: "bad message length" });
  client.close();
});

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

const RANDOM = Uint8Array.from({ length: MESSAGE_LENGTH }, (_, i) => i);
const DIGESTS = ["md5", "sha256", "sha384", "sha3_256", "sha3_384"];
const NONE: Hmac = () => undefined;

/** Runs one side on its own: what it sends when it receives these. */
function play(steps: Handshake, received: Uint8Array[]) {
  const sent: Uint8Array[] = [];
  const incoming = [...received];
  try {
    let step = steps.next();
    while (!step.done) {
      if ("send" in step.value) {
        sent.push(step.value.send);
        step = steps.next();
      } else {
        strictEqual(step.value.receive, MAX_HANDSHAKE_MESSAGE);
        step = steps.next(incoming.shift()!);
      }
    }
    return { sent, error: undefined };
  } catch (error) {
    return { sent, error: error as Error };
  }
}

/** Runs both sides against each other. */
function meet(deliverer: Handshake, answerer: Handshake) {
  const sides = [deliverer, answerer];
  const mail: Uint8Array[][] = [[], []];
  const errors: (Error | undefined)[] = [undefined, undefined];
  const results = sides.map((side) => side.next());
  for (let moved = true; moved;) {
    moved = false;
    for (const [i, side] of sides.entries()) {
      const step = results[i]!;
      if (step.done || errors[i]) continue;
      const sends = "send" in step.value;
      if (!sends && mail[i]!.length === 0) continue;
      moved = true;
      if ("send" in step.value) mail[1 - i]!.push(step.value.send);
      try {
        results[i] = sends ? side.next() : side.next(mail[i]!.shift()!);
      } catch (error) {
        errors[i] = error as Error;
      }
    }
  }
  return { done: results.map((step) => step.done === true), errors };
}

test("hmac: each digest has the value that Python's has", () => {
  const known = [
    ["md5", "442ba079e8ec6206f7f5534d4653db0f"],
    ["sha256", "c38edc8815c8489f64738978f44008f8596345545f0baa68ef6fcf5c53e57189"],
    ["sha3_256", "e4c0154f7b7ec214b07a01ebe3b211b3e1220b1758bc4ec5ec4abeec1529ce67"],
  ];
  for (const [digest, value] of known) {
    strictEqual(hex(hmac(digest!, utf8("k"), utf8("x"))!), value);
  }
  strictEqual(hmac("sha384", utf8("k"), utf8("x"))?.length, 48);
  strictEqual(hmac("sha3_384", utf8("k"), utf8("x"))?.length, 48);
  strictEqual(hmac("rot13", utf8("k"), utf8("x")), undefined);
});

test("handshake: with the same key both sides are content, whatever the digest", () => {
  for (const digest of DIGESTS) {
    for (const key of [KEY, new Uint8Array(), new Uint8Array(1000)]) {
      const { done, errors } = meet(
        deliverChallenge(hmac, key, RANDOM, digest),
        answerChallenge(hmac, key),
      );
      deepStrictEqual(done, [true, true]);
      deepStrictEqual(errors, [undefined, undefined]);
    }
  }
});

test("handshake: with different keys both sides fail, each with its text", () => {
  for (const digest of DIGESTS) {
    const { errors } = meet(
      deliverChallenge(hmac, KEY, RANDOM, digest),
      answerChallenge(hmac, utf8("other")),
    );
    const texts = errors.map((error) => `${error}`);
    deepStrictEqual(texts, [
      "AuthenticationError: digest received was wrong",
      "AuthenticationError: digest sent was rejected",
    ]);
  }
});

test("deliverChallenge: challenge, then the verdict", () => {
  const challenge = concat(utf8("#CHALLENGE#{sha256}"), RANDOM);
  const proof = concat(utf8("{sha256}"), hmac("sha256", KEY, challenge.subarray(11))!);
  const good = play(deliverChallenge(hmac, KEY, RANDOM), [proof]);
  deepStrictEqual(good.sent, [challenge, utf8("#WELCOME#")]);
  strictEqual(good.error, undefined);
  proof[20]! ^= 1;
  const bad = play(deliverChallenge(hmac, KEY, RANDOM), [proof]);
  deepStrictEqual(bad.sent, [challenge, utf8("#FAILURE#")]);
  strictEqual(`${bad.error}`, "AuthenticationError: digest received was wrong");
});

test("deliverChallenge: accepts the answer of a Python before 3.12", () => {
  const message = concat(utf8("{sha256}"), RANDOM);
  const { error } = play(deliverChallenge(hmac, KEY, RANDOM), [
    hmac("md5", KEY, message)!,
  ]);
  strictEqual(error, undefined);
});

/** Ports of CPython's `OtherTest`. */
test("deliverChallenge: a bogus answer is an AuthenticationError", () => {
  const { error, sent } = play(deliverChallenge(hmac, utf8("abc"), RANDOM), [
    utf8("something bogus"),
  ]);
  ok(error instanceof AuthenticationError);
  strictEqual(
    error.message,
    "unsupported message length, missing digest prefix, or unsupported digest: " +
      "message=b'something bogus'",
  );
  deepStrictEqual(sent[1], utf8("#FAILURE#"));
});

test("answerChallenge: a bogus second message is an AuthenticationError", () => {
  const challenge = concat(utf8("#CHALLENGE#{md5}"), RANDOM);
  for (const first of [challenge, utf8("#CHALLENGE#")]) {
    const { error } = play(answerChallenge(hmac, utf8("abc")), [
      first,
      utf8("something bogus"),
    ]);
    ok(error instanceof AuthenticationError);
  }
});

test("createResponse: a challenge of 20 bytes gets 16 bytes of MD5, without a prefix", () => {
  const challenge = RANDOM.subarray(0, 20);
  deepStrictEqual(createResponse(hmac, KEY, challenge), hmac("md5", KEY, challenge));
  const withoutMd5: Hmac = (digest, ...rest) =>
    digest === "md5" ? undefined : hmac(digest, ...rest);
  const response = createResponse(withoutMd5, KEY, challenge);
  deepStrictEqual(response.subarray(0, 8), utf8("{sha256}"));
  throws(() => createResponse(NONE, KEY, concat(utf8("{md5}"), RANDOM)), {
    constructor: ValueError,
    message: "unsupported hash type md5",
  });
});

test("answerChallenge: each thing that is no challenge, with its text", () => {
  const unsupported =
    "unsupported message length, missing digest prefix, or unsupported digest";
  for (
    const [message, text] of [
      [utf8("hello"), "Protocol error, expected challenge: message=b'hello'"],
      [utf8("'\"\0"), `Protocol error, expected challenge: message=b'\\'"\\x00'`],
      [new Uint8Array(), "Protocol error, expected challenge: message=b''"],
      [utf8("#CHALLENGE#"), "challenge too short: {len(message)} bytes"],
      [
        utf8("#CHALLENGE#" + "x".repeat(19)),
        "challenge too short: {len(message)} bytes",
      ],
      [
        utf8("#CHALLENGE#{sha1}" + "x".repeat(40)),
        `${unsupported}: message=b'{sha1}${"x".repeat(40)}'`,
      ],
      [
        utf8("#CHALLENGE#" + "x".repeat(21)),
        `${unsupported}: message=b'${"x".repeat(21)}'`,
      ],
    ] as const
  ) {
    const { error, sent } = play(answerChallenge(hmac, KEY), [message]);
    ok(error instanceof AuthenticationError);
    strictEqual(error.message, text);
    deepStrictEqual(sent, []);
  }
});

test("verifyResponse: proofs of the wrong length, and digests that are not there", () => {
  const message = concat(utf8("{sha256}"), RANDOM);
  throws(() => verifyResponse(hmac, KEY, message, utf8("{sha256}x")), {
    message: "expected 'sha256' of length 32 got 1",
  });
  throws(() => verifyResponse(hmac, KEY, message, new Uint8Array(20)), {
    message: "expected 'md5' of length 16 got 20",
  });
  throws(() => verifyResponse(NONE, KEY, message, utf8("{sha3_256}x")), {
    constructor: AuthenticationError,
    message: "response_digest='sha3_256' unsupported",
  });
});

test("handshake: a key must be bytes, known at once", () => {
  for (
    const [key, type] of [["abc", "str"], [1, "int"], [null, "NoneType"], [
      [],
      "list",
    ]] as const
  ) {
    const expected = {
      constructor: ValueError,
      message: `Authkey must be bytes, not <class '${type}'>`,
    };
    throws(
      () => deliverChallenge(hmac, key as unknown as Uint8Array, RANDOM),
      expected,
    );
    throws(() => answerChallenge(hmac, key as unknown as Uint8Array), expected);
  }
  throws(() => deliverChallenge(hmac, KEY, RANDOM.subarray(1)), /protocol constraint/);
});

test("handshake: random messages are never welcome, and raise nothing else", () => {
  const operands = ["#WELCOME#", "#CHALLENGE#{md5}", "{sha256}", ""].map(utf8);
  repeat(5000, (random) => {
    const message = () => {
      const rest = random.bytes(random.of([2, 20, 60]));
      return random.mutated(concat(random.of(operands), rest, Uint8Array.of(33)));
    };
    for (
      const steps of [deliverChallenge(hmac, KEY, RANDOM), answerChallenge(hmac, KEY)]
    ) {
      const { error } = play(steps, [message(), concat(message(), Uint8Array.of(33))]);
      ok(error instanceof AuthenticationError, `${error}`);
    }
  });
});

test("verifyResponse: each byte of a proof counts", () => {
  const message = concat(utf8("{sha256}"), RANDOM);
  const response = createResponse(hmac, KEY, message);
  verifyResponse(hmac, KEY, message, response);
  for (let at = utf8("{sha256}").length; at < response.length; at++) {
    const wrong = response.slice();
    wrong[at]! ^= 1;
    throws(() => verifyResponse(hmac, KEY, message, wrong), AuthenticationError);
  }
});
