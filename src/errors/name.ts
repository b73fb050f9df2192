/**
 * Gives an error class its Python name; used by every class in this folder.
 *
 * @module
 */

/**
 * Puts `name` on a class's prototype, where the built-in error classes have it: not
 * enumerable, so it neither shows in a printed error nor travels as an own field, and
 * a string of its own, so a minifier that renames the class does not change it. It
 * stays writable: a subclass may assign `this.name`.
 *
 * @param errorClass The class.
 * @param name What `error.name` shall say.
 *
 * @example
 * ```ts
 * import { setName } from "./name.ts";
 * class Late extends Error {
 *   static {
 *     setName(this, "Late");
 *   }
 * }
 * console.log(String(new Late("by a day"))); // Late: by a day
 * ```
 */
export function setName(errorClass: { prototype: Error }, name: string): void {
  Object.defineProperty(errorClass.prototype, "name", {
    value: name,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
