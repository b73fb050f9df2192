/**
 * The part of Python's `logging` that a `multiprocessing` logger shows: levels, records,
 * handlers, formatters and the logger itself.
 *
 * Mirrors `logging/__init__.py`. What differs: there is one logger and no root above it,
 * so `propagate` has nobody to pass records on to; nothing is read from the call stack
 * (`%(filename)s` and the like are missing).
 *
 * @module
 */

export * from "./logging/handler.ts";
export * from "./logging/levels.ts";
export * from "./logging/logger.ts";
export * from "./logging/record.ts";
export * from "./logging/sink.ts";
