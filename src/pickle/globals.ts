/**
 * The names that a pickle may contain unless the caller has another table: the containers and
 * bytes of Python's older protocols, arrays, slices, exceptions, and the classes of managers.
 *
 * @module
 */

import { isMap, isSet, isUint8Array } from "../runtime/brands.ts";
import { isPlain } from "../python/repr.ts";
import { makeArray, makeArrayOfFormat } from "./arrays.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { MANAGERS } from "./managers.ts";
import { encodeLatin1, encodeText } from "./text.ts";
import {
  type Call,
  type Constructor,
  type Globals,
  globalTable,
  PyByteArray,
  PyFrozenSet,
  PyGlobal,
  PyObject,
} from "./types.ts";
import { PySlice } from "../python/slice.ts";

/** A constructor from a function. */
function from(construct: Constructor["construct"]): Constructor {
  return { construct };
}

/** The only argument, an iterable; nothing if there is none. */
function itemsOf(args: readonly unknown[]): Iterable<unknown> {
  const [items = []] = args;
  if (isMap(items)) return items.keys();
  if (Array.isArray(items) || isSet(items)) return items;
  if (isUint8Array(items)) return items;
  throw new TypeError("argument is no list");
}

function makeBytes(args: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const [source = [], encoding] = args;
  if (typeof source === "string") return new Uint8Array(encode([source, encoding]));
  if (isUint8Array(source)) return new Uint8Array(source);
  if (args.length > 0) throw new TypeError("argument is no bytes");
  return new Uint8Array(0);
}

/** `_codecs.encode(text, encoding)`: how protocols 0 to 2 write bytes. */
function encode([text, encoding]: readonly unknown[]): Uint8Array {
  if (typeof text !== "string") throw new TypeError("argument is no str");
  if (encoding === "latin1" || encoding === "latin-1") return encodeLatin1(text);
  if (encoding === "utf-8" || encoding === undefined) return encodeText(text);
  throw new TypeError("unknown encoding");
}

/** An `OrderedDict` is a Map: the order of an object's keys is not always theirs. */
function makeDict(args: readonly unknown[]): Map<unknown, unknown> {
  const [source = new Map()] = args;
  if (isMap(source)) return new Map(source);
  if (Array.isArray(source)) return new Map(source.map(toPair));
  if (isPlain(source)) return new Map(Object.entries(source));
  throw new TypeError("argument is no dict");
}

function toPair(value: unknown): [unknown, unknown] {
  if (Array.isArray(value) && value.length === 2) return [value[0], value[1]];
  throw new TypeError("argument is no list of pairs");
}

/** `copyreg._reconstructor(class, object, None)`: protocols 0 and 1 make objects so. */
function reconstruct([type, base]: readonly unknown[], call: Call): unknown {
  const plain = base instanceof PyGlobal && base.name === "object";
  if (!(type instanceof PyGlobal) || !plain) throw new TypeError("not an object");
  return call.construct(type, []);
}

const object: Constructor = {
  construct: (args, { global }) => new PyObject(global, [...args]),
  build(object, state) {
    (object as PyObject).state = state;
  },
};

/** The constructors that `loads` knows by itself, by module and name. */
export const GLOBALS: Globals = globalTable([
  ...EXCEPTIONS,
  ...MANAGERS,
  ["builtins", "list", from((args) => [...itemsOf(args)])],
  ["builtins", "set", from((args) => new Set(itemsOf(args)))],
  [
    "builtins",
    "frozenset",
    from((args, { exact }) => new (exact ? PyFrozenSet : Set)(itemsOf(args))),
  ],
  ["builtins", "bytes", from(makeBytes)],
  [
    "builtins",
    "bytearray",
    from((args, { exact }) => {
      return exact ? PyByteArray.from(makeBytes(args)) : makeBytes(args);
    }),
  ],
  ["_codecs", "encode", from(encode)],
  ["builtins", "slice", from(([start, stop, step]) => new PySlice(start, stop, step))],
  ["builtins", "object", object],
  ["copyreg", "_reconstructor", from(reconstruct)],
  ["collections", "OrderedDict", from(makeDict)],
  ["array", "array", from(([typecode, items = []]) => makeArray(typecode, items))],
  [
    "array",
    "_array_reconstructor",
    from(([, , format, bytes]) => makeArrayOfFormat(format, bytes)),
  ],
]);
