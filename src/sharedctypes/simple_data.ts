/**
 * Simple objects: one number or character each. Mirrors `ctypes._SimpleCData`.
 *
 * @module
 */
import { repr } from "../python/arguments.ts";
import { type Conversion, real } from "./convert.ts";
import {
  CData,
  LAYOUT,
  type Layout,
  ownPlace,
  PLACE,
  type Place,
  put,
} from "./layout.ts";
import { type ElementKind, type Memory, sizeOf } from "./memory.ts";

/** How a simple type lies in memory. */
export class SimpleLayout<V = unknown> implements Layout {
  readonly name: string;
  readonly kind: ElementKind;
  readonly conversion: Conversion<V>;
  readonly size: number;
  #prototype: SimpleData<V> | undefined;

  /** @param name As ctypes says it. @param kind How an element is read and written. */
  constructor(name: string, kind: ElementKind, conversion: Conversion<V>) {
    this.name = name;
    this.kind = kind;
    this.conversion = conversion;
    this.size = sizeOf(kind);
  }

  get wire(): string {
    return this.name;
  }

  get align(): number {
    return this.size;
  }

  /** Says which class its objects have. */
  belongsTo(prototype: SimpleData<V>): void {
    this.#prototype = prototype;
  }

  isSame(other: Layout): boolean {
    return this === other;
  }

  over(place: Place): SimpleData<V> {
    return put(Object.create(this.#prototype!) as SimpleData<V>, place);
  }

  get({ memory }: Place, at: number): V {
    return this.conversion.toValue(memory.load(this.kind, at));
  }

  set(memory: Memory, at: number, value: unknown): void {
    memory.store(this.kind, at, this.conversion.toElement(value));
  }

  init(object: CData, values: readonly unknown[]): void {
    if (values.length > 1) {
      throw new TypeError(
        `__init__ expected at most 1 argument, got ${values.length}`,
      );
    }
    if (values.length === 0) return;
    const { memory, at } = object[PLACE];
    this.set(memory, at, values[0]);
  }
}

/** An object of a simple type: a number, a character. CPython: `ctypes._SimpleCData`. */
export abstract class SimpleData<V = unknown> extends CData {
  /** @internal Its type. */
  abstract override readonly [LAYOUT]: SimpleLayout<V>;

  /** An object of this process alone. @param values What it holds at first, instead of 0. */
  constructor(...values: [value?: V]) {
    super();
    const layout = this[LAYOUT];
    put(this, ownPlace(layout.size));
    layout.init(this, values);
  }

  /** What it holds; read and written whole, whatever other processes do. */
  get value(): V {
    const place = this[PLACE];
    return this[LAYOUT].get(place, place.at);
  }

  set value(value: V) {
    const { memory, at } = this[PLACE];
    this[LAYOUT].set(memory, at, value);
  }

  /** `c_int(5)`. */
  override toString(): string {
    const { name, conversion } = this[LAYOUT];
    const { value } = this;
    const text = conversion === real as unknown && Number.isInteger(value)
      ? floatText(value as number)
      : repr(value);
    return `${name}(${text})`;
  }
}

/** A float without a fraction, as Python shows it. */
function floatText(value: number): string {
  if (Math.abs(value) < 1e16) return Object.is(value, -0) ? "-0.0" : `${value}.0`;
  return value.toExponential().replace(/e\+(\d)$/, "e+0$1");
}
