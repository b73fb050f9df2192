/**
 * What a ctypes type is: how its objects lie in memory, and how an element or a field of
 * it is read and assigned. And what all ctypes objects are: a layout at a place.
 *
 * @module
 */
import { isError } from "../runtime/brands.ts";
import { RuntimeError } from "../python/errors.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { assert_spawning, type DumpContext, REDUCE_SHARED } from "../reduction/mod.ts";
import type { Block } from "./block.ts";
import { Memory } from "./memory.ts";
import { printAsText } from "../python/printing.ts";

/** Where an object lies. */
export interface Place {
  readonly memory: Memory;
  readonly at: number;
  /** What keeps the memory; undefined where it is this process's own. */
  readonly block: Block | undefined;
}

/** A type, as it lies in memory. */
export interface Layout {
  /** As CPython names it: `c_int`, `c_int_Array_3`, a structure's own name. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly align: number;
  /** How it is named on the wire: a name, a class, or an array's element and length. */
  readonly wire: unknown;
  /** Whether it is the same type. */
  isSame(other: Layout): boolean;
  /** An object that lies in memory already. */
  over(place: Place): CData;
  /** What an element or field is when it is read: a value, or an object over its place. */
  get(place: Place, at: number): unknown;
  /** Assigns an element or field. */
  set(memory: Memory, at: number, value: unknown): void;
  /** Sets an object to the values that its type is called with. */
  init(object: CData, values: readonly unknown[]): void;
}

/** Types have their layout under this name, as a function that works it out. */
export const LAYOUT: unique symbol = Symbol("layout");

/** Objects have their place under this name. */
export const PLACE: unique symbol = Symbol("place");

/** The kinds on the wire of shared objects, and of others. */
export const RAW = "sharedctypes:raw";
export const OWN = "sharedctypes:own";

/** The fields that travel of a shared object. */
export interface RawFields {
  type: unknown;
  block: Block;
  /** Where it lies in the memory of the block. */
  at: number;
}

/** The fields that travel of another. */
export interface OwnFields {
  type: unknown;
  bytes: Uint8Array;
}

/** An object of a ctypes type: in shared memory, or not. CPython: `ctypes._CData`. */
export abstract class CData {
  /** @internal Where it lies. */
  declare readonly [PLACE]: Place;

  /** @internal Its type. */
  abstract readonly [LAYOUT]: Layout;

  /** @internal A shared object goes only to a process that is being started; others as a copy. */
  [REDUCE_SHARED](context: DumpContext): [string, RawFields | OwnFields] {
    const { name, wire: type } = this[LAYOUT];
    const { block, at } = this[PLACE];
    if (block === undefined) return [OWN, { type, bytes: bytesOf(this) }];
    assert_spawning(name, context);
    return [RAW, { type, block, at }];
  }
}

printAsText(CData);

/** Puts an object to its place. */
export function put<O extends CData>(object: O, place: Place): O {
  Object.defineProperty(object, PLACE, { value: place });
  return object;
}

/** A place of this process alone, all 0. */
export function ownPlace(size: number): Place {
  return { memory: new Memory(size), at: 0, block: undefined };
}

/** The layout of a type; undefined if it is none, or one without size. */
export function layoutOf(type: unknown): Layout | undefined {
  if (typeof type !== "function") return undefined;
  const layout = (type as { [LAYOUT]?: () => Layout | undefined })[LAYOUT];
  return typeof layout === "function" ? layout.call(type) : undefined;
}

/** The bytes of an object, as they are now. */
export function bytesOf(object: CData): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(object[LAYOUT].size);
  const { memory, at } = object[PLACE];
  memory.read(at, bytes);
  return bytes;
}

/** Where an object lies, as Python's default text shows it. */
export function addressOf({ memory, at }: Place): string {
  let base = bases.get(memory);
  if (base === undefined) bases.set(memory, base = nextBase);
  if (base === nextBase) nextBase += Math.ceil(memory.size / 4096) * 4096 + 4096;
  return `0x${(base + at).toString(16)}`;
}

/** Addresses are made up: JavaScript does not tell. */
const bases = new WeakMap<Memory, number>();
let nextBase = 0x7f0000000000;

/**
 * Assigns what is no simple value: an object of the same type is copied, an array of
 * values is what the type is called with.
 */
export function assign(
  layout: Layout,
  memory: Memory,
  at: number,
  value: unknown,
): void {
  if (value instanceof CData) {
    if (layout.isSame(value[LAYOUT])) return memory.write(at, bytesOf(value));
    throw new TypeError(
      `incompatible types, ${value[LAYOUT].name} instance instead of ` +
        `${layout.name} instance`,
    );
  }
  if (!Array.isArray(value)) {
    const type = pythonTypeName(value);
    throw new TypeError(`expected ${layout.name} instance, got ${type}`);
  }
  const own = ownPlace(layout.size);
  try {
    layout.init(layout.over(own), value);
  } catch (error) {
    throw within(layout.name, error);
  }
  const bytes = new Uint8Array(layout.size);
  own.memory.read(0, bytes);
  memory.write(at, bytes);
}

/** The error of an inner object, as ctypes words it. */
function within(name: string, error: unknown): unknown {
  if (!isError(error)) return error;
  return new RuntimeError(`(${name}) ${error.name}: ${error.message}`, {
    cause: error,
  });
}
