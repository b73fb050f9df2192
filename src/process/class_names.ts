/**
 * The names of the package's own classes of processes.
 *
 * @module
 */
import type { ProcessClass } from "./arguments.ts";

/** The package's own classes of processes, which travel by their Python names. */
const ownClasses = new Map<string, ProcessClass>();

/**
 * Makes a class one of the package's own, and sees to its name, from which the names of
 * processes are made: a bundler may have given it another one.
 */
export function registerClass(name: string, Class: ProcessClass): void {
  Object.defineProperty(Class, "name", { value: name });
  ownClasses.set(name, Class);
}

/** Whether an object is of one of these classes, and of no subclass. */
export function isOwn(at: object): boolean {
  return ownClasses.get(at.constructor.name) === at.constructor;
}

/** The class that has such a name. */
export function ownClass(name: string): ProcessClass | undefined {
  return ownClasses.get(name);
}
