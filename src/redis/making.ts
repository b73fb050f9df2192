/**
 * How the classes of a context are made: callable without `new`, as the package's own are, and
 * each knows its context.
 *
 * @module
 */
import { UnpicklingError } from "../python/errors.ts";
import { registerTransferable } from "../reduction/mod.ts";
import type { Base } from "./base.ts";
import type { ObjectFields, Origin, RedisObject } from "./object.ts";

/** What an object is made of: its context, and what was sent of it, if it was. */
export interface Making {
  readonly base: Base;
  readonly sent: ObjectFields | undefined;
}

/**
 * The object that is being made. Not an argument, as the constructor of a user's subclass would
 * not hand it on.
 */
let making: Making | undefined;

/** For constructors: the context, and what was sent. @throws {TypeError} without a context */
export function takeMaking(): Making {
  const made = making;
  making = undefined;
  if (made !== undefined) return made;
  throw new TypeError(
    "objects on a server are made by a context: get_context('redis', …)",
  );
}

/** Where an object comes from: it was sent, or has a name, or is new. */
export function originOf(
  { sent }: Making,
  id?: string | undefined,
): Origin {
  return sent === undefined ? { id } : { id: sent.id, isOpened: true };
}

/** A class of objects on a server. */
export type ObjectClass = new (...args: never[]) => RedisObject;

/** The classes by their names. */
const classes = new Map<string, ObjectClass>();

/** Makes a class known under its name: objects of it can be sent. */
export function registerObject(name: string, Class: ObjectClass): void {
  Object.defineProperty(Class, "name", { value: name });
  classes.set(name, Class);
}

/** A class as the factory of a context. */
export function factoryOf<F>(base: Base, Class: ObjectClass): F {
  const make = (args: unknown[], newTarget: NewableFunction) =>
    base.settle(
      within({ base, sent: undefined }, () =>
        Reflect.construct(Class, args, newTarget) as RedisObject),
    );
  return new Proxy(Class, {
    apply: (_target, _this, args) => make(args, Class),
    construct: (_target, args, newTarget) => make(args, newTarget),
  }) as unknown as F;
}

/** Makes an object of what was sent, or a part of another object. */
export function makeObject<O extends RedisObject>(
  base: Base,
  Class: ObjectClass,
  sent?: ObjectFields,
  args: unknown[] = [],
): O {
  return base.settle(within({ base, sent }, () => Reflect.construct(Class, args) as O));
}

/** Makes something that asks for its context, or what was sent of it. */
export function within<R>(what: Making, make: () => R): R {
  const before = making;
  making = what;
  try {
    return make();
  } finally {
    making = before;
  }
}

/** The contexts of this process, by their names. */
const contexts = new Map<string, WeakRef<Base>>();

/** Objects of a context with this name, that other processes send, are made with this one. */
export function addContext(base: Base): void {
  const { name } = base.settings;
  contexts.set(name, new WeakRef(base));
  watchers.get(name)?.(base);
}

/** Called back with the contexts of a name. */
const watchers = new Map<string, (base: Base) => void>();

/** Calls back with the context of this name, if it is there, and with those made later. */
export function watchContexts(name: string, watcher: (base: Base) => void): void {
  watchers.set(name, watcher);
  const base = contextOf(name);
  if (base !== undefined) watcher(base);
}

/** The context of this name that this process has made. */
export function contextOf(name: string): Base | undefined {
  return contexts.get(name)?.deref();
}

/** Makes an object that another process has sent; or gives the one that is here already. */
export function rebuild(fields: ObjectFields): RedisObject {
  const { context, class: name, id } = fields;
  const base = contextOf(context);
  if (base === undefined) {
    throw new UnpicklingError(
      `no context ${
        JSON.stringify(context)
      } in this process: the address of the server does ` +
        "not travel, so call get_context('redis', { url, name }) first",
    );
  }
  const Class = classes.get(name);
  if (Class === undefined || typeof id !== "string" || !/^[^\s]{1,700}$/.test(id)) {
    throw new UnpicklingError("no such class of shared object");
  }
  return base.find(id) as RedisObject | undefined ?? makeObject(base, Class, fields);
}

registerTransferable("redis:rebuild", { rebuild });
