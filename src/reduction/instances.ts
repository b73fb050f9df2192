/**
 * Instances of classes: taken apart into class and fields, and put together again
 * without running a constructor, as pickle does. `__getstate__`, `__setstate__` and
 * `__reduce__` are honoured. Private `#fields` cannot be seen from outside and stay
 * behind: a class that has them says by `__reduce__` how it is made.
 *
 * Mirrors what `copyreg` and `object.__reduce_ex__` do.
 *
 * @module
 */

import { PicklingError, UnpicklingError } from "../errors.ts";
import { cannotPickle, typeName } from "../wire/prepare.ts";
import { define } from "../wire/revive.ts";
import { classOf, type Fields, fieldsOf, type Reduced, ReducedKind } from "./kinds.ts";
import {
  type Callable,
  isCallable,
  knownGlobal,
  knownReference,
  nameOf,
} from "./references.ts";

/** What `__reduce__` and registered functions return: how to make it, and with what. */
export type ReduceValue = readonly [
  callable: Callable,
  args: readonly unknown[],
  state?: unknown,
];

/** Functions that reduce instances of exactly one class; by its prototype. */
const registered = new Map<object, (value: never) => ReduceValue>();

/**
 * Says how instances of a class are sent. Python:
 * `multiprocessing.reduction.register`, `ForkingPickler.register`.
 *
 * @param type The class; its subclasses are not meant.
 * @param reduce Gives an exported function or class, the arguments to call it with in
 * the other process, and perhaps a state, as Python's `__reduce__` does.
 *
 * @example
 * ```ts
 * import { register } from "./instances.ts";
 * register(URLSearchParams, (params) => [URLSearchParams, [params.toString()]]);
 * ```
 */
export function register<T extends object>(
  type: abstract new (...args: never[]) => T,
  reduce: (value: T) => ReduceValue,
): void {
  registered.set(type.prototype, reduce);
  if (isConstructible(type)) allowed.add(type);
}

/** What a registered function, or the object's own `__reduce__`, makes of it. */
export function reduceByHook(value: object): Reduced | undefined {
  const reduce = registered.get(Object.getPrototypeOf(value));
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
  return Array.isArray(value) || value instanceof Map || value instanceof Set ||
    value instanceof Date || ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Any other object. */
export function reduceInstance(value: object): Reduced {
  const type = classOf(value);
  if (type === undefined) throw cannotPickle(typeName(value));
  if (isContainer(value)) return reduceContainer(value, type);
  for (
    let base = Object.getPrototypeOf(value);
    base !== null && base !== Object.prototype;
    base = Object.getPrototypeOf(base)
  ) {
    // What such an object holds is out of sight: promises, weak maps, sockets…
    if (knownReference(base.constructor)?.length === 1) {
      throw cannotPickle(typeName(value));
    }
  }
  return withState({ kind: ReducedKind.Instance, head: [type] }, stateOf(value));
}

function stateOf(value: object): unknown {
  const getState = (value as { __getstate__?: unknown }).__getstate__;
  return typeof getState === "function" ? getState.call(value) : fieldsOf(value);
}

function reduceContainer(value: object, type: unknown): Reduced {
  const kind = ReducedKind.Container;
  if (Array.isArray(value)) {
    const fields = fieldsOf(value);
    for (const index of value.keys()) delete fields[index];
    return { kind, head: [type, []], state: [Array.from(value), fields] };
  }
  const fields = ArrayBuffer.isView(value) ? {} : fieldsOf(value);
  if (value instanceof Map) {
    return { kind, head: [type, new Map()], state: [[...value].flat(1), fields] };
  }
  if (value instanceof Set) {
    return { kind, head: [type, new Set()], state: [[...value], fields] };
  }
  if (value instanceof Date) {
    return { kind, head: [type, new Date(value)], state: [[], fields] };
  }
  return { kind, head: [type, baseView(value as Uint8Array)], state: [[], fields] };
}

function baseView(view: Uint8Array): unknown {
  const name = Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(Uint8Array.prototype),
    Symbol.toStringTag,
  )!.get!.call(view) as "Uint8Array";
  return new globalThis[name](view.buffer as ArrayBuffer, view.byteOffset, view.length);
}

// --- putting together --------------------------------------------------------------

/** Classes of JavaScript's own that data from another process may have called. */
const allowed = new Set<Callable>([
  Array,
  ArrayBuffer,
  BigInt,
  Boolean,
  Date,
  Map,
  Number,
  Object,
  RegExp,
  Set,
  String,
  URL,
]);

function isConstructible(callable: Callable): boolean {
  return Function.prototype.toString.call(callable).startsWith("class") ||
    knownReference(callable)?.length === 1;
}

/** Calls what `__reduce__` named. */
export function makeByCall(head: unknown): unknown {
  const [callable, args] = Array.isArray(head) ? head : [];
  if (!isCallable(callable) || !Array.isArray(args)) {
    throw new UnpicklingError("malformed __reduce__ value");
  }
  // Not `eval`, for one.
  const isGlobal = knownReference(callable)?.length === 1;
  if (isGlobal && !allowed.has(callable) && !isErrorClass(callable)) {
    throw new UnpicklingError(`'${nameOf(callable)}' may not be called by data`);
  }
  if (callable === BigInt) return BigInt(args[0]);
  return isConstructible(callable)
    ? Reflect.construct(callable, args)
    : (callable as (...args: unknown[]) => unknown)(...args);
}

function isErrorClass(callable: Callable): boolean {
  return callable.prototype instanceof Error || callable === Error;
}

/** An instance without fields. */
export function makeInstance(head: unknown): object {
  const [type, ...rest] = Array.isArray(head) ? head : [];
  if (!isCallable(type) || typeof type.prototype !== "object" || rest.length > 0) {
    throw new UnpicklingError("malformed instance");
  }
  if (knownReference(type)?.length === 1 && knownGlobal(nameOf(type)) === type) {
    throw new UnpicklingError(`instances of '${nameOf(type)}' are not made of data`);
  }
  return Object.create(type.prototype);
}

/** An empty container; dates and typed arrays have their content already. */
export function makeContainer(head: unknown): object {
  const [type, base] = Array.isArray(head) ? head : [];
  if (!isCallable(type) || !(type.prototype instanceof Object)) {
    throw new UnpicklingError("malformed container");
  }
  for (const Base of [Array, Map, Set] as const) {
    if (base instanceof Base) return Reflect.construct(Base, [], type);
  }
  if (base instanceof Date || ArrayBuffer.isView(base) && !(base instanceof DataView)) {
    const argument = base instanceof Date ? base.getTime() : base;
    return Reflect.construct(base.constructor as DateConstructor, [argument], type);
  }
  throw new UnpicklingError("malformed container");
}

/** Fills a container. */
export function fillContainer(made: unknown, state: unknown): void {
  const [items, fields] = Array.isArray(state) ? state : [];
  if (!Array.isArray(items) || typeof fields !== "object" || fields === null) {
    throw new UnpicklingError("malformed container");
  }
  // The base class's own methods: an overriding one may rely on fields not there yet.
  if (Array.isArray(made)) {
    for (const item of items) Array.prototype.push.call(made, item);
  } else if (made instanceof Map) {
    for (let i = 0; i + 1 < items.length; i += 2) {
      Map.prototype.set.call(made, items[i], items[i + 1]);
    }
  } else if (made instanceof Set) {
    for (const item of items) Set.prototype.add.call(made, item);
  }
  setFields(made as object, fields as Fields);
}

/** Gives an object its state. */
export function setState(made: unknown, state: unknown): void {
  if (!(made instanceof Object)) throw new UnpicklingError("a state for no object");
  const setState = (made as { __setstate__?: unknown }).__setstate__;
  if (typeof setState === "function") setState.call(made, state);
  else if (typeof state === "object" && state !== null) {
    setFields(made, state as Fields);
  } else throw new UnpicklingError("a state that is no object needs __setstate__");
}

function setFields(made: object, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) define(made, name, value);
}
