/** Functions and classes, and what names them on the wire. @module */

/**
 * The name of a function or class on the wire: `[path]` for one that every process has
 * (`Math.sqrt`, `ValueError`), else that of an export.
 */
export type Reference = readonly [path: string] | ExportReference;

/**
 * The name of what a module exports: the module's URL, the name of the export, and, if the
 * name may stand for another function as well, a fingerprint of its text (fingerprint.ts).
 */
export type ExportReference = readonly [url: string, name: string, text?: number];

/** A function or a class. */
// deno-lint-ignore no-explicit-any -- any arguments and any result
export type Callable = ((...args: any[]) => unknown) | Class;

/** A class, of whatever is made with whatever arguments. */
// deno-lint-ignore no-explicit-any -- as above
export type Class = abstract new (...args: any[]) => unknown;

/** Whether a value is a function or a class. */
export function isCallable(value: unknown): value is Callable {
  return typeof value === "function";
}

/** A function's text. */
export function textOf(callable: Callable): string {
  return Function.prototype.toString.call(callable);
}

/** A function's own name, even if a class has a static member `name`. */
export function nameOf(callable: Callable): string {
  const name: unknown = Object.getOwnPropertyDescriptor(callable, "name")?.value;
  if (typeof name === "string") return name;
  return /^class\s+([\w$]+)/.exec(textOf(callable))?.[1] ?? "";
}
