/**
 * Floating point numbers as 8 bytes, in the order of x86 and ARM. Pure.
 *
 * @module
 */

const number = new Float64Array(1);
const scratch = new Uint8Array(number.buffer);

/** Writes one at a place. */
export function putFloat(bytes: Uint8Array, at: number, value: number): void {
  number[0] = value;
  for (let i = 0; i < 8; i++) bytes[at + i] = scratch[i]!;
}

/** The number at a place. */
export function floatAt(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i++) scratch[i] = bytes[at + i] ?? 0;
  return number[0]!;
}

/** A number as bytes of its own. */
export function floatBytes(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  putFloat(bytes, 0, value);
  return bytes;
}
