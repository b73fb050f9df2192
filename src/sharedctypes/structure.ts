/**
 * Structures: named fields of ctypes types, laid out as C does. Mirrors `ctypes.Structure`.
 *
 * What differs from Python: fields are initialised by name with an object literal behind
 * the other values; bit fields, pointers and other byte orders do not exist.
 *
 * @module
 */
import { isPlain } from "../python/repr.ts";
import { isUint8Array } from "../runtime/brands.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { ValueError } from "../python/errors.ts";
import { ArrayLayout, type ArrayType, arrayType } from "./array.ts";
import { character } from "./convert.ts";
import {
  addressOf,
  assign,
  CData,
  LAYOUT,
  type Layout,
  layoutOf,
  ownPlace,
  PLACE,
  type Place,
  put,
} from "./layout.ts";
import type { Memory } from "./memory.ts";
import { SimpleLayout } from "./simple_data.ts";

/** A field: its name, and a `c_` type, a structure or an array type. */
export type Field = readonly [name: string, type: unknown];

/** A class of structures. */
export interface StructureClass<S extends Structure = Structure> {
  /** A structure in memory of this process alone. */
  new (...values: never[]): S;
  /** The fields, in order. */
  readonly _fields_?: readonly Field[];
}

/** A field, as it lies in its structure. */
interface Member {
  readonly name: string;
  readonly layout: Layout;
  readonly offset: number;
}

/** How a class of structures lies in memory. */
class StructureLayout implements Layout {
  readonly type: StructureClass;
  /** Those of the class's base first. */
  readonly members: readonly Member[];
  readonly size: number;
  readonly align: number;

  constructor(type: StructureClass, base: StructureLayout | undefined) {
    this.type = type;
    const members = [...base?.members ?? []];
    const pack = Object.hasOwn(type, "_pack_")
      ? (type as unknown as { _pack_: number })._pack_
      : Infinity;
    let end = base?.size ?? 0;
    let align = base?.align ?? 1;
    for (const field of ownFields(type)) {
      const [name, layout] = checkField(field);
      const unit = Math.min(layout.align, pack);
      const offset = Math.ceil(end / unit) * unit;
      const member = { name, layout, offset };
      members.push(member);
      define(type.prototype, member);
      end = offset + layout.size;
      align = Math.max(align, unit);
    }
    this.members = members;
    this.align = align;
    this.size = Math.ceil(end / align) * align;
  }

  get name(): string {
    return (this.type as unknown as { name: string }).name;
  }

  get wire(): unknown {
    return this.type;
  }

  isSame(other: Layout): boolean {
    return this === other;
  }

  over(place: Place): Structure {
    return put(Object.create(this.type.prototype) as Structure, place);
  }

  get(place: Place, at: number): Structure {
    return this.over({ ...place, at });
  }

  set(memory: Memory, at: number, value: unknown): void {
    assign(this, memory, at, value);
  }

  init(object: CData, values: readonly unknown[]): void {
    const given = [...values];
    const last = given.at(-1);
    const named = isPlain(last) && Object.getPrototypeOf(last) !== null
      ? given.pop() as Record<string, unknown>
      : {};
    if (given.length > this.members.length) {
      throw new TypeError("too many initializers");
    }
    const structure = object as unknown as Record<string, unknown>;
    this.members.slice(0, given.length).forEach(({ name }, i) => {
      if (Object.hasOwn(named, name)) {
        throw new TypeError(`duplicate values for field '${name}'`);
      }
      structure[name] = given[i];
    });
    for (const [name, value] of Object.entries(named)) structure[name] = value;
  }
}

function ownFields(type: StructureClass): readonly unknown[] {
  if (!Object.hasOwn(type, "_fields_")) return [];
  const fields = type._fields_;
  if (Array.isArray(fields)) return fields;
  throw new TypeError("_fields_ must be a sequence of pairs");
}

function checkField(field: unknown): [name: string, layout: Layout] {
  const [name, type] = Array.isArray(field) ? field : [];
  if (typeof name !== "string" || (field as unknown[]).length < 2) {
    throw new TypeError("_fields_ must be a sequence of (name, C type) pairs");
  }
  if ((field as unknown[]).length > 2) {
    throw new TypeError(`bit fields are not supported for field '${name}'`);
  }
  const layout = layoutOf(type);
  if (layout === undefined) {
    throw new TypeError("second item in _fields_ tuple must be a C type");
  }
  return [name, layout];
}

/** Characters of a field in arrays of `char` and `wchar_t` are read and written as text. */
function charactersOf(layout: Layout): "bytes" | "text" | undefined {
  const element = layout instanceof ArrayLayout ? layout.element : undefined;
  if (!(element instanceof SimpleLayout)) return undefined;
  if (element.conversion === character) return "bytes";
  return element.name === "c_wchar" ? "text" : undefined;
}

/** Gives a class a property for a field. */
function define(prototype: object, { name, layout, offset }: Member): void {
  const characters = charactersOf(layout);
  Object.defineProperty(prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: Structure) {
      const place = this[PLACE];
      const value = layout.get(place, place.at + offset);
      return characters === undefined ? value : (value as { value: unknown }).value;
    },
    set(this: Structure, value: unknown) {
      const { memory, at } = this[PLACE];
      if (characters === undefined) return layout.set(memory, at + offset, value);
      const place = { ...this[PLACE], at: at + offset };
      setCharacters(layout as ArrayLayout, place, value, characters);
    },
  });
}

function setCharacters(
  layout: ArrayLayout,
  place: Place,
  value: unknown,
  characters: "bytes" | "text",
): void {
  if (characters === "bytes") {
    if (!isUint8Array(value)) {
      const type = pythonTypeName(value);
      throw new TypeError(`expected bytes, ${type} found`);
    }
    if (value.length > layout.length) {
      throw new ValueError(
        `bytes too long (${value.length}, maximum length ${layout.length})`,
      );
    }
  }
  (layout.over(place) as unknown as { value: unknown }).value = value;
}

const known = new WeakMap<object, StructureLayout>();

/**
 * The base class of structures. A subclass names its fields in order, in a static property,
 * and declares them for TypeScript; it is exported, so that other processes find it.
 *
 * CPython: `ctypes.Structure`.
 *
 * @example
 * ```ts
 * import { c_double, c_int, Structure, Value } from "@pystd/multiprocessing/sharedctypes";
 * export class Point extends Structure {
 *   static override readonly _fields_ = [["x", c_int], ["y", c_double]] as const;
 *   declare x: number;
 *   declare y: number;
 * }
 * const point = Value(Point, 3, 2.5);
 * point.x *= 2;
 * console.log(point.x, point.y); // 6 2.5
 * ```
 */
export abstract class Structure extends CData {
  /** The fields, in order: name and type. */
  static readonly _fields_?: readonly Field[];

  /** A structure of this process alone. @param values Values of the fields in order; an object literal has some by name. */
  constructor(...values: unknown[]) {
    super();
    const layout = layoutOf(new.target);
    if (layout === undefined) throw new TypeError("abstract class");
    put(this, ownPlace(layout.size));
    layout.init(this, values);
  }

  /** @internal Its type. */
  get [LAYOUT](): Layout {
    return layoutOf(this.constructor)!;
  }

  /** @internal Works out how the class lies in memory. */
  static [LAYOUT](): Layout | undefined {
    const type = this as unknown as StructureClass;
    const layout = known.get(type);
    if (layout !== undefined) return layout;
    if (type._fields_ === undefined) return undefined;
    const base = layoutOf(Object.getPrototypeOf(type)) as StructureLayout | undefined;
    const made = new StructureLayout(type, base);
    known.set(type, made);
    return made;
  }

  /** An array type: Python's `Point * 3`. */
  static __mul__<S extends Structure>(
    this: StructureClass<S>,
    length: number,
  ): ArrayType<S> {
    const layout = layoutOf(this);
    if (layout === undefined) throw new TypeError("abstract class");
    return arrayType<S>(layout, length);
  }

  /** Python's default text. */
  override toString(): string {
    return `<__main__.${this[LAYOUT].name} object at ${addressOf(this[PLACE])}>`;
  }
}

/** The class of structures that a layout is of; undefined for another layout. */
export function structureClass(layout: Layout): StructureClass | undefined {
  return layout instanceof StructureLayout ? layout.type : undefined;
}

/** The names of a structure's fields. */
export function fieldNames(layout: Layout): string[] {
  return layout instanceof StructureLayout
    ? layout.members.map(({ name }) => name)
    : [];
}
