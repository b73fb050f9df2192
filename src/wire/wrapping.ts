/**
 * The outer form of payloads: byte strings, and the tag and array that hold a body and
 * its byte strings together. See codes.ts for what a payload is.
 *
 * @module
 */

import { makeRoom } from "./bytes.ts";
import { WRAPPED, WRAPPED_WITH_REFERENCES } from "./codes.ts";
import { malformed, readUint, truncated } from "./scan.ts";

/** Bytes of their own. Not `slice`, by which a Buffer makes another Buffer. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

/** Puts a body and its byte strings into one payload. */
export function assemble(
  tag: number,
  segments: Uint8Array[],
  body: Uint8Array,
): Uint8Array {
  let size = 5 + headSize(segments.length + 1) + body.length;
  for (const { length } of segments) size += headSize(length) + length;
  const bytes = makeRoom(size);
  let at = writeHead(bytes, 0, 0xc0, tag);
  at = writeHead(bytes, at, 0x80, segments.length + 1);
  for (const segment of segments) {
    at = writeHead(bytes, at, 0x40, segment.length);
    bytes.set(segment, at);
    at += segment.length;
  }
  bytes.set(body, at);
  return bytes;
}

function headSize(argument: number): number {
  return argument < 24 ? 1 : argument < 2 ** 8 ? 2 : argument < 2 ** 16 ? 3 : 5;
}

function writeHead(
  bytes: Uint8Array,
  at: number,
  major: number,
  argument: number,
): number {
  const size = headSize(argument);
  bytes[at] = major | (size === 1 ? argument : size === 2 ? 24 : size === 3 ? 25 : 26);
  for (let i = size - 1, rest = argument; i > 0; i--, rest >>>= 8) bytes[at + i] = rest;
  return at + size;
}

/** Where a byte string's content begins and ends. */
export function byteString(
  bytes: Uint8Array,
  at: number,
): [start: number, end: number] {
  const [length, start] = readHead(bytes, at, 2);
  if (length > bytes.length - start) throw truncated();
  return [start, start + length];
}

function readHead(
  bytes: Uint8Array,
  at: number,
  major: number,
): [argument: number, next: number] {
  const head = readUint(bytes, at, 1);
  const information = head & 0x1f;
  if (head >> 5 !== major || information > 26) {
    throw malformed(`unexpected byte ${head}`);
  }
  if (information < 24) return [information, at + 1];
  const length = 1 << (information - 24);
  return [readUint(bytes, at + 1, length), at + 1 + length];
}

/** Takes a wrapped payload apart; the pieces alias it. */
export function split(
  payload: Uint8Array,
): { tag: number; strings: Uint8Array[]; body: Uint8Array } {
  const [tag, array] = readHead(payload, 0, 6);
  if (tag !== WRAPPED && tag !== WRAPPED_WITH_REFERENCES) {
    throw malformed("unknown kind of payload");
  }
  const [count, first] = readHead(payload, array, 4);
  const strings: Uint8Array[] = [];
  let at = first;
  for (let i = 1; i < count; i++) {
    const [start, end] = byteString(payload, at);
    strings.push(payload.subarray(start, end));
    at = end;
  }
  if (tag === WRAPPED_WITH_REFERENCES && strings.length === 0) throw truncated();
  return { tag, strings, body: payload.subarray(at) };
}

/** A payload that is a byte string. */
export function encodeBytes(value: Uint8Array): Uint8Array {
  const bytes = makeRoom(headSize(value.length) + value.length);
  bytes.set(value, writeHead(bytes, 0, 0x40, value.length));
  return bytes;
}

/** The content of such a payload, copied. */
export function decodeBytes(payload: Uint8Array): Uint8Array {
  const [start, end] = byteString(payload, 0);
  if (end !== payload.length) throw malformed("extra bytes at the end");
  return copyOf(payload.subarray(start, end));
}
