/**
 * A manager's `Array`, as its server holds it: Python's `array.array`. Pure.
 *
 * @module
 */
import { isBigArray } from "../../runtime/brands.ts";
import {
  asInteger,
  parseArguments,
  pythonTypeName,
  repr,
  REQUIRED,
  signature,
} from "../../python/arguments.ts";
import { OverflowError, ValueError } from "../../python/errors.ts";
import {
  CLASSES,
  type NumberArray,
  type NumberArrayClass,
} from "../../pickle/arrays.ts";
import { PySlice } from "../../python/slice.ts";
import {
  elementsOf,
  indexIn,
  isIndex,
  isNumeric,
  sliceIndices,
} from "./python_values.ts";

const INIT = signature<{ typecode: unknown; sequence: unknown; lock: unknown }>(
  "Array",
  { typecode: REQUIRED, sequence: REQUIRED, lock: true },
);

/** `array.array` in a manager's server. */
export class ManagedArray {
  readonly #typecode: string;
  #elements: NumberArray;

  constructor(...given: unknown[]) {
    const { typecode, sequence } = parseArguments(INIT, given);
    const Type = CLASSES.get(typecode as string);
    if (Type === undefined) {
      throw new ValueError(
        "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)",
      );
    }
    this.#typecode = typecode as string;
    const values = elementsOf(sequence).map((value) => this.#checked(value, Type));
    this.#elements = fill(new Type(values.length), values);
  }

  #checked(value: unknown, Type: NumberArrayClass): number | bigint {
    if (Type === Float32Array || Type === Float64Array) {
      if (isNumeric(value)) return Number(value);
      throw new TypeError(`must be real number, not ${pythonTypeName(value)}`);
    }
    const number = typeof value === "bigint" ? value : BigInt(asInteger(value));
    const one = new Type(1);
    const isBig = isBigArray(one);
    if (isBig) one[0] = number;
    else (one as Int32Array)[0] = Number(number);
    if (BigInt(one[0]!) !== number) {
      throw new OverflowError(outOfRange(this.#typecode, number));
    }
    return isBig ? number : Number(number);
  }

  __len__(): number {
    return this.#elements.length;
  }

  __getitem__(index: unknown): unknown {
    const elements = this.#elements;
    if (index instanceof PySlice) {
      const { indices } = sliceIndices(index, elements.length);
      return fill(this.#make(indices.length), indices.map((i) => elements[i]!));
    }
    checkIndex(index);
    return plain(
      elements[indexIn(index, elements.length, "array index out of range")]!,
    );
  }

  __setitem__(index: unknown, value: unknown): void {
    const elements = this.#elements;
    const Type = CLASSES.get(this.#typecode)!;
    if (!(index instanceof PySlice)) {
      checkIndex(index);
      const text = "array assignment index out of range";
      const at = indexIn(index, elements.length, text);
      elements[at] = this.#checked(value, Type) as never;
      return;
    }
    const { indices, start, step } = sliceIndices(index, elements.length);
    const source = ArrayBuffer.isView(value)
      ? [...value as unknown as Iterable<unknown>]
      : elementsOf(value);
    const values = source.map((item) => this.#checked(item, Type));
    if (values.length === indices.length) {
      indices.forEach((at, i) => elements[at] = values[i] as never);
      return;
    }
    if (step !== 1) {
      throw new ValueError(
        `attempt to assign array of size ${values.length} to extended slice of size ${indices.length}`,
      );
    }
    const all: (number | bigint)[] = [...elements];
    all.splice(start, indices.length, ...values);
    this.#elements = fill(this.#make(all.length), all);
  }

  #make(length: number): NumberArray {
    return new (CLASSES.get(this.#typecode)!)(length);
  }

  _getvalue(): NumberArray {
    return this.#elements.slice();
  }

  /** As Python shows it: `array('i', [1, 2])`. */
  toString(): string {
    const isFloat = "fd".includes(this.#typecode);
    const items = Array.from(this.#elements as Iterable<number | bigint>, (value) => {
      const text = String(value);
      return isFloat
        ? repr(Number.isInteger(value) ? `${text}.0` : text).slice(1, -1)
        : text;
    });
    const list = items.length === 0 ? "" : `, [${items.join(", ")}]`;
    return `array('${this.#typecode}'${list})`;
  }
}

/** Python's names of the integers of a type code, and of the type that it reads them by. */
const INTEGERS: Readonly<Record<string, readonly [string, string, number]>> = {
  b: ["signed char", "signed short integer", 16],
  B: ["unsigned byte integer", "unsigned byte integer", 64],
  h: ["signed short integer", "signed short integer", 16],
  H: ["unsigned short", "signed integer", 32],
  i: ["signed integer", "signed integer", 32],
  I: ["unsigned int", "unsigned int", 64],
};

/** The error text for a number that does not fit. */
function outOfRange(code: string, number: bigint): string {
  const isNegative = number < 0n;
  if (code === "q" || (code === "Q" && !isNegative)) return "int too big to convert";
  if (code === "Q") return "can't convert negative int to unsigned";
  const isUnsigned = code === "I" || code === "L";
  if (isUnsigned && isNegative) return "can't convert negative value to unsigned int";
  const [name, read, bits] = INTEGERS[code] ?? ["", "", 0];
  const fits = isUnsigned
    ? BigInt.asUintN(64, number) === number
    : BigInt.asIntN(64, number) === number;
  if (!fits || name === "") {
    return `Python int too large to convert to C ${isUnsigned ? "unsigned " : ""}long`;
  }
  const isRead = isUnsigned || BigInt.asIntN(bits, number) === number;
  return `${isRead ? name : read} is ${
    isNegative ? "less than minimum" : "greater than maximum"
  }`;
}

function checkIndex(index: unknown): void {
  if (!isIndex(index)) throw new TypeError("array indices must be integers");
}

function fill(
  elements: NumberArray,
  values: readonly (number | bigint)[],
): NumberArray {
  values.forEach((value, i) => elements[i] = value as never);
  return elements;
}

/** A bigint only where a number would not do. */
function plain(value: number | bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
