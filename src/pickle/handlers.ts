/**
 * The handlers of the opcodes: those for values that hold no others, for the memo and the
 * stack; for lists, tuples, dicts and sets; and for names, calls and states.
 *
 * @module
 */
import { isMap, isSet } from "../runtime/brands.ts";
import { PickleError, UnpicklingError, ValueError } from "../python/errors.ts";
import { parseInteger, readInt } from "./ints.ts";
import type { Machine } from "./machine.ts";
import { Op } from "./opcodes.ts";
import { decodeEscapedText, decodeLatin1, decodeText } from "./text.ts";
import {
  type Constructor,
  PyByteArray,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyTuple,
} from "./types.ts";

/** Carries out an opcode. */
type Handler = (machine: Machine) => void;

/** The highest protocol that there is. */
const HIGHEST_PROTOCOL = 5;

const VALUES: readonly (readonly [opcode: number, Handler])[] = [
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

function lineText({ cursor }: Machine): string {
  return decodeLatin1(cursor.line());
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

// ----------------------------------------------------------- lists, tuples, dicts, sets

const CONTAINERS: readonly (readonly [opcode: number, Handler])[] = [
  [Op.EMPTY_LIST, (m) => m.push([])],
  [Op.LIST, (m) => m.push(m.popMark())],
  [Op.APPEND, (m) => append(m, [m.pop()])],
  [Op.APPENDS, (m) => append(m, m.popMark())],

  [Op.EMPTY_TUPLE, (m) => pushTuple(m, [])],
  [Op.TUPLE1, (m) => pushTuple(m, [m.pop()])],
  [Op.TUPLE2, (m) => pushTuple(m, [m.pop(), m.pop()].reverse())],
  [Op.TUPLE3, (m) => pushTuple(m, [m.pop(), m.pop(), m.pop()].reverse())],
  [Op.TUPLE, (m) => pushTuple(m, m.popMark())],

  [Op.EMPTY_DICT, (m) => m.pushDict()],
  [Op.DICT, loadDict],
  [Op.SETITEM, (m) => m.fillDict([m.pop(), m.pop()].reverse())],
  [Op.SETITEMS, (m) => m.fillDict(m.popMark())],

  [Op.EMPTY_SET, (m) => m.push(new Set())],
  [Op.ADDITEMS, addItems],
  [Op.FROZENSET, loadFrozenSet],
];

function append(machine: Machine, items: unknown[]): void {
  const list = machine.top();
  if (!Array.isArray(list)) throw new UnpicklingError("items for what is no list");
  for (const item of items) list.push(item);
}

/** A tuple on top. Its array must not be anybody else's. */
function pushTuple(machine: Machine, items: unknown[]): void {
  machine.push(machine.exact ? PyTuple.from(items) : items);
}

function loadDict(machine: Machine): void {
  const pairs = machine.popMark();
  machine.pushDict();
  machine.fillDict(pairs);
}

function addItems(machine: Machine): void {
  const items = machine.popMark();
  const set = machine.top();
  if (!isSet(set)) throw new UnpicklingError("items for what is no set");
  for (const item of items) set.add(item);
}

function loadFrozenSet(machine: Machine): void {
  const items = machine.popMark();
  machine.push(machine.exact ? new PyFrozenSet(items) : new Set(items));
}

// ----------------------------------------------------------------- names, calls, states
//
// The opcodes for names, calls and states: all that could do harm. A name that is not in
// the caller's table ends the reading; nothing is ever looked up anywhere else.

const OBJECTS: readonly (readonly [opcode: number, Handler])[] = [
  [Op.GLOBAL, (m) => m.push(findGlobal(m, decodeText(m.cursor.line()), nameLine(m)))],
  [Op.STACK_GLOBAL, loadStackGlobal],
  [Op.REDUCE, (m) => callTop(m, m.pop())],
  [Op.NEWOBJ, (m) => callTop(m, m.pop())],
  [Op.NEWOBJ_EX, loadNewObjectWithKeywords],
  [Op.INST, loadInst],
  [Op.OBJ, loadObj],
  [Op.BUILD, loadBuild],

  [Op.PERSID, refusePersistentId],
  [Op.BINPERSID, refusePersistentId],
  [Op.EXT1, (m) => refuseExtension(m.cursor.uint8())],
  [Op.EXT2, (m) => refuseExtension(m.cursor.uint16())],
  [Op.EXT4, (m) => refuseExtension(m.cursor.int32())],
  [Op.NEXT_BUFFER, refuseBuffer],
  [Op.READONLY_BUFFER, refuseBuffer],
];

/** Names of modules in Python 2, which protocols 0 to 2 use, and of hidden twins. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ["__builtin__", "builtins"],
  ["exceptions", "builtins"],
  ["copy_reg", "copyreg"],
  ["Queue", "queue"],
  ["_queue", "queue"],
  ["_pickle", "pickle"],
  ["multiprocessing", "multiprocessing.context"],
]);

function findGlobal(machine: Machine, module: string, name: string): PyGlobal {
  const global = new PyGlobal(MODULES.get(module) ?? module, name);
  if (find(machine, global) === undefined) {
    throw new UnpicklingError(`global '${module}.${name}' is forbidden`);
  }
  return global;
}

function find(machine: Machine, global: unknown): Constructor | undefined {
  if (!(global instanceof PyGlobal)) return undefined;
  return machine.globals.get(global.module)?.get(global.name);
}

function nameLine(machine: Machine): string {
  return decodeText(machine.cursor.line());
}

function loadStackGlobal(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== "string" || typeof module !== "string") {
    throw new UnpicklingError("STACK_GLOBAL requires str");
  }
  machine.push(findGlobal(machine, module, name));
}

function loadNewObjectWithKeywords(machine: Machine): void {
  const keywords = machine.pop() as object;
  if (!(isMap(keywords) ? keywords.size === 0 : isEmptyObject(keywords))) {
    throw new UnpicklingError("keyword arguments for a new object");
  }
  callTop(machine, machine.pop());
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function loadInst(machine: Machine): void {
  const module = nameLine(machine);
  const global = findGlobal(machine, module, nameLine(machine));
  machine.push(call(machine, global, machine.popMark()));
}

function loadObj(machine: Machine): void {
  const [global, ...args] = machine.popMark();
  machine.push(call(machine, global, args));
}

/** Calls what lies on top, with arguments that lay above it. */
function callTop(machine: Machine, args: unknown): void {
  if (!Array.isArray(args)) {
    throw new UnpicklingError("argument list must be a tuple");
  }
  machine.push(call(machine, machine.pop(), args));
}

function call(machine: Machine, global: unknown, args: readonly unknown[]): unknown {
  const constructor = find(machine, global);
  if (constructor === undefined) {
    throw new UnpicklingError("a call of what is no class");
  }
  machine.charge(1 + args.length);
  if (!constructor.keeps) { for (const arg of args) machine.charge(sizeOf(arg)); }
  const { module, name } = global as PyGlobal;
  const made = guard(
    `cannot make a ${module}.${name}`,
    () =>
      constructor.construct(args, {
        global: global as PyGlobal,
        exact: machine.exact,
        construct: (other, otherArgs) => call(machine, other, otherArgs),
        canShow: (value) => machine.canShow(value),
      }),
  );
  if (constructor.build !== undefined && typeof made === "object" && made !== null) {
    machine.makers.set(made, constructor);
  }
  return made;
}

/** The number of things that a value holds directly. */
function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (typeof value !== "object" || value === null) return 1;
  if (isMap(value) || isSet(value)) return value.size;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.keys(value).length;
}

function loadBuild(machine: Machine): void {
  const state = machine.pop();
  const object = machine.top() as object;
  const constructor = machine.makers.get(object);
  if (constructor?.build === undefined) {
    throw new UnpicklingError("a state for what has none");
  }
  machine.charge(1 + sizeOf(state));
  // A dict and one for the fields that have slots, perhaps.
  if (Array.isArray(state)) { for (const part of state) machine.charge(sizeOf(part)); }
  guard("cannot set a state", () => constructor.build?.(object, state));
}

/** Whatever goes wrong when an object is made, the pickle is to blame. */
function guard<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof PickleError) throw cause;
    throw new UnpicklingError(text, { cause });
  }
}

function refusePersistentId(): never {
  throw new UnpicklingError(
    "A load persistent id instruction was encountered, " +
      "but no persistent_load function was specified.",
  );
}

function refuseExtension(code: number): never {
  throw new UnpicklingError(`unregistered extension code ${code}`);
}

function refuseBuffer(): never {
  throw new UnpicklingError(
    "pickle stream refers to out-of-band data but no *buffers* argument was given",
  );
}

/** The handlers by opcode. */
export const HANDLERS: (Handler | undefined)[] = new Array(256).fill(undefined);
for (const [opcode, handler] of [...VALUES, ...CONTAINERS, ...OBJECTS]) {
  HANDLERS[opcode] = handler;
}
