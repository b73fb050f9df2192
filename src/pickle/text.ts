/**
 * Strings, as pickles hold them: UTF-8 in which half a surrogate pair counts as a
 * character (Python's `surrogatepass`), and the escapes of protocol 0.
 *
 * @module
 */

import { UnpicklingError, ValueError } from "../python/errors.ts";

/** Up to this many bytes, a loop is quicker than `TextDecoder`. */
const SHORT = 24;

/** Code units that are turned into a string at once. */
const CHUNK = 8192;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text that bytes of UTF-8 hold. @throws {UnpicklingError} If they are something else */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length <= SHORT) {
    const text = String.fromCharCode.apply(null, bytes as unknown as number[]);
    if (bytes.every(isAscii)) return text;
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeSurrogates(bytes);
  }
}

function isAscii(byte: number): boolean {
  return byte < 0x80;
}

/** In well-formed UTF-8, ED is never followed by A0 or more: what is, is a surrogate. */
function decodeSurrogates(bytes: Uint8Array): string {
  let text = "";
  let from = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const second = bytes[at + 1] ?? 0;
    const third = bytes[at + 2] ?? 0;
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    text += decodeStrictly(bytes.subarray(from, at));
    text += String.fromCharCode(0xd000 | (second & 0x3f) << 6 | third & 0x3f);
    from = at + 3;
  }
  return text + decodeStrictly(bytes.subarray(from));
}

function decodeStrictly(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new UnpicklingError("a str is no UTF-8", { cause });
  }
}

/** The bytes of a text: UTF-8, with lone surrogates as three bytes each. */
export function encodeText(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const part of text.split(/([\ud800-\udfff])/u)) {
    const code = part.charCodeAt(0);
    if (part.length === 1 && code >= 0xd800 && code <= 0xdfff) {
      bytes[length++] = 0xed;
      bytes[length++] = 0x80 | code >> 6 & 0x3f;
      bytes[length++] = 0x80 | code & 0x3f;
    } else {
      length += encoder.encodeInto(part, bytes.subarray(length)).written;
    }
  }
  return bytes.slice(0, length);
}

/** The text of the same number of characters: byte 233 is `é`. */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const part = bytes.subarray(at, at + CHUNK);
    text += String.fromCharCode.apply(null, part as unknown as number[]);
  }
  return text;
}

/** The bytes of a text. @throws {ValueError} If there is a character above 255 */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw new ValueError("ordinal not in range(256)");
    bytes[i] = code;
  }
  return bytes;
}

/** The text of protocol 0: Latin-1 with `\uXXXX` and `\UXXXXXXXX`. @throws {UnpicklingError} */
export function decodeEscapedText(bytes: Uint8Array): string {
  return decodeLatin1(bytes).replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g,
    (all, short, long, other) => {
      if (other !== undefined && other !== "u" && other !== "U") return all;
      const code = parseInt(short ?? long, 16);
      if (!(code <= 0x10ffff)) throw new UnpicklingError("a str has a bad escape");
      return String.fromCodePoint(code);
    },
  );
}
