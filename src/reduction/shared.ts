/**
 * How the objects of other files of this package travel: those that live in the hub
 * (queues, locks…) as handles and only to a process that is being started, others as
 * whatever rebuilds them.
 *
 * Mirrors `context.assert_spawning` and the `__getstate__`s that call it.
 *
 * @module
 */

import { RuntimeError, UnpicklingError } from "../python/errors.ts";
import { checkInherited, type Sender } from "./policy.ts";
import { type Callable, isCallable, nameOf } from "./references.ts";

/** A method under this name says how an object is sent; see {@linkcode SharedObject}. */
export const REDUCE_SHARED: unique symbol = Symbol("reduce_shared");

/** What is known when something is sent. */
export interface DumpContext {
  /** Whether it goes to a process that is being started, as part of its work. */
  readonly spawning: boolean;
  /** Gives the new process a handle of a hub object. */
  inherit(handle: number): void;
}

/** An object that says itself how it is sent. */
export interface SharedObject {
  /**
   * Names what {@linkcode registerRebuilder} was told, and what that needs. Throws if the
   * object cannot be sent.
   */
  [REDUCE_SHARED](
    context: DumpContext,
  ): [rebuilder: string | Callable, fields: unknown];
}

interface Rebuilder {
  rebuild: (fields: unknown) => unknown;
  /** What the objects are called, if only the work of a starting process may hold them. */
  inherited: string | undefined;
}

const rebuilders = new Map<unknown, Rebuilder>();

/**
 * Says how objects of a type are made again where they arrive.
 *
 * @param name The type's name on the wire; or `rebuild` itself, if it has a name by
 * `registerName`: then its file need not be loaded before such an object arrives.
 * @param rebuild Gets the fields that {@linkcode SharedObject} gave. They come from
 * another process: check them.
 * @param inherited What the objects are called, if they travel only while a process is
 * being started.
 */
export function registerRebuilder<T>(
  name: string | Callable,
  rebuild: (fields: T) => unknown,
  inherited?: string,
): void {
  rebuilders.set(name, { rebuild: rebuild as Rebuilder["rebuild"], inherited });
}

/** Makes a shared object. */
export function rebuild(name: unknown, fields: unknown, sender: Sender): unknown {
  const rebuilder = rebuilders.get(name);
  if (rebuilder === undefined) {
    const text = isCallable(name) ? nameOf(name) : typeof name === "string" ? name : "";
    throw new UnpicklingError(`no such type of shared object: ${text}`);
  }
  const { rebuild, inherited } = rebuilder;
  if (inherited !== undefined) checkInherited(inherited, sender);
  if (typeof fields !== "object") throw new UnpicklingError("malformed shared object");
  return rebuild(fields);
}

/**
 * Refuses unless a process is being started. Python: `context.assert_spawning`.
 *
 * @param typeName As Python's message names the type: `Queue`, `Lock`…
 * @throws {RuntimeError}
 */
export function assert_spawning(typeName: string, context: DumpContext): void {
  if (!context.spawning) {
    throw new RuntimeError(
      `${typeName} objects should only be shared between processes through inheritance`,
    );
  }
}
