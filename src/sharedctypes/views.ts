/**
 * An array of numbers as a typed array over the bytes that processes share, where the
 * runtime maps them: as fast as JavaScript gets, and with all that typed arrays can do.
 *
 * Such a view is a `Float64Array` or its like in every respect. It travels as the array that
 * it is a view of. It, and what `subarray` makes of it, keeps the memory; a view that is
 * made of its `buffer` by hand does not, and that buffer holds other objects too.
 *
 * @module
 */
import {
  assert_spawning,
  type DumpContext,
  REDUCE_SHARED,
  type Transferable,
} from "../reduction/mod.ts";
import type { CArray } from "./array.ts";
import { character, truth } from "./convert.ts";
import { LAYOUT, PLACE } from "./layout.ts";
import type { ElementKind, TypedArray } from "./memory.ts";
import { SimpleLayout } from "./simple_data.ts";

type AnyTypedArrayConstructor = {
  new (buffer: ArrayBuffer, at: number, length: number): TypedArray;
};

/** The arrays that views are of; a view keeps its array, and that the memory. */
const arrays = new WeakMap<object, CArray>();

/** Views that parts of them keep. */
const wholes = new WeakMap<object, object>();

function viewClass(Base: AnyTypedArrayConstructor): AnyTypedArrayConstructor {
  // deno-lint-ignore no-explicit-any -- the classes of typed arrays have no common type
  class View extends (Base as any) {
    /** What `map`, `filter` and `slice` make is no view. */
    static get [Symbol.species]() {
      return Base;
    }

    subarray(begin?: number, end?: number): TypedArray {
      const part = super.subarray(begin, end);
      wholes.set(part, this);
      return part;
    }

    [REDUCE_SHARED](context: DumpContext): [string, unknown] {
      const array = arrays.get(this) as CArray & Transferable;
      assert_spawning(array[LAYOUT].name, context);
      return array[REDUCE_SHARED](context);
    }
  }
  Object.defineProperty(View, "name", {
    value: `Shared${(Base as unknown as { name: string }).name}`,
  });
  return View as unknown as AnyTypedArrayConstructor;
}

const CLASSES: Record<ElementKind, AnyTypedArrayConstructor> = {
  Int8: viewClass(Int8Array),
  Uint8: viewClass(Uint8Array),
  Int16: viewClass(Int16Array),
  Uint16: viewClass(Uint16Array),
  Int32: viewClass(Int32Array),
  Uint32: viewClass(Uint32Array),
  Float32: viewClass(Float32Array),
  Float64: viewClass(Float64Array),
  BigInt64: viewClass(BigInt64Array),
  BigUint64: viewClass(BigUint64Array),
};

/** A view of an array of numbers; undefined of any other array, or where nothing is mapped. */
export function viewOf(array: CArray): TypedArray | undefined {
  const { element, length } = array[LAYOUT];
  const { memory, at } = array[PLACE];
  if (memory.buffer === undefined || !(element instanceof SimpleLayout)) {
    return undefined;
  }
  const { conversion, kind, name } = element;
  const isNumber = conversion !== character && conversion !== truth &&
    name !== "c_wchar";
  if (!isNumber || at % element.size !== 0) return undefined;
  const view = new CLASSES[kind](memory.buffer, at, length);
  arrays.set(view, array);
  return view;
}

/** The array that a view is of; undefined if it is none. */
export function arrayOf(view: unknown): CArray | undefined {
  return typeof view === "object" && view !== null ? arrays.get(view) : undefined;
}
