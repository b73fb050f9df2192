/**
 * The default context's start method, and the program with which children are run.
 *
 * Mirrors a part of `multiprocessing/context.py`: there the factories are methods of a
 * context, and those of the default context ask it for its start method, which is chosen
 * then. Here they are functions and know it by themselves.
 *
 * @module
 */
import { isUint8Array, isURL } from "../runtime/brands.ts";
import { launching } from "../link/launch.ts";
import { callable } from "../python/callable.ts";
import { registerName } from "../reduction/mod.ts";
import { ForkServerProcess, SpawnProcess } from "./classes.ts";
import { fixStartMethod, FORKSERVER, identity } from "./identity.ts";
import { asHost, type Host } from "./hosts.ts";
import { pathOf } from "../runtime/paths.ts";
import { pythonTypeName, takes } from "../python/arguments.ts";
import { isPlain } from "../python/repr.ts";

/** The start method of the context, other than the default one, whose factory is at work. */
let concreteMethod: string | undefined;

function asDefault(): void {
  if (concreteMethod === undefined) fixStartMethod();
}

/** The class of the processes that a factory starts now. */
export function processClass(): typeof SpawnProcess {
  asDefault();
  const method = concreteMethod ?? identity.startMethod.name;
  return method === FORKSERVER ? ForkServerProcess : SpawnProcess;
}

/**
 * Makes a class callable, as the default context's factories are: to make an instance
 * settles the start method. With the name of its module it can be sent by its Python name.
 *
 * @param name The name that errors and texts say.
 * @param Class The class.
 */
export function factory<C>(
  name: string,
  Class: abstract new (...args: never[]) => unknown,
  module?: string,
): C {
  if (module !== undefined) registerName(`${module}:${name}`, Class);
  return callable(name, Class, asDefault);
}

/** A factory as a method of another context: the default one does not notice. */
export function concrete<F extends object>(made: F, method: string): F {
  return new Proxy(made, {
    apply: (target, self, args) =>
      apart(method, () => Reflect.apply(target as () => unknown, self, args)),
    construct: (target, args, newTarget) =>
      apart(
        method,
        () => Reflect.construct(target as new () => object, args, newTarget),
      ),
  });
}

function apart<R>(method: string, run: () => R): R {
  const before = concreteMethod;
  concreteMethod = method;
  try {
    return run();
  } finally {
    concreteMethod = before;
  }
}

/**
 * Sets the program that children are run with: a path (text or bytes), or a `file:` URL,
 * of Deno, Bun or Node. Or another host, or a container, that they are started on: a command
 * that leads there, or a description of one, see `Host`. CPython:
 * `multiprocessing.set_executable`, which knows no hosts.
 *
 * @param executable The program or host; null for the program that runs this process, here.
 * @throws {TypeError | ValueError} if it is neither
 *
 * @example
 * ```ts
 * import { set_executable } from "@pystd/multiprocessing";
 * set_executable(null);
 * ```
 */
export function set_executable(
  executable: string | URL | Uint8Array | readonly string[] | Host | null,
): void {
  takes("BaseContext.set_executable", arguments, { most: 1 });
  const isHost = Array.isArray(executable)
    ? executable.length > 0
    : isPlain(executable) && "command" in executable;
  launching.executable = isHost ? null : asProgram(executable);
  launching.host = isHost ? asHost(executable, "executable") : null;
}

function asProgram(executable: unknown): string | null {
  if (isURL(executable)) return pathOf(executable);
  if (isUint8Array(executable)) return new TextDecoder().decode(executable);
  if (executable === null || typeof executable === "string") return executable;
  const type = pythonTypeName(executable);
  throw new TypeError(`expected str, bytes or os.PathLike object, not ${type}`);
}
