/**
 * Helpers of the tests of the wire: hexadecimal, a message of every kind, and random bytes
 * that are the same for the same seed.
 *
 * @module
 */

import process from "node:process";
import { Kind, type Message } from "../../src/wire/message.ts";

export { concat } from "../../src/wire/bytes.ts";

/** The mark that the tests use. */
export const MARK = 0xcafebabe;

/** Bytes from hexadecimal digits; blanks do not count. */
export function bytes(hex: string): Uint8Array {
  const digits = hex.replaceAll(" ", "");
  return Uint8Array.from(
    { length: digits.length / 2 },
    (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

/** Hexadecimal digits of bytes. */
export function hex(of: Uint8Array): string {
  return Array.from(of, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** UTF-8 of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Messages of every kind, with the bytes of their arrays. */
export const VECTORS: readonly (readonly [Message, string])[] = [
  [
    [Kind.Init, 1, 2, MARK, bytes("a0"), "/d"],
    "86 01 01 02 1acafebabe 41a0 622f64",
  ],
  [
    [Kind.Boot, 2, 0, bytes("8101"), [3, 2 ** 32 + 1]],
    "85 02 02 00 428101 82 03 1b0000000100000001",
  ],
  [[Kind.Launch, 2, 9, bytes("f6"), bytes("a0")], "85 03 02 09 41f6 41a0"],
  [[Kind.Signal, 23, 15], "83 04 17 0f"],
  [[Kind.Exited, 24, -9], "83 05 1818 28"],
  [[Kind.Exited, 255, 0], "83 05 18ff 00"],
  [[Kind.Answer, 0, 7, null], "84 08 00 07 f6"],
  [[Kind.Answer, 0, 7, true], "84 08 00 07 f5"],
  [[Kind.Answer, 0, 7, 2 ** 53 - 1], "84 08 00 07 1b001fffffffffffff"],
  [[Kind.Answer, 0, 7, 1 - 2 ** 53], "84 08 00 07 3b001ffffffffffffe"],
  [[Kind.Answer, 0, 7, "ü\ud83d\ude00"], "84 08 00 07 66c3bcf09f9880"],
  [[Kind.Answer, 0, 7, bytes("00ff")], "84 08 00 07 4200ff"],
  [[Kind.Failure, 256, 1, "Full", ""], "85 09 190100 01 6446756c6c 60"],
  [[Kind.Call, 65535, 1, 2, [5, 256]], "85 0a 19ffff 01 02 82 05 190100"],
  [[Kind.Cancel, 65536, 1], "83 0b 1a00010000 01"],
  [[Kind.Create, 2 ** 32 - 1, 4, [7]], "84 0c 1affffffff 04 81 07"],
  [[Kind.Drop, 2 ** 32], "82 0d 1b0000000100000000"],
  [[Kind.Holds, 24, bytes("f6")], "83 0f 1818 41f6"],
  [[Kind.Ready, 3], "82 0e 03"],
  [[Kind.Put, 5, 0, true, bytes("6161")], "85 10 05 00 f5 426161"],
  [[Kind.Put, 5, 3, false, bytes("")], "85 10 05 03 f4 40"],
  [[Kind.Want, 2 ** 53 - 1, 1], "83 11 1b001fffffffffffff 01"],
  [[Kind.Unwant, 5], "82 12 05"],
  [[Kind.Ask, 5, 1000, 3], "84 183f 05 1903e8 03"],
  [[Kind.Grab, 5, 1000, 7, 0], "85 13 05 1903e8 07 00"],
  [[Kind.Items, 5, []], "83 14 05 80"],
  [[Kind.Items, 5, [bytes("01"), bytes("f6f6")]], "83 14 05 82 4101 42f6f6"],
  [[Kind.Ack, 5], "82 15 05"],
  [[Kind.Revoke, 5], "82 16 05"],
  [[Kind.Return, 5, 1, 2], "84 17 05 01 02"],
  [[Kind.Acquire, 5, 3, true], "84 1818 05 03 f5"],
  [[Kind.Release, 5, 0], "83 1819 05 00"],
  [[Kind.Disowned, 5], "82 181a 05"],
  [[Kind.Acquire, 10, 1, true], "84 1818 0a 01 f5"],
  [[Kind.Acquire, 5, 10, false], "84 1818 05 0a f4"],
  [[Kind.Share, 5, 2 ** 52 + 1], "83 1828 05 1b0010000000000001"],
  [[Kind.Claim, 5, 256], "83 182a 05 190100"],
  [[Kind.Claimed, 5, 7, false], "84 182b 05 07 f4"],
  [[Kind.Freed, 5, 7], "83 1842 05 07"],
  [[Kind.Word, 5, "/w", 300, 2], "85 1843 05 622f77 19012c 02"],
  [[Kind.Preload, bytes("f6")], "82 1844 41f6"],
  [[Kind.ShutDown, 5, true], "83 1845 05 f5"],
  [[Kind.Give, 2, [5, 2 ** 32]], "83 182c 02 82 05 1b0000000100000000"],
  [[Kind.Send, 5, 0, bytes("0a0a")], "84 182d 05 00 420a0a"],
  [[Kind.SendShared, 5, 3, bytes("f6"), [2], [9]], "86 182e 05 03 41f6 8102 81 09"],
  [[Kind.Watch, 5], "82 182f 05"],
  [[Kind.Feed, 5, true], "83 1830 05 f5"],
  [[Kind.End, 10, false], "83 1831 0a f4"],
  [[Kind.Readable, 5], "82 1832 05"],
  [[Kind.Credit, 5, 65536], "83 1833 05 1a00010000"],
  [[Kind.Broken, 5], "82 1834 05"],
  [[Kind.AckUpTo, 5, 300], "83 1835 05 19012c"],
  [
    [Kind.Tell, 5, [1, 2 ** 32], [bytes("8107")]],
    "84 1838 05 82 01 1b0000000100000000 81 428107",
  ],
  [
    [Kind.Report, 5, [0.1, -1, -0, Infinity, 2 ** 53], []],
    "84 1839 05 85 fb3fb999999999999a 20 fb8000000000000000 fb7ff0000000000000 " +
    "fb4340000000000000 80",
  ],
  [[Kind.Report, 5, [], []], "84 1839 05 80 80"],
  [[Kind.StderrTail, 5, "oh"], "83 183a 05 626f68"],
  [[Kind.ChannelOffer, "/d", "/u"], "83 183c 622f64 622f75"],
  [[Kind.ChannelOpened, true], "82 183d f5"],
  [[Kind.Claims, "/1", "/2"], "83 1840 622f31 622f32"],
  [[Kind.ClaimsOpened, false], "82 1841 f4"],
  [[Kind.Hosted, 300, 0, ""], "84 1846 19012c 00 60"],
  [[Kind.Hosted, 0, -9, "no"], "84 1846 00 28 626e6f"],
  [[Kind.Observe, 500, 1], "83 1847 1901f4 01"],
  [[Kind.Seen, bytes("7b7d")], "82 1848 427b7d"],
  [
    [Kind.ByChannel, 4096, 70000, [3, 65536]],
    "84 183e 191000 1a00011170 82 03 1a00010000",
  ],
];

/** The error's text for a field, counted from 1, that does not fit. */
export function wrong(kind: string, field: number, meaning: string): string {
  return `malformed ${kind} message: field ${field} must be ${meaning}`;
}

/** The same for a field that must be an unsigned integer. */
export function unsigned(kind: string, field: number): string {
  return wrong(kind, field, "an unsigned integer below 2 ** 53");
}

/** A message `[Put, 1, 0, true, item]`, for tests in which the item's length counts. */
export function put(item: Uint8Array): Message {
  return [Kind.Put, 1, 0, true, item];
}

/** Numbers that look random and are the same for the same seed. */
export class Random {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed;
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number {
    // Mulberry32.
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * limit);
  }

  /** One of several things. */
  of<T>(things: readonly T[]): T {
    return things[this.below(things.length)]!;
  }

  /** Up to `limit` bytes of any value. */
  bytes(limit: number): Uint8Array {
    return Uint8Array.from({ length: this.below(limit + 1) }, () => this.below(256));
  }

  /** The same bytes in parts, some of them of one byte or none. */
  split(whole: Uint8Array): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < whole.length;) {
      const end = at + this.below(this.of([2, 3, 10, whole.length + 1]));
      parts.push(whole.slice(at, end));
      at = end;
    }
    return parts;
  }

  /** A copy with some bytes changed, left out, doubled or put in. */
  mutated(whole: Uint8Array): Uint8Array {
    const result = Array.from(whole);
    for (let i = this.below(4); i > 0; i--) {
      const at = this.below(result.length + 1);
      const count = this.below(3);
      result.splice(at, count, ...this.bytes(2));
    }
    return Uint8Array.from(result);
  }
}

/** Of a thousand repetitions and more, only this share is done. */
const SHARE = shareOf();

function shareOf(): number {
  try {
    return Number(process.env["RANDOM_SHARE"] ?? 1);
  } catch {
    return 1; // without any permission
  }
}

/** Runs `fn` often; the number that makes the failing run happen again is in the error. */
export function repeat(times: number, fn: (random: Random) => void): void {
  const count = times < 1000 ? times : Math.ceil(times * SHARE);
  for (let seed = 1; seed <= count; seed++) {
    try {
      fn(new Random(seed));
    } catch (error) {
      throw new Error(`with seed ${seed}`, { cause: error });
    }
  }
}
