/**
 * The async context in which a child evaluates the program's modules: see evaluation.ts. The
 * entries of this package make it when they are loaded, and enter it: what imports them is
 * evaluated next. A module that loads none of them can start no process, and needs none.
 *
 * @module
 */
import { evaluation, type EvaluationContext } from "./evaluation.ts";
import { builtin } from "./posix.ts";

/**
 * In a child: what is evaluated next, and all that it leads to, may start no process. Not
 * where this package loads an entry by itself.
 *
 * @param isOwnProgram Whether the program, whose modules the runtime evaluates, is the child.
 */
export function beginEvaluation(isOwnProgram = false): void {
  const known = evaluation();
  if (known === undefined || !isOwnProgram && known.running === 0) return;
  known.context ??= makeContext();
  known.context.enter();
}

/** Makes the context that this runtime has. */
export function makeContext(): EvaluationContext {
  // deno-lint-ignore no-explicit-any -- what Deno keeps for itself
  const core = (globalThis as any).Deno?.[(Deno as any).internal]?.core;
  // Deno's part of Node, which makes the same of this, takes 10 ms to load.
  if (core?.AsyncVariable !== undefined) return ofDeno(core);
  const hooks = builtin("node:async_hooks");
  const storage = new hooks.AsyncLocalStorage();
  const context = ofStorage(storage);
  // deno-lint-ignore no-explicit-any -- not in Deno's types
  const { node, bun, deno } = (globalThis as any).process.versions;
  const isCheap = (bun ?? deno) !== undefined || parseInt(node) >= 24;
  return isCheap ? context : untilNothingIsLeft(context, storage, hooks);
}

// deno-lint-ignore no-explicit-any -- as above
function ofDeno(core: any): EvaluationContext {
  const variable = new core.AsyncVariable();
  return {
    enter: () => void variable.enter(true),
    leave: () => void variable.enter(undefined),
    isIn: () => variable.get() === true,
    outside(fn) {
      const before = variable.enter(undefined);
      try {
        return fn();
      } finally {
        core.setAsyncContext(before);
      }
    },
    load(url) {
      const before = variable.enter(true);
      try {
        return import(url);
      } finally {
        core.setAsyncContext(before);
      }
    },
  };
}

// deno-lint-ignore no-explicit-any -- Node's types are not at hand
function ofStorage(storage: any): EvaluationContext {
  const isIn = () => storage.getStore() === true;
  return {
    enter: () => storage.enterWith(true),
    leave: () => isIn() && storage.enterWith(undefined),
    isIn,
    outside: (fn) => storage.run(undefined, fn),
    load: (url) =>
      storage.run(true, () => {
        if ("Bun" in globalThis) requireFirst(url);
        return import(url);
      }),
  };
}

/**
 * Bun evaluates a module that is imported outside of the context, one that is required in
 * it. What is wrong with the module is told by the `import()` that follows.
 */
function requireFirst(url: string): void {
  if (!/^file:[^?#]*$/.test(url)) return;
  try {
    builtin("node:module").createRequire(url)(builtin("node:url").fileURLToPath(url));
  } catch {
    // It has failed, or awaits something: then its evaluation has begun nevertheless.
  }
}

/**
 * Before version 24, Node calls JavaScript at each step of each promise while there is an
 * async context, which makes `await` three times as slow. So the context ends as soon as
 * nothing is left that was begun in it: no timer, no request, no pending promise.
 */
function untilNothingIsLeft(
  context: EvaluationContext,
  // deno-lint-ignore no-explicit-any -- as above
  storage: any,
  // deno-lint-ignore no-explicit-any -- as above
  hooks: any,
): EvaluationContext {
  const left = new Set<number>();
  const promises = new Set<number>();
  let isEvaluating = false;
  const endPromise = (id: number) => promises.delete(id) && end(id);
  const hook = hooks.createHook({
    init(id: number, type: string) {
      if (!context.isIn()) return;
      left.add(id);
      if (type === "PROMISE") promises.add(id);
    },
    promiseResolve: endPromise,
    after: endPromise, // the part of an async function behind an `await` has run
    destroy: end,
  });
  function end(id?: number): void {
    left.delete(id!);
    if (isEvaluating || left.size > 0) return;
    hook.disable();
    storage.disable();
  }
  const begin = <R>(fn: () => R): R => {
    isEvaluating = true;
    hook.enable();
    return fn();
  };
  return {
    enter: () => begin(context.enter),
    leave() {
      context.leave();
      isEvaluating = false;
      end();
    },
    isIn: context.isIn,
    outside: context.outside,
    load: (url) => begin(() => context.load(url)),
  };
}
