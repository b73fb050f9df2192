/**
 * Errors as values: class, message, stack, cause and own fields are all sent, which neither
 * CBOR nor structured cloning does.
 *
 * @module
 */

import { argsOf } from "../python/repr.ts";
import { withoutOwnFrames } from "../python/stack.ts";
import { builtinName, isError, isOfOtherRealm } from "../runtime/brands.ts";
import {
  type ErrorClass,
  errorClasses,
  PicklingError,
  setHidden,
  UnpicklingError,
} from "../python/errors.ts";
import { typeName } from "../codec/prepare.ts";
import { define } from "../codec/revive.ts";
import { refuseThenable } from "./instances.ts";
import { classOf, type Reduced, ReducedKind } from "./kinds.ts";
import { checkSelfCalled, isErrorClass } from "./policy.ts";
import { isCallable } from "../functions/callable.ts";

const { construct } = Reflect;

/** JavaScriptCore's fields for an error's origin, which the stack has as well. */
const PLACE_FIELDS: ReadonlySet<string> = new Set(
  ["line", "column", "sourceURL", "originalLine", "originalColumn"],
);

/** Fields that showing an error reads: an object there would have its methods called. */
const TEXTS: ReadonlySet<string> = new Set(["name", "message", "stack"]);

function textOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? "[object]" : value;
}

/** What is sent of a property. */
function sent(name: string, value: unknown): unknown {
  if (!TEXTS.has(name)) return value;
  const isStack = name === "stack" && typeof value === "string";
  return isStack ? withoutOwnFrames(value) : textOf(value);
}

/** One property of an error: name, value, whether it is enumerable. */
export type ErrorProperty = [name: string, value: unknown, enumerable: boolean];

/** Reduces an error to its class and properties. */
export function reduceError(error: Error): Reduced {
  if (isDOMException(error)) {
    return { kind: ReducedKind.DOMException, head: [error.message, error.name] };
  }
  const type = ownClass(error) ?? classOf(error) ?? saidClassOf(error);
  if (type === undefined) {
    throw new PicklingError(`Can't pickle ${typeName(error)}: it has no class`);
  }
  refuseThenable(error);
  return { kind: ReducedKind.Error, head: [type], state: propertiesOf(error) };
}

/** This realm's class for an error of a built-in class of another one. */
export function ownClass(error: object): ErrorClass | undefined {
  if (!isOfOtherRealm(error)) return undefined;
  return errorClasses.get(builtinName(Object.getPrototypeOf(error)) ?? "");
}

/** The public class that an instance of one of Node's inner classes claims to be of. */
function saidClassOf(error: Error): unknown {
  const { constructor } = error;
  return isCallable(constructor) && error instanceof constructor
    ? constructor
    : undefined;
}

function isDOMException(error: Error): error is DOMException {
  if (typeof DOMException !== "function") return false;
  const prototype = Object.getPrototypeOf(error);
  return prototype === DOMException.prototype ||
    isOfOtherRealm(error) && prototype.constructor?.name === "DOMException";
}

/** An error's own properties. */
export function propertiesOf(error: Error): ErrorProperty[] {
  const properties: ErrorProperty[] = [];
  for (const name of Object.getOwnPropertyNames(error)) {
    if (PLACE_FIELDS.has(name)) continue;
    const enumerable = Object.prototype.propertyIsEnumerable.call(error, name);
    const value = (error as unknown as Record<string, unknown>)[name];
    properties.push([name, sent(name, value), enumerable]);
  }
  // Some engines keep it on the prototype.
  if (!Object.hasOwn(error, "stack") && typeof error.stack === "string") {
    properties.push(["stack", sent("stack", error.stack), false]);
  }
  return properties;
}

/** Makes an error of a class, without properties, and without running its constructor. */
export function makeError(head: unknown): Error {
  const [type] = Array.isArray(head) ? head : [];
  if (!isCallable(type) || !isErrorClass(type)) {
    throw new UnpicklingError("malformed error");
  }
  const made = construct(Error, [], type);
  checkSelfCalled(made);
  return made;
}

/** Sets an error's properties. */
export function fillError(made: unknown, state: unknown): void {
  if (!isError(made) || !Array.isArray(state)) {
    throw new UnpicklingError("malformed error");
  }
  for (const property of state) {
    const [name, value, enumerable] = Array.isArray(property) ? property : [];
    if (typeof name !== "string" || TEXTS.has(name) && textOf(value) !== value) {
      throw new UnpicklingError("malformed error");
    }
    define(made, name, value, enumerable === true);
  }
  // An error of JavaScript's own classes has none at home; who asks another process's does
  // not know which class it will be.
  if (!("args" in made)) setHidden(made, "args", argsOf(made));
}

/** A DOMException. */
export function makeDOMException(head: unknown): unknown {
  const [message, name] = Array.isArray(head) ? head : [];
  if (typeof message !== "string" || typeof name !== "string") {
    throw new UnpicklingError("malformed error");
  }
  return new DOMException(message, name);
}
