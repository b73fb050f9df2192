/**
 * The opcodes for values that hold no others, and for the memo and the stack.
 *
 * @module
 */

import { UnpicklingError, ValueError } from "../../python/errors.ts";
import { parseInteger, readInt } from "./ints.ts";
import type { Machine } from "./machine.ts";
import { Op } from "./opcodes.ts";
import { decodeEscapedText, decodeLatin1, decodeText } from "./text.ts";
import { PyByteArray, PyFloat } from "./types.ts";

/** What an opcode does. */
export type Handler = (machine: Machine) => void;

/** The highest protocol that there is. */
const HIGHEST_PROTOCOL = 5;

/** Handlers by opcode. */
export const VALUES: readonly (readonly [opcode: number, Handler])[] = [
  [Op.PROTO, loadProto],
  [Op.FRAME, (m) => loadFrame(m)],
  [Op.STOP, (m) => m.done = true],
  [Op.MARK, (m) => m.mark()],
  [Op.POP, loadPop],
  [Op.POP_MARK, (m) => m.popMark()],
  [Op.DUP, (m) => m.double()],

  [Op.PUT, (m) => m.memoize(memoIndex(m))],
  [Op.BINPUT, (m) => m.memoize(m.cursor.uint8())],
  [Op.LONG_BINPUT, (m) => m.memoize(m.cursor.uint32())],
  [Op.MEMOIZE, (m) => m.memoize()],
  [Op.GET, (m) => m.fetch(memoIndex(m))],
  [Op.BINGET, (m) => m.fetch(m.cursor.uint8())],
  [Op.LONG_BINGET, (m) => m.fetch(m.cursor.uint32())],

  [Op.NONE, (m) => m.push(null)],
  [Op.NEWTRUE, (m) => m.push(true)],
  [Op.NEWFALSE, (m) => m.push(false)],

  [Op.INT, loadInt],
  [Op.BININT, (m) => m.push(m.cursor.int32())],
  [Op.BININT1, (m) => m.push(m.cursor.uint8())],
  [Op.BININT2, (m) => m.push(m.cursor.uint16())],
  [Op.LONG, (m) => m.push(parseInteger(lineText(m).replace(/L$/, "")))],
  [Op.LONG1, (m) => m.push(readInt(m.cursor.take(m.cursor.uint8())))],
  [Op.LONG4, loadLong4],
  [Op.FLOAT, (m) => pushFloat(m, parseFloatText(lineText(m)))],
  [Op.BINFLOAT, (m) => pushFloat(m, m.cursor.float64())],

  [Op.UNICODE, (m) => m.push(decodeEscapedText(m.cursor.line()))],
  [Op.SHORT_BINUNICODE, (m) => m.push(decodeText(m.cursor.take(m.cursor.uint8())))],
  [Op.BINUNICODE, (m) => m.push(decodeText(m.cursor.take(m.cursor.uint32())))],
  [Op.BINUNICODE8, (m) => m.push(decodeText(m.cursor.take(m.cursor.uint64())))],

  [Op.SHORT_BINBYTES, (m) => m.push(m.cursor.take(m.cursor.uint8()).slice())],
  [Op.BINBYTES, (m) => m.push(m.cursor.take(m.cursor.uint32()).slice())],
  [Op.BINBYTES8, (m) => m.push(m.cursor.take(m.cursor.uint64()).slice())],
  [Op.BYTEARRAY8, loadByteArray],
];

function loadProto(machine: Machine): void {
  const protocol = machine.cursor.uint8();
  if (protocol > HIGHEST_PROTOCOL) {
    throw new ValueError(`unsupported pickle protocol: ${protocol}`);
  }
}

/** A frame must be whole; what is in it is read like anything else. */
function loadFrame({ cursor }: Machine): void {
  const length = cursor.uint64();
  const start = cursor.at;
  cursor.skip(length);
  cursor.at = start;
}

/** In protocol 0, POP takes a mark away if there is nothing above it. */
function loadPop(machine: Machine): void {
  if (machine.atMark) machine.popMark();
  else machine.pop();
}

function memoIndex(machine: Machine): number {
  const text = lineText(machine);
  if (!/^\d{1,9}$/.test(text)) {
    throw new UnpicklingError("a number in the memo is none");
  }
  return Number(text);
}

function lineText(machine: Machine): string {
  return decodeLatin1(machine.cursor.line());
}

function loadInt(machine: Machine): void {
  const text = lineText(machine);
  if (text === "01") machine.push(true);
  else if (text === "00") machine.push(false);
  else machine.push(parseInteger(text));
}

function loadLong4(machine: Machine): void {
  const length = machine.cursor.int32();
  if (length < 0) throw new UnpicklingError("LONG pickle has negative byte count");
  machine.push(readInt(machine.cursor.take(length)));
}

function pushFloat(machine: Machine, value: number): void {
  const whole = Number.isSafeInteger(value) && !Object.is(value, -0);
  machine.push(machine.exact && whole ? new PyFloat(value) : value);
}

/** As Python writes it: `1.5`, `1e+20`, `inf`, `nan`. */
function parseFloatText(text: string): number {
  const special = /^([+-]?)(inf|nan)$/.exec(text);
  if (special !== null) {
    return special[2] === "nan" ? NaN : special[1] === "-" ? -Infinity : Infinity;
  }
  // No part can match the same digits in two ways: that would take the square of them.
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw new UnpicklingError("could not convert string to float");
  }
  return Number(text);
}

function loadByteArray(machine: Machine): void {
  const bytes = machine.cursor.take(machine.cursor.uint64());
  machine.push(machine.exact ? PyByteArray.from(bytes) : bytes.slice());
}
