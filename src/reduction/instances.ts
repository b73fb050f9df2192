/**
 * Reduces instances of classes to class and fields, as pickle does; make.ts makes them
 * again. `__getstate__` and `__reduce__` are honoured. Private members (`#n`) cannot be seen
 * from outside, nor given to what is made without its constructor: a class that has them
 * needs `__reduce__`, or a `__getstate__` that says that they are not missed.
 *
 * Mirrors what `copyreg` and `object.__reduce_ex__` do.
 *
 * @module
 */

import { privateMemberOf } from "../functions/private_members.ts";
import {
  builtinName,
  isDate,
  isMap,
  isOfOtherRealm,
  isSet,
  typedArrayName,
} from "../runtime/brands.ts";
import { PicklingError } from "../python/errors.ts";
import { cannotPickle, refusal, selfCalled, typeName } from "../codec/prepare.ts";
import { classOf, fieldsOf, type Reduced, ReducedKind } from "./kinds.ts";
import { allowCall, isThenable } from "./policy.ts";
import { type Callable, isCallable, nameOf } from "../functions/callable.ts";
import { isOfOtherCopy, noteField, OTHER_COPY } from "../functions/not_found.ts";
import { knownReference } from "../functions/references.ts";

/** The result of `__reduce__` and of registered functions: a call that makes the object. */
export type ReduceValue = readonly [
  callable: Callable,
  args: readonly unknown[],
  state?: unknown,
];

/** A function that reduces instances of a class. */
type Reduce = (value: never) => ReduceValue;

/** Functions that reduce instances of exactly one class, by its prototype. */
const registered = new Map<object, Reduce>();

/** Those of classes that say themselves what their instances are. */
const telling = new Map<Callable, Reduce>();

/**
 * Registers the function that reduces instances of a class (not of its subclasses), and
 * allows data to have the class, or the `constructor` that `reduce` names, called. Both
 * processes call it, best in the module that exports the class.
 */
export function register<T extends object>(
  type: abstract new (...args: never[]) => T,
  reduce: (value: T) => ReduceValue,
  constructor?: Callable,
): void {
  for (const [value, what] of [[type, "type"], [reduce, "reduce"]] as const) {
    if (typeof value !== "function") throw new TypeError(`${what} must be a function`);
  }
  if (constructor !== undefined && typeof constructor !== "function") {
    throw new TypeError("constructors must be callable"); // copyreg.constructor's text
  }
  registered.set(type.prototype, reduce);
  if (Object.hasOwn(type, Symbol.hasInstance)) telling.set(type, reduce);
  allowCall(type, true);
  if (constructor !== undefined) allowCall(constructor);
}

/**
 * The registered function for an object's class. A function that makes instances of a class
 * that nobody sees, with the same name, is the class if it says so by `Symbol.hasInstance`.
 */
function reducerOf(value: object): Reduce | undefined {
  const prototype = Object.getPrototypeOf(value);
  const reduce = registered.get(prototype);
  if (reduce !== undefined || telling.size === 0) return reduce;
  const name = prototype?.constructor?.name;
  for (const [type, reduce] of telling) {
    // Those of its subclasses have another name.
    if (type.name === name && value instanceof type) return reduce;
  }
  return undefined;
}

/** Reduces an object by its registered function or its own `__reduce__`. */
export function reduceByHook(value: object): Reduced | undefined {
  const reduce = reducerOf(value);
  let result: unknown;
  if (reduce !== undefined) result = reduce(value as never);
  else {
    const own = (value as { __reduce__?: unknown }).__reduce__;
    if (typeof own !== "function") return undefined;
    result = own.call(value);
  }
  if (!Array.isArray(result)) {
    throw new PicklingError("__reduce__ must return a string or tuple");
  }
  const [callable, args, state] = result;
  if (!isCallable(callable)) {
    throw new PicklingError(
      "first item of the tuple returned by __reduce__ must be callable",
    );
  }
  if (!Array.isArray(args)) {
    throw new PicklingError(
      "second item of the tuple returned by __reduce__ must be a tuple",
    );
  }
  return withState({ kind: ReducedKind.Call, head: [callable, args] }, state);
}

function withState(reduced: Reduced, state: unknown): Reduced {
  return state === undefined || state === null ? reduced : { ...reduced, state };
}

/** Whether an object's class extends one whose instances can be made from their items. */
function isContainer(value: object): boolean {
  return Array.isArray(value) || isMap(value) || isSet(value) ||
    isDate(value) ||
    ArrayBuffer.isView(value) && typedArrayName.call(value) !== undefined;
}

/** Reduces any other object. */
export function reduceInstance(value: object): Reduced {
  const type = classOf(value);
  if (type === undefined) throw cannotPickle(typeName(value), value);
  if (isContainer(value)) return reduceContainer(value, type);
  const isForeign = isOfOtherRealm(value);
  for (
    let base = Object.getPrototypeOf(value);
    base !== null && base !== Object.prototype;
    base = Object.getPrototypeOf(base)
  ) {
    // The content of such an object is hidden: promises, weak maps, sockets…
    if (
      knownReference(base.constructor)?.length === 1 ||
      isForeign && !["Object", undefined].includes(builtinName(base))
    ) {
      throw cannotPickle(typeName(value), value);
    }
  }
  refuseThenable(value);
  const hasState =
    typeof (value as { __getstate__?: unknown }).__getstate__ === "function";
  // Its module may export the class, but what it makes is tied to that copy's link.
  if (isCallable(type) && isOfOtherCopy(type)) {
    const text = `Can't pickle '${typeName(value)}' object: ${OTHER_COPY}`;
    throw refusal(new PicklingError(text), value);
  }
  if (!hasState) refusePrivate(value, "give the class `__reduce__`");
  return withState({ kind: ReducedKind.Instance, head: [type] }, stateOf(value));
}

/** Rejects an object with a method `then`, which the receiver's `await` would call. */
export function refuseThenable(value: object): void {
  if (isThenable(value)) throw selfCalled(typeName(value), "then");
}

/**
 * Rejects an object whose class has private members: what is made without the constructor
 * has none. `isEnd` says where in the chain
 * of prototypes the search ends.
 */
export function refusePrivate(
  value: object,
  cure: string,
  isEnd?: (prototype: object) => boolean,
): void {
  const found = privateMemberOf(Object.getPrototypeOf(value), isEnd);
  if (found === undefined) return;
  const owner = nameOf(found.type);
  throw refusal(
    new PicklingError(
      `Can't pickle '${
        typeName(value)
      }' object: the private '${found.name}' of ${owner} ` +
        `cannot be sent; ${cure}`,
    ),
    value,
  );
}

function stateOf(value: object): unknown {
  const getState = (value as { __getstate__?: unknown }).__getstate__;
  if (typeof getState === "function") return getState.call(value);
  const fields = fieldsOf(value);
  for (const name of Object.keys(fields)) {
    const field = fields[name];
    if (isCallable(field)) noteField(field, typeName(value), name);
  }
  return fields;
}

function reduceContainer(value: object, type: unknown): Reduced {
  refuseThenable(value);
  refusePrivate(value, "give the class `__reduce__`");
  const kind = ReducedKind.Container;
  if (Array.isArray(value)) {
    const fields = fieldsOf(value);
    for (const index of value.keys()) delete fields[index];
    return { kind, head: [type, []], state: [Array.from(value), fields] };
  }
  const fields = ArrayBuffer.isView(value) ? {} : fieldsOf(value);
  if (isMap(value)) {
    return { kind, head: [type, new Map()], state: [[...value].flat(1), fields] };
  }
  if (isSet(value)) {
    return { kind, head: [type, new Set()], state: [[...value], fields] };
  }
  if (isDate(value)) {
    return { kind, head: [type, new Date(value)], state: [[], fields] };
  }
  return { kind, head: [type, baseView(value as Uint8Array)], state: [[], fields] };
}

function baseView(view: Uint8Array): unknown {
  const name = typedArrayName.call(view) as "Uint8Array";
  return new globalThis[name](view.buffer as ArrayBuffer, view.byteOffset, view.length);
}
