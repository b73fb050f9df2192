/**
 * The keys of dicts that properties stand for. The name of a property is always text in
 * JavaScript: `d[0]` and `d["0"]` are one. Pure.
 *
 * @module
 */

/** How JavaScript writes an integer. */
const INTEGER = /^(?:0|-?[1-9]\d{0,15})$/;

/**
 * The key of a dict that the name of a property means: an integer that is written as
 * JavaScript writes it means the integer, all else the text.
 */
export function keyOf(name: string): string | number {
  if (!INTEGER.test(name)) return name;
  const number = Number(name);
  return Number.isSafeInteger(number) ? number : name;
}
