/**
 * What `console.log` prints of the package's objects: their text, as Python's `print` does,
 * and not their fields or, on Bun, the names of all their methods.
 *
 * @module
 */

/** Names of the methods that `console.log` calls on Node and Bun, and on Deno. */
const HOOKS = [
  Symbol.for("nodejs.util.inspect.custom"),
  Symbol.for("Deno.customInspect"),
];

/** Numbers of objects that have none of their own, from 1. */
const numbers = new WeakMap<object, number>();
let last = 0;

/**
 * Has `console.log` print objects of a class and of its subclasses as their text.
 *
 * @param Class A class whose objects have a `toString()`.
 * @param textOf Gives the text, if `String()` does not.
 */
export function printAsText<T extends object>(
  Class: { readonly prototype: T },
  textOf: (object: T) => string = String,
): void {
  const value = function (this: T): string {
    try {
      return textOf(this);
    } catch {
      return addressed(this, this.constructor.name); // of something half made
    }
  };
  for (const hook of HOOKS) {
    Object.defineProperty(Class.prototype, hook, { value, configurable: true });
  }
}

/**
 * Python's text for an object that has no other: `<multiprocessing.x.Y object at 0x…>`.
 *
 * @param name The name of its class, with the module.
 */
export function addressed(object: object, name: string): string {
  return `<${name} object at ${addressOf(object)}>`;
}

/** An address for an object that has no number: always the same, and no other has it. */
export function addressOf(object: object): string {
  let number = numbers.get(object);
  if (number === undefined) numbers.set(object, number = ++last);
  return address(number);
}

/** The number of an object as Python's texts show an object's address. */
export function address(number: number): string {
  return `0x${number.toString(16).padStart(12, "0")}`;
}
