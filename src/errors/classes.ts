/**
 * The error classes alone, without the helpers: what the package's users get.
 *
 * @module
 */

export * from "./builtins.ts";
export { KeyboardInterrupt, SystemExit } from "./exit.ts";
export * from "./os.ts";
export * from "./package.ts";
export * from "./remote.ts";
