/**
 * The built-in exceptions of imports, for packages that users install themselves: only what
 * looks for one loads this file.
 *
 * @module
 */
import { setNames } from "./builtins.ts";
import { PythonError } from "./exception.ts";

/**
 * A module could not be loaded. Python: `ImportError(Exception)`. Here the name of the module
 * is only in the text, as `name` is that of the error's class.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { ImportError, ModuleNotFoundError } from "@pystd/multiprocessing/redis";
 * assert(new ModuleNotFoundError("No module named 'x'") instanceof ImportError);
 * ```
 */
export class ImportError extends PythonError {}

/**
 * A package is not installed. Python: `ModuleNotFoundError(ImportError)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ModuleNotFoundError } from "@pystd/multiprocessing/redis";
 * assertEquals(
 *   String(new ModuleNotFoundError("No module named 'x'")),
 *   "ModuleNotFoundError: No module named 'x'",
 * );
 * ```
 */
export class ModuleNotFoundError extends ImportError {}

setNames({ ImportError, ModuleNotFoundError });
