/**
 * Where an object is, as Python's `repr` of it ends: a number of its own that looks like an
 * address. Pure.
 *
 * @module
 */

const places = new WeakMap<object, number>();
let last = 0;

/** ` at 0x00000000001f`: always the same for an object, and for no other. */
export function placeOf(object: object): string {
  let place = places.get(object);
  if (place === undefined) places.set(object, place = ++last);
  return ` at 0x${place.toString(16).padStart(12, "0")}`;
}
