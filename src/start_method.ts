/**
 * Which start method the default context has, and what settles it.
 *
 * Mirrors a part of `multiprocessing/context.py`: there the factories are methods of a
 * context, and those of the default context ask it for its start method, which is chosen
 * then. Here they are functions and know it by themselves.
 *
 * @module
 */
import { callable } from "./callable.ts";

/** The one start method there is. */
export const SPAWN = "spawn";

/** A start method, or null where none was chosen or needed yet. */
export interface ChosenMethod {
  name: string | null;
}

/** The default context's. */
export const defaultMethod: ChosenMethod = { name: null };

/** From now on the default context has a start method. */
export function fixStartMethod(): void {
  defaultMethod.name ??= SPAWN;
}

/** Whether a factory of another context than the default one is at work. */
let isConcrete = false;

function asDefault(): void {
  if (!isConcrete) fixStartMethod();
}

/**
 * Makes a class callable, as the default context's factories are: to make an instance
 * settles the start method.
 *
 * @param name The name that errors and texts say.
 * @param Class The class.
 */
export function factory<C>(
  name: string,
  Class: abstract new (...args: never[]) => unknown,
): C {
  return callable(name, Class, asDefault);
}

/** A factory as a method of another context: the default one does not notice. */
export function concrete<F extends object>(made: F): F {
  return new Proxy(made, {
    apply: (target, self, args) =>
      apart(() => Reflect.apply(target as () => unknown, self, args)),
    construct: (target, args, newTarget) =>
      apart(() => Reflect.construct(target as new () => object, args, newTarget)),
  });
}

function apart<R>(run: () => R): R {
  const was = isConcrete;
  isConcrete = true;
  try {
    return run();
  } finally {
    isConcrete = was;
  }
}
