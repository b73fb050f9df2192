/**
 * Python's built-in exceptions, apart from the `OSError` family (os.ts) and `TypeError`,
 * which JavaScript has under the same name and with the same meaning.
 *
 * What differs from Python: `Exception` is JavaScript's `Error`, which has no `args`.
 *
 * @module
 */

import { repr } from "../repr.ts";
import { PythonError, setHidden, setText, textOfArgs } from "./exception.ts";

/**
 * Gives classes the names that their errors show, on the prototypes as the built-in error
 * classes have them. They are texts: a minifier that renames a class does not change them.
 */
export function setNames(classes: Record<string, { prototype: Error }>): void {
  for (const [name, { prototype }] of Object.entries(classes)) {
    setHidden(prototype, "name", name);
  }
}

/**
 * A value has the right type but cannot be used.
 * Python: `ValueError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ValueError } from "@pystd/multiprocessing";
 * assertEquals(String(new ValueError("Pool not running")), "ValueError: Pool not running");
 * ```
 */
export class ValueError extends PythonError {}

/**
 * A rule of use is broken, such as joining a process that was not started.
 * Python: `AssertionError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AssertionError } from "@pystd/multiprocessing";
 * assertEquals(String(new AssertionError("can only join a started process")), "AssertionError: can only join a started process");
 * ```
 */
export class AssertionError extends PythonError {}

/**
 * An error that no other class describes, such as sharing a queue in the wrong way.
 * Python: `RuntimeError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RuntimeError } from "@pystd/multiprocessing";
 * assertEquals(String(new RuntimeError("context has already been set")), "RuntimeError: context has already been set");
 * ```
 */
export class RuntimeError extends PythonError {}

/**
 * The platform cannot do or report this.
 * Python: `NotImplementedError(RuntimeError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { NotImplementedError } from "@pystd/multiprocessing";
 * assertEquals(String(new NotImplementedError("cannot determine number of cpus")), "NotImplementedError: cannot determine number of cpus");
 * ```
 */
export class NotImplementedError extends RuntimeError {}

/**
 * A value is nested too deeply to be sent.
 * Python: `RecursionError(RuntimeError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RecursionError } from "@pystd/multiprocessing";
 * assertEquals(String(new RecursionError("maximum recursion depth exceeded")), "RecursionError: maximum recursion depth exceeded");
 * ```
 */
export class RecursionError extends RuntimeError {}

/**
 * A barrier was reset, aborted or timed out while processes waited at it; has no text.
 * Python: `threading.BrokenBarrierError(RuntimeError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BrokenBarrierError } from "@pystd/multiprocessing";
 * assertEquals(String(new BrokenBarrierError()), "BrokenBarrierError");
 * ```
 */
export class BrokenBarrierError extends RuntimeError {}

/**
 * Base of the errors of arithmetic.
 * Python: `ArithmeticError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ArithmeticError } from "@pystd/multiprocessing";
 * assertEquals(String(new ArithmeticError()), "ArithmeticError");
 * ```
 */
export class ArithmeticError extends PythonError {}

/**
 * A number is too large for its use.
 * Python: `OverflowError(ArithmeticError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { OverflowError } from "@pystd/multiprocessing";
 * assertEquals(String(new OverflowError("timeout is too large")), "OverflowError: timeout is too large");
 * ```
 */
export class OverflowError extends ArithmeticError {}

/**
 * A division by zero. JavaScript's `/` gives `Infinity` instead of raising it: a port
 * that relies on it throws it.
 * Python: `ZeroDivisionError(ArithmeticError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ZeroDivisionError } from "@pystd/multiprocessing";
 * assertEquals(String(new ZeroDivisionError("float division by zero")), "ZeroDivisionError: float division by zero");
 * ```
 */
export class ZeroDivisionError extends ArithmeticError {}

/**
 * Base of the errors of looking something up.
 * Python: `LookupError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LookupError } from "@pystd/multiprocessing";
 * assertEquals(String(new LookupError()), "LookupError");
 * ```
 */
export class LookupError extends PythonError {}

/**
 * An index outside of a sequence.
 * Python: `IndexError(LookupError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { IndexError } from "@pystd/multiprocessing";
 * assertEquals(String(new IndexError("index out of range")), "IndexError: index out of range");
 * ```
 */
export class IndexError extends LookupError {}

/**
 * A mapping does not have the key. The error's text is the key's `repr`, as in Python.
 * Python: `KeyError(LookupError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KeyError } from "@pystd/multiprocessing";
 * assertEquals(String(new KeyError("json")), "KeyError: 'json'");
 * assertEquals(new KeyError("json").args, ["json"]);
 * ```
 */
export class KeyError extends LookupError {
  static {
    setText(this, (args) => args.length === 1 ? repr(args[0]) : textOfArgs(args));
  }
}

/**
 * An object does not have the attribute.
 * Python: `AttributeError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AttributeError } from "@pystd/multiprocessing";
 * assertEquals(String(new AttributeError("'ListProxy' object has no attribute 'clear'")), "AttributeError: 'ListProxy' object has no attribute 'clear'");
 * ```
 */
export class AttributeError extends PythonError {}

/**
 * The other end of a connection is closed and everything it sent was read; has no text.
 * Python: `EOFError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EOFError } from "@pystd/multiprocessing";
 * assertEquals(String(new EOFError()), "EOFError");
 * ```
 */
export class EOFError extends PythonError {}

/**
 * A buffer cannot be released because views of it are in use.
 * Python: `BufferError(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BufferError } from "@pystd/multiprocessing";
 * assertEquals(String(new BufferError("cannot close exported pointers exist")), "BufferError: cannot close exported pointers exist");
 * ```
 */
export class BufferError extends PythonError {}

/**
 * An iterator has no more items. Python: `StopIteration(Exception)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { StopIteration } from "@pystd/multiprocessing";
 * assertEquals(new StopIteration().value, null);
 * assertEquals(new StopIteration(3).args, [3]);
 * ```
 */
export class StopIteration extends PythonError {
  static {
    this.prototype.value = null;
  }

  /** The value that a generator returned; null for nothing. */
  declare value: unknown;

  /**
   * Makes the error.
   *
   * @param args What the iterator returns at its end; then `{ cause }`.
   */
  constructor(...args: unknown[]) {
    super(...args);
    if (this.args.length > 0) this.value = this.args[0];
  }
}

setNames({
  ValueError,
  AssertionError,
  RuntimeError,
  NotImplementedError,
  RecursionError,
  BrokenBarrierError,
  ArithmeticError,
  OverflowError,
  ZeroDivisionError,
  LookupError,
  IndexError,
  KeyError,
  AttributeError,
  EOFError,
  BufferError,
  StopIteration,
});
