/**
 * What a process that lies can put into a message: every kind × every field × values that
 * do not belong there. Either the decoder says what is wrong, or the hub does as little for
 * it as for an honest message.
 */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Encoder } from "cbor-x/encode";
import { ProtocolError } from "../../src/python/errors.ts";
import { ObjectType } from "../../src/hub/object.ts";
import { Kind, type Message, type ToHub } from "../../src/wire/message.ts";
import { SCHEMA } from "../../src/wire/schema.ts";
import { decodeMessage } from "../../src/wire/decoder.ts";
import { test } from "../suite.ts";
import { item, TestHub } from "./support.ts";

const SPACE = 2 ** 32;

/** What process 1 holds: one object of each type, and the lock of the condition. */
const OBJECTS = [...Object.values(ObjectType), 7, 8].map((n) => SPACE + n);
const CHILD = SPACE + 50;

/** Operations that one message may cause: a few for each of the processes that there are. */
const MAX_OPERATIONS = 40;

/** Milliseconds in which a message is surely handled, also where all else is slow. */
const CLAIM_WAIT = 1000;

/** Counts what the hub does. */
class CountingHub extends TestHub {
  operations = 0;

  override send(...args: Parameters<TestHub["send"]>): void {
    this.operations++;
    super.send(...args);
  }

  override setTimer(...args: Parameters<TestHub["setTimer"]>): unknown {
    this.operations++;
    return super.setTimer(...args);
  }
}

/** A hub in which process 1 holds some of everything, and others take part. */
function world(): CountingHub {
  const hub = new CountingHub(3);
  const made: [type: keyof typeof ObjectType, args: number[]][] = [
    ["Queue", [0]],
    ["Semaphore", [2, 5, 0]],
    ["Condition", [SPACE + 7]],
    ["Event", []],
    ["Barrier", [3, 1]],
    ["PipeEnd", []],
  ];
  hub.receive(1, [Kind.Create, SPACE + 7, ObjectType.Semaphore, [1, 1, 1]]);
  for (const [type, args] of made) {
    const number = ObjectType[type];
    hub.receive(1, [Kind.Create, SPACE + number, number, args]);
  }
  hub.receive(1, [Kind.Create, SPACE + 8, ObjectType.PipeEnd, [
    SPACE + ObjectType.PipeEnd,
    1,
  ]]);
  hub.receive(1, [Kind.Launch, CHILD, 0, item(0), item(0)]);
  hub.receive(1, [Kind.Give, CHILD, OBJECTS]);
  for (let i = 0; i < 5; i++) {
    hub.receive(CHILD, [Kind.Put, SPACE + ObjectType.Queue, 0, true, item(i)]);
    hub.receive(CHILD, [Kind.Send, SPACE + 8, 0, item(i)]);
  }
  hub.operations = 0;
  return hub;
}

/** An honest value for each letter of a schema. */
const HONEST: Readonly<Record<string, unknown>> = {
  u: 1,
  w: 1,
  t: 0,
  g: 15,
  e: 0,
  s: "text",
  b: item(1),
  "?": true,
  v: null,
  U: [1],
  N: [1],
  B: [item(1)],
};

/** What may stand where a number is expected, and elsewhere. */
const HOSTILE: readonly unknown[] = [
  ...[2 ** 52, 2 ** 53 - 1, 2 ** 53, 2 ** 64, 1e300, 2 ** 32, 2 ** 32 - 1, 2 ** 31],
  ...[-1, -(2 ** 31), -(2 ** 53), -0, 0, 1.5, -1.5, 5e-324, NaN, Infinity, -Infinity],
  ...[2n ** 53n, -(2n ** 60n), 2n ** 64n - 1n],
  ...["", "7", "x".repeat(1000), true, false, null, undefined],
  ...[new Uint8Array(0), item(7), new Uint8Array(1000)],
  ...[[], [1], [-1], [1.5], [NaN], [2 ** 53 - 1], ["1"], [[1]], [[[]]], [item(1)], [
    null,
  ]],
  ...[Array.from({ length: 300 }, (_, i) => i), { length: 1 }, new Map([[1, 2]])],
  ...[new Date(0), /x/, new Set([1])],
];

/** Messages as a liar would write them: one field is wrong, or one is missing or too much. */
function* lies(kind: Kind, subject: number): Generator<unknown[]> {
  const honest: unknown[] = [
    kind,
    ...[...SCHEMA[kind]].map((letter) => HONEST[letter]),
  ];
  if (honest.length > 1) honest[1] = SCHEMA[kind].startsWith("u") ? subject : honest[1];
  yield honest;
  yield honest.slice(0, -1);
  for (const value of HOSTILE) {
    yield [...honest, value];
    for (let field = 0; field < honest.length; field++) yield honest.with(field, value);
  }
}

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });

function bytesOf(message: unknown[]): Uint8Array {
  return new Uint8Array(encoder.encode(message)); // a Uint8Array proper
}

/** The message, if it is one. */
function decoded(lie: unknown[]): Message | undefined {
  const bytes = bytesOf(lie);
  try {
    return decodeMessage(bytes, 0, bytes.length);
  } catch (error) {
    ok(error instanceof ProtocolError, String(error));
    return undefined;
  }
}

/** Whether every field is within the range that its letter promises. */
function fits(message: Message): boolean {
  const isBelow = (limit: number) => (value: unknown) =>
    Number.isSafeInteger(value) && value as number >= 0 && value as number < limit;
  const isBytes = (value: unknown) => value instanceof Uint8Array;
  const isText = (value: unknown) => typeof value === "string";
  const isListOf = (is: (value: unknown) => boolean) => (value: unknown) =>
    Array.isArray(value) && value.every(is);
  const ranges: Record<string, (value: unknown) => boolean> = {
    u: isBelow(2 ** 53),
    w: isBelow(2 ** 32),
    t: isBelow(256),
    g: (value) => isBelow(65)(value) && value !== 0,
    e: (value) => isBelow(2 ** 32)(value) || isBelow(65)(-(value as number)),
    s: isText,
    b: isBytes,
    "?": (value) => typeof value === "boolean",
    v: (value) =>
      Number.isSafeInteger(value) || typeof value === "boolean" || value === null ||
      isText(value) || isBytes(value),
    U: isListOf(isBelow(2 ** 53)),
    N: isListOf((value) => typeof value === "number"),
    B: isListOf(isBytes),
  };
  const letters = [...SCHEMA[message[0]]];
  return message.length === letters.length + 1 &&
    letters.every((letter, i) => ranges[letter]!(message[i + 1]));
}

for (const [name, kind] of Object.entries(Kind)) {
  test(`${name}: whatever it says, it is refused or costs what an honest one costs`, () => {
    let accepted = 0, worst = 0;
    for (const subject of [0, 1, 2, CHILD, ...OBJECTS]) {
      for (const lie of lies(kind, subject)) {
        const message = decoded(lie);
        if (message === undefined) continue;
        ok(fits(message), String(message));
        accepted++;
        const hub = world();
        const before = performance.now();
        try {
          hub.receive(1, message as ToHub);
        } catch (error) {
          // `sent` and all else is as it was for the others: only this link ends.
          ok(error instanceof ProtocolError, `${error} by ${message}`);
        }
        worst = Math.max(worst, performance.now() - before);
        ok(hub.operations <= MAX_OPERATIONS, `${hub.operations} by ${message}`);
        // The others go on.
        hub.take(2);
        hub.receive(2, [Kind.Create, 2 * SPACE + 1, ObjectType.Event, []]);
        hub.receive(2, [Kind.Call, 2 * SPACE + 1, 9, 0, []]);
        deepStrictEqual(hub.take(2), [[Kind.Answer, 2 * SPACE + 1, 9, false]]);
      }
    }
    const isPiece = kind === Kind.Piece || kind === Kind.LastPiece;
    strictEqual(accepted > 0, !isPiece);
    ok(worst < CLAIM_WAIT, `${worst} ms`);
  });
}

test("what was sent while much is waited for costs no more than that", () => {
  const queue = SPACE + ObjectType.Queue, end = SPACE + ObjectType.PipeEnd;
  const count = 2 ** 32 - 1, index = 2 ** 53 - 1;
  const frames: ToHub[] = [
    ...[queue, end].flatMap((object): ToHub[] => [
      [Kind.Want, object, count],
      [Kind.Want, object, count],
      [Kind.Unwant, object],
      [Kind.Return, object, 0, index],
      [Kind.Return, object, index, 0],
      [Kind.AckUpTo, object, index],
      [Kind.Want, object, count],
      [Kind.Return, object, 1, index],
    ]),
    [Kind.Call, SPACE + ObjectType.Condition, 0, 1, [index]],
    [Kind.Call, SPACE + ObjectType.Barrier, 5, 1, [index, index]],
    [Kind.Create, SPACE + 60, ObjectType.Barrier, [index, 1]],
    [Kind.Create, SPACE + 61, ObjectType.Queue, [index]],
  ];
  const hub = world();
  const before = performance.now();
  for (const frame of frames) hub.receive(1, frame);
  hub.hub.gone(1, -9);
  ok(performance.now() - before < CLAIM_WAIT);
  ok(hub.operations <= MAX_OPERATIONS * frames.length);
});

test("a release that is not one's own tells each taker once for what it has taken", () => {
  const hub = new CountingHub(2);
  hub.receive(0, [Kind.Create, 5, ObjectType.Semaphore, [500, 1000, 0]]);
  hub.receive(0, [Kind.Give, 1, [5]]);
  hub.receive(0, [Kind.Give, 2, [5]]);
  hub.receive(1, [Kind.Acquire, 5, 1, true]);
  hub.take(1);
  for (let i = 0; i < 100; i++) hub.receive(2, [Kind.Release, 5, 0]);
  deepStrictEqual(hub.take(1), [[Kind.Disowned, 5]]);
  hub.receive(1, [Kind.Acquire, 5, 2, true]);
  hub.take(1);
  hub.receive(2, [Kind.Release, 5, 0]);
  deepStrictEqual(hub.take(1), [[Kind.Disowned, 5]]);
});

test("a call that waits already does not wait twice, and no wake-up is lost by it", () => {
  const hub = new CountingHub(2);
  const [lock, condition] = [5, 6];
  hub.receive(0, [Kind.Create, lock, ObjectType.Semaphore, [1, 1, 1]]);
  hub.receive(0, [Kind.Create, condition, ObjectType.Condition, [lock]]);
  for (const process of [1, 2]) hub.receive(0, [Kind.Give, process, [lock, condition]]);
  for (const process of [1, 2]) {
    hub.receive(process, [Kind.Acquire, lock, 10, true]);
    hub.receive(process, [Kind.Call, condition, 11, 0, []]);
  }
  hub.receive(0, [Kind.Acquire, lock, 1, true]);
  hub.receive(1, [Kind.Acquire, lock, 11, true]); // the number of its wait
  hub.take(2);
  hub.receive(0, [Kind.Call, condition, 0, 1, [1]]);
  hub.receive(0, [Kind.Release, lock, 0]); // to process 1, for its lie
  hub.receive(1, [Kind.Release, lock, 0]);
  deepStrictEqual(hub.take(2), [[Kind.Answer, condition, 11, true]]);
});

test("SendShared: a ticket for each object, or none", () => {
  const hub = world();
  const end = SPACE + 8;
  for (const [objects, tokens] of [[[end], []], [[], [1]], [[end], [1, 2]]]) {
    throws(
      () => hub.receive(1, [Kind.SendShared, end, 0, item(1), objects!, tokens!]),
      ProtocolError,
    );
  }
});
