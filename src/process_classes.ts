/**
 * The package's own classes of processes, which travel by their Python names.
 *
 * @module
 */

/** A class of processes; its constructor takes arguments that do not matter here. */
type ProcessClass = new () => object;

const classes = new Map<string, ProcessClass>();

/**
 * Makes a class one of the package's own, and sees to its name, from which the names of
 * processes are made: a bundler may have given it another one.
 */
export function registerClass(name: string, Class: ProcessClass): void {
  Object.defineProperty(Class, "name", { value: name });
  classes.set(name, Class);
}

/** Whether a class is one of the package's own. */
export function isOwn(Class: { readonly name: string }): boolean {
  return classes.get(Class.name) === Class;
}

/** The class that has travelled as this; undefined if there is none. */
export function classOf(travelled: string | ProcessClass): ProcessClass | undefined {
  return typeof travelled === "string" ? classes.get(travelled) : travelled;
}
