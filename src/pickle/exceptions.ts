/**
 * Python's exceptions and ours: class by class, with arguments and own fields.
 *
 * An exception that has no class here becomes its nearest ancestor's, under its own name;
 * an error that has none in Python likewise, or an `Exception` that tells the name. What
 * differs from Python: the text of an exception is made when it is read.
 *
 * @module
 */

import { builtinName, isMap } from "../runtime/brands.ts";
import * as errors from "../python/errors.ts";
import { PythonError } from "../python/errors/exception.ts";
import { argsOf, pythonTypeName, reprTuple, str } from "../python/repr.ts";
import { setOwn } from "./dicts.ts";
import { type Call, type Constructor, PyGlobal, type Reduction } from "./types.ts";

/** Classes of errors.ts by module, where that is not `builtins`. */
const MODULES: Readonly<Record<string, string>> = {
  "multiprocessing.context":
    "ProcessError BufferTooShort TimeoutError AuthenticationError",
  "multiprocessing.managers": "RemoteError",
  "multiprocessing.pool": "MaybeEncodingError",
  "queue": "Empty Full ShutDown",
  "threading": "BrokenBarrierError",
  "pickle": "PickleError PicklingError UnpicklingError",
};

/** The built-in exceptions that have a class here. */
const BUILTINS =
  "ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError " +
  "BufferError ChildProcessError ConnectionAbortedError ConnectionError " +
  "ConnectionRefusedError ConnectionResetError EOFError FileExistsError " +
  "FileNotFoundError IndexError InterruptedError IsADirectoryError KeyError " +
  "KeyboardInterrupt LookupError NotADirectoryError NotImplementedError OSError " +
  "OverflowError PermissionError ProcessLookupError RecursionError RuntimeError " +
  "StopIteration SyntaxError SystemExit TypeError ValueError ZeroDivisionError";

/** The built-in exceptions that have no class here, by the class that stands for them. */
const ADOPTED: Readonly<Record<string, string>> = {
  "ArithmeticError": "FloatingPointError",
  "Error": "Exception BaseException ImportError ModuleNotFoundError NameError " +
    "UnboundLocalError BaseExceptionGroup ExceptionGroup GeneratorExit MemoryError " +
    "ReferenceError StopAsyncIteration SystemError Warning BytesWarning DeprecationWarning EncodingWarning " +
    "FutureWarning ImportWarning PendingDeprecationWarning ResourceWarning " +
    "RuntimeWarning SyntaxWarning UnicodeWarning UserWarning",
  "OSError": "TimeoutError",
  "RuntimeError": "PythonFinalizationError",
  "SyntaxError": "IndentationError TabError",
  "ValueError": "UnicodeError UnicodeDecodeError UnicodeEncodeError " +
    "UnicodeTranslateError",
};

/** The classes whose own name would tell nothing. */
const NAMELESS = new Set(["Exception", "BaseException"]);

/** The classes of Python that our classes stand for. */
const globals = new Map<errors.ErrorClass, PyGlobal>();

/** The classes of Python that errors were read as. */
const origins = new WeakMap<Error, PyGlobal>();

/** Entries of the table of what a pickle may name. */
export const EXCEPTIONS: (readonly [string, string, Constructor])[] = [];

for (const [module, names] of [["builtins", BUILTINS], ...Object.entries(MODULES)]) {
  for (const name of names!.split(" ")) add(module!, name, name, true);
}
add("struct", "error", "struct.error", true);
for (const [name, adopted] of Object.entries(ADOPTED)) {
  for (const other of adopted.split(" ")) add("builtins", other, name, false);
}

function add(module: string, name: string, ours: string, same: boolean): void {
  const errorClass = errors.errorClasses.get(ours)!;
  if (same) globals.set(errorClass, new PyGlobal(module, name));
  const renamed = !same && !NAMELESS.has(name);
  EXCEPTIONS.push([module, name, {
    keeps: true,
    construct(args, call) {
      const error = make(errorClass, args, call);
      if (renamed) hide(error, "name", name);
      if (!hasArgs(error, args)) hide(error, "args", args);
      origins.set(error, call.global);
      return error;
    },
    build: (error, state) => restore(error as Error, state),
  }]);
}

/** Makes the error as its class does, where the arguments are of the usual kind. */
function make(
  errorClass: errors.ErrorClass,
  args: readonly unknown[],
  call: Call,
): Error {
  const cheap = call.canShow(args);
  if (errorClass === errors.MaybeEncodingError && args.length === 2 && cheap) {
    const [exc, value] = args.map(str);
    const text = `Error sending result: '${value}'. Reason: '${exc}'`;
    return Object.assign(errors.reviveError(errorClass, text), { exc, value });
  }
  // A text is shown as it is, but for the class that shows its `repr`.
  const isText = args.length === 1 && typeof args[0] === "string" &&
    errorClass !== errors.KeyError;
  if ((cheap || isText) && errorClass.prototype instanceof PythonError) {
    // Empty options are none, and keep the last argument from being taken for some.
    const options = args.length > 0 ? [{}] : [];
    return new (errorClass as typeof PythonError)(...args, ...options);
  }
  return errors.reviveError(errorClass, textOf(args, cheap));
}

/** `str()` of an exception with such arguments. */
function textOf(args: readonly unknown[], cheap: boolean): string {
  if (args.length === 0) return "";
  if (args.length === 1 && typeof args[0] === "string") return args[0];
  if (!cheap) return "...";
  return args.length === 1 ? str(args[0]) : reprTuple(args);
}

/** Whether the class itself tells these arguments. */
function hasArgs(error: Error, args: readonly unknown[]): boolean {
  if (!("args" in error)) return false;
  const own = writtenArgs(error);
  return own.length === args.length && own.every((arg, i) => Object.is(arg, args[i]));
}

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true });
}

/** Sets the fields of an exception, but for those that JavaScript or the class has. */
function restore(error: Error, state: unknown): void {
  if (typeof state !== "object" || state === null || Array.isArray(state)) {
    throw new TypeError("state is not a dictionary");
  }
  const pairs = isMap(state) ? state : Object.entries(state);
  for (const [key, value] of pairs) {
    if (typeof key === "string" && !(key in error)) setOwn(error, key, value);
  }
}

/** Fields that travel as arguments, or that Python has no use for. */
const NO_STATE = new Set(["args", "name", "message", "stack", "cause"]);

/** The same for some classes. */
const NO_STATE_OF: readonly (readonly [errors.ErrorClass, ReadonlySet<string>])[] = [
  [errors.OSError, new Set(["errno", "strerror", "filename", "filename2"])],
  [errors.StopIteration, new Set(["value"])],
  [errors.SystemExit, new Set(["code"])],
];

/**
 * The reduction of an error: class, arguments, own fields. One of a class
 * that Python does not have becomes one of an ancestor's, or an `Exception` whose text tells
 * the name.
 */
export function reduceError(error: Error): Reduction {
  const known = globalOf(error);
  const global = known ?? new PyGlobal("builtins", "Exception");
  const args = known === undefined ? fullArgs(error) : writtenArgs(error);
  const skipped = NO_STATE_OF.find(([type]) => error instanceof type)?.[1];
  const state: Record<string, unknown> = {};
  let empty = true;
  for (const [key, value] of Object.entries(error)) {
    if (NO_STATE.has(key) || skipped?.has(key)) continue;
    setOwn(state, key, value);
    empty = false;
  }
  return empty ? { global, args } : { global, args, state };
}

/** The class in Python: the one that the error was read as, or the nearest ancestor's. */
function globalOf(error: Error): PyGlobal | undefined {
  const origin = origins.get(error);
  if (origin !== undefined) return origin;
  for (let at = error; at !== null; at = Object.getPrototypeOf(at)) {
    const global = globals.get(at.constructor as unknown as errors.ErrorClass);
    if (global !== undefined) return global;
  }
  return undefined;
}

/** The text of an error whose class Python does not know, as an argument. */
function fullArgs(error: Error): readonly unknown[] {
  const { name, message } = error;
  const plain = builtinName(Object.getPrototypeOf(error)) === "Error" &&
    name === "Error";
  if (plain) return argsOf(error);
  const type = name === "Error" ? pythonTypeName(error) : name;
  return [message === "" ? type : `${type}: ${message}`];
}

/** The arguments that the class has to be called with. */
function writtenArgs(error: Error): readonly unknown[] {
  const args = argsOf(error);
  if (!(error instanceof errors.OSError) || args.length !== 2) return args;
  const { filename, filename2 } = error;
  if (filename === null) return args;
  return filename2 === null
    ? [...args, filename]
    : [...args, filename, null, filename2];
}
