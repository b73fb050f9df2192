/**
 * Makes instances of classes from what instances.ts has reduced them to, without running a
 * constructor, as pickle does. `__setstate__` is called, and so are the functions that
 * `__reduce__` has named.
 *
 * Payloads are not trusted: policy.ts decides what may be made, called and filled.
 *
 * @module
 */

import {
  descendsFrom,
  isDate,
  isMap,
  isSet,
  typedArrayName,
} from "../runtime/brands.ts";
import { UnpicklingError } from "../python/errors.ts";
import { define, VIEWS } from "../codec/revive.ts";
import type { Fields } from "./kinds.ts";
import {
  checkCall,
  checkClass,
  checkSelfCalled,
  checkState,
  isClass,
  type NameOf,
  type Sender,
  valueOf,
} from "./policy.ts";
import { type Callable, isCallable, type Reference } from "../functions/callable.ts";

const { construct } = Reflect;
const { push } = Array.prototype;
const { set } = Map.prototype;
const { add } = Set.prototype;

/** Calls the function that `__reduce__` has named. */
export function makeByCall(head: unknown, name: NameOf, sender: Sender): unknown {
  const [callable, args] = Array.isArray(head) ? head : [];
  if (!isCallable(callable) || !Array.isArray(args)) {
    throw new UnpicklingError("malformed __reduce__ value");
  }
  const reference = name(callable);
  checkCall(callable, reference, sender);
  const made = call(callable, args, reference);
  checkSelfCalled(made);
  return made;
}

function call(
  callable: Callable,
  args: unknown[],
  reference: Reference | undefined,
): unknown {
  if (callable === BigInt) return BigInt(args[0] as string);
  return isClass(callable) || reference?.length === 1
    ? construct(callable, args)
    : (callable as (...args: unknown[]) => unknown)(...args);
}

/** An instance without fields. */
export function makeInstance(head: unknown, name: NameOf): object {
  const [type, ...rest] = Array.isArray(head) ? head : [];
  if (!isCallable(type) || rest.length > 0) {
    throw new UnpicklingError("malformed instance");
  }
  checkClass(type, name(type));
  const made = Object.create(type.prototype);
  checkSelfCalled(made);
  return made;
}

/** An empty container; dates and typed arrays have their content already. */
export function makeContainer(head: unknown, name: NameOf): object {
  const [type, base] = Array.isArray(head) ? head : [];
  if (!isCallable(type)) throw new UnpicklingError("malformed container");
  checkClass(type, name(type));
  const [Base, args] = baseOf(base);
  if (!descendsFrom(type.prototype, Base.name)) {
    throw new UnpicklingError("malformed container");
  }
  const made = construct(Base, args, type);
  checkSelfCalled(made);
  return made;
}

/** The built-in class that a container extends, and the arguments for its constructor. */
function baseOf(base: unknown): [Base: new (...args: never[]) => object, unknown[]] {
  if (Array.isArray(base)) return [Array, []];
  if (isMap(base)) return [Map, []];
  if (isSet(base)) return [Set, []];
  if (isDate(base)) return [Date, [base.getTime()]];
  const View = ArrayBuffer.isView(base) && VIEWS.get(typedArrayName.call(base));
  if (View) return [View as never, [base]];
  throw new UnpicklingError("malformed container");
}

/** Fills a container. */
export function fillContainer(made: unknown, state: unknown): void {
  const [items, fields] = Array.isArray(state) ? state : [];
  if (!Array.isArray(items) || typeof fields !== "object" || fields === null) {
    throw new UnpicklingError("malformed container");
  }
  // The base class's own methods: an overriding one may need fields that are not set yet.
  if (Array.isArray(made)) {
    for (const item of items) push.call(made, item);
  } else if (isMap(made)) {
    for (let i = 0; i + 1 < items.length; i += 2) {
      set.call(made, items[i], items[i + 1]);
    }
  } else if (isSet(made)) {
    for (const item of items) add.call(made, item);
  }
  setFields(made as object, fields as Fields);
}

/** Gives an object its state. */
export function setState(made: unknown, state: unknown): void {
  checkState(made);
  const setState = valueOf(Object.getPrototypeOf(made), "__setstate__");
  if (typeof setState === "function") setState.call(made, state);
  else if (typeof state === "object" && state !== null) {
    setFields(made, state as Fields);
  } else throw new UnpicklingError("a state that is no object needs __setstate__");
}

function setFields(made: object, fields: Fields): void {
  for (const name of Object.keys(fields)) define(made, name, fields[name]);
}
