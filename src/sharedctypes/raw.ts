/**
 * Objects in shared memory, without a lock: how they are made, copied, and made again in
 * another process. Mirrors `RawValue`, `RawArray` and `copy` of
 * `multiprocessing/sharedctypes.py`.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { UnpicklingError } from "../python/errors.ts";
import { registerTransferable } from "../reduction/mod.ts";
import { ArrayLayout, type CArray, checkLength } from "./array.ts";
import { Block } from "./block.ts";
import { sequenceOf } from "./indices.ts";
import {
  bytesOf,
  CData,
  LAYOUT,
  type Layout,
  layoutOf,
  OWN,
  type OwnFields,
  ownPlace,
  RAW,
  type RawFields,
} from "./layout.ts";
import { simpleLayout, typecode_to_type } from "./types.ts";
import { arrayOf } from "./views.ts";

/** The layout of a typecode or type. @throws {TypeError} if it is none */
function resolve(type: unknown): Layout {
  const layout = typeof type === "string" && Object.hasOwn(typecode_to_type, type)
    ? layoutOf(typecode_to_type[type as keyof typeof typecode_to_type])
    : layoutOf(type);
  if (layout === undefined) throw new TypeError("this type has no size");
  return layout;
}

/** A new object, all 0. */
function allocate(layout: Layout): CData {
  const block = new Block(layout.size);
  return layout.over({ memory: block.memory, at: block.start, block });
}

/** A new object that holds what its type makes of `values`. */
export function makeValue(type: unknown, values: readonly unknown[]): CData {
  const layout = resolve(type);
  const object = allocate(layout);
  layout.init(object, values);
  return object;
}

/** A new array: of a size, all 0, or of these elements. */
export function makeArray(type: unknown, given: unknown): CArray {
  const element = resolve(type);
  const isSize = typeof given === "bigint" || typeof given === "boolean" ||
    Number.isInteger(given);
  if (isSize) {
    return allocate(new ArrayLayout(element, checkLength(given))) as CArray;
  }
  const elements = sequenceOf(given);
  if (elements === undefined) {
    const name = typeof given === "number" ? "float" : pythonTypeName(given);
    throw new TypeError(`object of type '${name}' has no len()`);
  }
  const array = allocate(new ArrayLayout(element, elements.length)) as CArray;
  array.set(elements);
  return array;
}

/** The object that is meant: a view stands for its array. */
export function unviewed(object: unknown): unknown {
  return arrayOf(object) ?? object;
}

/** A new shared object that holds what another one does now. */
export function makeCopy(given: unknown): CData {
  const object = unviewed(given);
  if (!(object instanceof CData)) throw new TypeError("this type has no size");
  const block = new Block(object[LAYOUT].size);
  block.memory.write(block.start, bytesOf(object));
  return object[LAYOUT].over({ memory: block.memory, at: block.start, block });
}

// --- travelling

function layoutNamed(type: unknown): Layout {
  const layout = typeof type === "string"
    ? simpleLayout(type)
    : Array.isArray(type)
    ? arrayNamed(type)
    : layoutOf(type);
  if (layout === undefined) throw new UnpicklingError("no such ctypes type");
  return layout;
}

function arrayNamed([element, length]: unknown[]): ArrayLayout | undefined {
  if (!Number.isSafeInteger(length)) return undefined;
  const count = length as number;
  return count < 0 ? undefined : new ArrayLayout(layoutNamed(element), count);
}

registerTransferable<RawFields>(RAW, {
  rebuild({ type, block, at }) {
    const layout = layoutNamed(type);
    const isValid = block instanceof Block && Number.isSafeInteger(at) &&
      at >= block.start && at + layout.size <= block.start + block.size;
    if (!isValid) throw new UnpicklingError("malformed object in shared memory");
    return layout.over({ memory: block.memory, at, block });
  },
  inherited: "Synchronized",
});

registerTransferable<OwnFields>(OWN, {
  rebuild({ type, bytes }) {
    const layout = layoutNamed(type);
    if (!isUint8Array(bytes) || bytes.length !== layout.size) {
      throw new UnpicklingError("malformed ctypes object");
    }
    const place = ownPlace(layout.size);
    place.memory.write(0, bytes);
    return layout.over(place);
  },
});
