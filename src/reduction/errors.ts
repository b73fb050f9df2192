/**
 * Errors as values: class, message, stack, cause and own fields all travel, which
 * neither CBOR nor structured cloning brings about.
 *
 * @module
 */

import { PicklingError, UnpicklingError } from "../errors.ts";
import { typeName } from "../wire/prepare.ts";
import { classOf, type Reduced, ReducedKind } from "./kinds.ts";
import { isCallable } from "./references.ts";

/** Where JavaScriptCore says where an error was made; the stack says it as well. */
const PLACE_FIELDS: ReadonlySet<string> = new Set([
  "line",
  "column",
  "sourceURL",
  "originalLine",
  "originalColumn",
]);

/** One property of an error: name, value, whether it is enumerable. */
export type ErrorProperty = [name: string, value: unknown, enumerable: boolean];

/** Takes an error apart. */
export function reduceError(error: Error): Reduced {
  if (isDOMException(error)) {
    return { kind: ReducedKind.DOMException, head: [error.message, error.name] };
  }
  const type = classOf(error) ?? saidClassOf(error);
  if (type === undefined) {
    throw new PicklingError(`Can't pickle ${typeName(error)}: it has no class`);
  }
  return { kind: ReducedKind.Error, head: [type], state: propertiesOf(error) };
}

/** Node's inner classes say that they are the public ones that they extend. */
function saidClassOf(error: Error): unknown {
  const { constructor } = error;
  return isCallable(constructor) && error instanceof constructor
    ? constructor
    : undefined;
}

function isDOMException(error: Error): error is DOMException {
  return typeof DOMException === "function" &&
    Object.getPrototypeOf(error) === DOMException.prototype;
}

/** An error's own properties. */
export function propertiesOf(error: Error): ErrorProperty[] {
  const properties: ErrorProperty[] = [];
  for (const name of Object.getOwnPropertyNames(error)) {
    if (PLACE_FIELDS.has(name)) continue;
    const enumerable = Object.prototype.propertyIsEnumerable.call(error, name);
    properties.push([
      name,
      (error as unknown as Record<string, unknown>)[name],
      enumerable,
    ]);
  }
  // Some engines keep it on the prototype.
  if (!Object.hasOwn(error, "stack") && typeof error.stack === "string") {
    properties.push(["stack", error.stack, false]);
  }
  return properties;
}

/** An error of a class, without any property. No constructor of the user's is run. */
export function makeError(head: unknown): Error {
  const [type] = Array.isArray(head) ? head : [];
  if (!isCallable(type) || !(type === Error || type.prototype instanceof Error)) {
    throw new UnpicklingError("malformed error");
  }
  return Reflect.construct(Error, [], type);
}

/** Gives an error its properties. */
export function fillError(made: unknown, state: unknown): void {
  if (!(made instanceof Error) || !Array.isArray(state)) {
    throw new UnpicklingError("malformed error");
  }
  for (const property of state) {
    const [name, value, enumerable] = Array.isArray(property) ? property : [];
    if (typeof name !== "string") throw new UnpicklingError("malformed error");
    Object.defineProperty(made, name, {
      value,
      enumerable: enumerable === true,
      writable: true,
      configurable: true,
    });
  }
}

/** A DOMException. */
export function makeDOMException(head: unknown): unknown {
  const [message, name] = Array.isArray(head) ? head : [];
  return new DOMException(String(message), String(name));
}
