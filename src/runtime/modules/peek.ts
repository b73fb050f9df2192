/**
 * The exports of a module that is still being evaluated, such as a main module that awaits
 * the answer at its top level: an `import()` of it would not settle before.
 *
 * Two synthetic modules import each other:
 *
 * ```
 * first   imports second, then the module; declares a function that gives its namespace
 * second  imports that function, and calls it
 * ```
 *
 * The second one is evaluated whether or not the module has been: everything that it uses
 * has been linked, and function declarations exist from then on. The first one is evaluated
 * with the module, and does nothing.
 *
 * @module
 */

/** Loads the first of some modules, given by their names and texts. */
type LoadTexts = (texts: Readonly<Record<string, string>>) => Promise<unknown>;

type Namespace = Record<string, unknown>;

/** The global by which the second module hands the namespace over. */
const TELL = "@pystd/multiprocessing:peek";

const tellers: Record<string, (namespace: Namespace) => void> = {};

let count = 0;

/**
 * The namespace of a module that is certainly loaded; undefined where that cannot be had.
 * Reading an export that has not been evaluated throws, as in the module itself.
 */
export async function peek(
  specifier: string,
  load: LoadTexts,
): Promise<Namespace | undefined> {
  const id = String(++count);
  const [first, second] = [`pystd-peek:${id}`, `pystd-peek:${id}b`];
  const global = globalThis as unknown as Record<symbol, typeof tellers>;
  global[Symbol.for(TELL)] = tellers;
  try {
    return await new Promise<Namespace | undefined>((resolve) => {
      tellers[id] = resolve;
      load({
        [first]: `import ${JSON.stringify(second)};
          import * as namespace from ${JSON.stringify(specifier)};
          export function get() { return namespace; }`,
        [second]: `import { get } from ${JSON.stringify(first)};
          globalThis[Symbol.for(${JSON.stringify(TELL)})]?.[${id}]?.(get());`,
      }).then(() => resolve(undefined), () => resolve(undefined));
    });
  } finally {
    delete tellers[id];
    if (Object.keys(tellers).length === 0) delete global[Symbol.for(TELL)];
  }
}

/** The part of `node:module` for modules that are no files; old versions lack it. */
interface Hooks {
  registerHooks?(hooks: object): { deregister(): void };
}

type Next = (name: string, context: unknown) => unknown;

/** Peeks on Node and Deno; `module` is `node:module`. */
export async function peekByHooks(
  module: Hooks,
  url: string,
): Promise<Namespace | undefined> {
  if (module.registerHooks === undefined) return undefined;
  let hooks: ReturnType<NonNullable<Hooks["registerHooks"]>> | undefined;
  try {
    return await peek(url, (texts) => {
      hooks = module.registerHooks!(hooksFor(texts));
      return import(Object.keys(texts)[0]!);
    });
  } finally {
    hooks?.deregister();
  }
}

function hooksFor(texts: Readonly<Record<string, string>>): object {
  const format = "module";
  const isOurs = (name: string) => Object.hasOwn(texts, name);
  return {
    resolve: (name: string, context: unknown, next: Next) =>
      isOurs(name) ? { url: name, format, shortCircuit: true } : next(name, context),
    load: (name: string, context: unknown, next: Next) =>
      isOurs(name)
        ? { format, source: texts[name], shortCircuit: true }
        : next(name, context),
  };
}

/** Turns of the event loop that an `import()` of an evaluated module may take. */
const TURNS = 3;

/**
 * The value of a promise that settles soon, undefined if it rejects, else that of `otherwise`.
 * For `import()` of a module that may be waiting for the answer at its top level.
 */
export async function settled<T>(
  promise: Promise<T>,
  nextTurn: (callback: () => void) => unknown,
  otherwise: () => Promise<T | undefined>,
): Promise<T | undefined> {
  let isSettled = false;
  const done = promise.catch(() => undefined).then((value) => {
    isSettled = true;
    return value;
  });
  for (let turn = 0; turn < TURNS && !isSettled; turn++) {
    await new Promise<void>((resolve) => {
      nextTurn(resolve);
    });
  }
  return isSettled ? await done : await otherwise();
}
