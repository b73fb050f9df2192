/** Handshakes with each CPython of this machine, and its framing. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { hmac } from "../src/runtime/hmac.ts";
import {
  answerChallenge,
  CHALLENGE_LENGTH,
  deliverChallenge,
  type Handshake,
} from "../src/wire/challenge.ts";
import { encodePythonFrame, PythonFrameDecoder } from "../src/wire/python_frame.ts";
import {
  type Python,
  pythonTest,
  pythonVersions,
  runPython,
} from "./helpers/python.ts";
import { bytes, concat, hex, Random, utf8 } from "./wire/support.ts";

const versions = pythonVersions();
const KEY = utf8("supadupasecretkey");

/** What Python's `os.urandom` is made to give, and we are given. */
const RANDOM = Uint8Array.from({ length: CHALLENGE_LENGTH }, (_, i) => i);

/** One side of a handshake: which, its key, and what it receives. */
interface Side {
  part: "deliver" | "answer";
  key: Uint8Array;
  received: Uint8Array[];
}

/** What it sent, and how it ended: nothing, or an error's class and text. */
interface Transcript {
  sent: string[];
  error: string;
}

/** Plays each line's side: `<part> <key> <message>,<message>…`, all in hexadecimal. */
const PLAY = String.raw`
import json, sys
from multiprocessing import connection
connection.os.urandom = lambda count: bytes(range(count))
class Fake:
    def __init__(self, received): self.received, self.sent = received, []
    def send_bytes(self, data): self.sent.append(data.hex())
    def recv_bytes(self, maxlength): return self.received.pop(0)
for line in sys.stdin:
    part, key, messages = line.rstrip('\n').split(' ')
    fake, error = Fake([bytes.fromhex(m) for m in messages.split(',')]), ''
    play = connection.deliver_challenge if part == 'deliver' else connection.answer_challenge
    try: play(fake, bytes.fromhex(key))
    except Exception as e: error = '%s: %s' % (type(e).__name__, e)
    print(json.dumps({'sent': fake.sent, 'error': error}))
`;

async function playPython(python: Python, sides: Side[]): Promise<Transcript[]> {
  const stdin = sides.map(({ part, key, received }) =>
    `${part} ${hex(key)} ${received.map(hex).join()}\n`
  ).join("");
  const { stdout, stderr } = await runPython(PLAY, [], { python, stdin });
  strictEqual(stderr, "");
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}

function start({ part, key }: Side): Handshake {
  return part === "deliver"
    ? deliverChallenge(hmac, key, RANDOM)
    : answerChallenge(hmac, key);
}

function playOurs(side: Side): Transcript {
  const sent: string[] = [];
  const steps = start(side);
  const received = [...side.received];
  try {
    let step = steps.next();
    while (!step.done) {
      if ("send" in step.value) sent.push(hex(step.value.send));
      step = "send" in step.value ? steps.next() : steps.next(received.shift()!);
    }
    return { sent, error: "" };
  } catch (error) {
    return { sent, error: `${error}` };
  }
}

const WELCOME = utf8("#WELCOME#");
const FAILURE = utf8("#FAILURE#");
const REJECTED = "AuthenticationError: digest sent was rejected";
const WRONG = "AuthenticationError: digest received was wrong";

for (const python of versions) {
  pythonTest(
    `challenge: Python ${python.version} answers ours, and is believed`,
    async () => {
      const [challenge] = playOurs({ part: "deliver", key: KEY, received: [] }).sent;
      const [proof, rejected] = await playPython(python, [
        { part: "answer", key: KEY, received: [bytes(challenge!), WELCOME] },
        { part: "answer", key: KEY, received: [bytes(challenge!), FAILURE] },
      ]);
      strictEqual(proof!.error, "");
      strictEqual(rejected!.error, REJECTED);
      const received = [bytes(proof!.sent[0]!)];
      const verdict = playOurs({ part: "deliver", key: KEY, received });
      deepStrictEqual(verdict, { sent: [challenge, hex(WELCOME)], error: "" });
      const other = playOurs({ part: "deliver", key: utf8("other"), received });
      deepStrictEqual(other, { sent: [challenge, hex(FAILURE)], error: WRONG });
    },
  );

  pythonTest(
    `challenge: we answer that of Python ${python.version}, and are believed`,
    async () => {
      // What it will send is known, so our answer can be made before.
      const [{ sent: [challenge] }] = await playPython(python, [
        { part: "deliver", key: KEY, received: [utf8("x")] },
      ]) as [Transcript];
      const ours = playOurs({
        part: "answer",
        key: KEY,
        received: [bytes(challenge!), WELCOME],
      });
      strictEqual(ours.error, "");
      const proof = bytes(ours.sent[0]!);
      const [believed, wrong] = await playPython(python, [
        { part: "deliver", key: KEY, received: [proof] },
        { part: "deliver", key: utf8("other"), received: [proof] },
      ]);
      deepStrictEqual(believed, { sent: [challenge, hex(WELCOME)], error: "" });
      deepStrictEqual(wrong, { sent: [challenge, hex(FAILURE)], error: WRONG });
    },
  );
}

/** Messages near to what is right, for either side. */
function randomSide(random: Random): Side {
  const parts = [
    "#CHALLENGE#",
    "#WELCOME#",
    "{md5}",
    "{sha256}",
    "{sha3_384}",
    "{sha1}",
    "{",
    "}",
  ];
  const tail = () =>
    new Uint8Array(random.of([0, 1, 16, 19, 20, 21, 32, 48, 52, 80])).fill(88);
  const message = () =>
    random.below(3) === 0 ? random.mutated(WELCOME) : concat(
      ...Array.from({ length: random.below(3) }, () => utf8(random.of(parts))),
      tail(),
    );
  const part = random.of(["deliver", "answer"] as const);
  return { part, key: random.bytes(3), received: [message(), message()] };
}

const modern = versions.find(({ version }) => Number(version.split(".")[1]) >= 12);

pythonTest("challenge: each text and byte is that of a modern CPython", async () => {
  const sides = Array.from({ length: 2000 }, (_, i) => randomSide(new Random(i + 1)));
  const transcripts = await playPython(modern!, sides);
  const seen = new Set<string>();
  for (const [i, side] of sides.entries()) {
    const ours = playOurs(side);
    deepStrictEqual(ours, transcripts[i], `seed ${i + 1}`);
    seen.add(ours.error.replace(/message=.*/, ""));
  }
  ok(seen.size >= 5, [...seen].join("\n"));
}, { skip: modern === undefined && "no Python from 3.12 on" });

const MESSAGES = [0, 1, 4, 255, 256, 16384, 16385, 40_000].map((length) =>
  new Uint8Array(length).map((_, i) => i % 255)
);

/** Receives frames, and tells the messages' lengths and sums. */
const RECEIVE = String.raw`
import sys
from multiprocessing.connection import Connection
c = Connection(0, writable=False)
try:
    while True:
        data = c.recv_bytes()
        print(len(data), sum(data))
except EOFError: print('end')
except OSError as error: print(error)
`;

/** Sends messages of the lengths it is told, and shows the bytes that it sent. */
const SEND = String.raw`
import os, sys, threading
from multiprocessing.connection import Connection
r, w = os.pipe()
def send():
    c = Connection(w, readable=False)
    for length in sys.argv[1:]: c.send_bytes(bytes(i % 255 for i in range(int(length))))
    c.close()
threading.Thread(target=send).start()
with open(r, 'rb') as f: print(f.read().hex())
`;

for (const python of versions) {
  pythonTest(
    `frames: Python ${python.version} receives ours, and we its own`,
    async () => {
      const stdin = concat(...MESSAGES.flatMap(encodePythonFrame));
      const lines = MESSAGES.map((message) =>
        `${message.length} ${message.reduce((sum, byte) => sum + byte, 0)}`
      );
      const received = await runPython(RECEIVE, [], { python, stdin });
      deepStrictEqual(received.stdout.trim().split("\n"), [...lines, "end"]);
      const cut = await runPython(RECEIVE, [], {
        python,
        stdin: stdin.subarray(0, -1),
      });
      const last = cut.stdout.trim().split("\n").at(-1);
      strictEqual(last, "got end of file during message");

      const lengths = MESSAGES.map((message) => `${message.length}`);
      const sent = await runPython(SEND, lengths, { python });
      const decoder = new PythonFrameDecoder();
      decoder.push(bytes(sent.stdout.trim()));
      deepStrictEqual(MESSAGES.map(() => decoder.read()), MESSAGES);
      strictEqual(decoder.buffered, 0);
    },
  );
}
