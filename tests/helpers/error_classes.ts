/** The error classes that the entries export, and where CPython has them. */
import * as standard from "../../mod.ts";
import * as connection from "../../src/connection.ts";
import * as context from "../../src/context.ts";
import * as managers from "../../src/managers.ts";
import * as pool from "../../src/pool.ts";
import * as process from "../../src/process.ts";
import * as queues from "../../src/queues.ts";
import * as reduction from "../../src/reduction.ts";
import * as sharedMemory from "../../src/shared_memory.ts";
import * as synchronize from "../../src/synchronize.ts";

/** A class of errors that takes Python's arguments. */
export type AnyErrorClass =
  & (new (...args: unknown[]) => Error & { args: unknown[] })
  & {
    readonly prototype: Error;
  };

const ENTRIES = [
  ...[standard, connection, context, managers, pool],
  ...[process, queues, reduction, sharedMemory, synchronize],
];

/** By the name that they are exported by. */
export const EXPORTED_ERRORS: ReadonlyMap<string, AnyErrorClass> = new Map(
  ENTRIES.flatMap((exports) => Object.entries(exports)).filter(([, value]) =>
    typeof value === "function" && value.prototype instanceof Error
  ) as unknown as [string, AnyErrorClass][],
);

/** Python's modules of the classes that are not built-in. */
export const PYTHON_MODULES: Record<string, string> = {
  multiprocessing: "ProcessError BufferTooShort TimeoutError AuthenticationError",
  "multiprocessing.pool": "MaybeEncodingError RemoteTraceback",
  "multiprocessing.managers": "RemoteError",
  pickle: "PickleError PicklingError UnpicklingError",
  queue: "Empty Full",
  struct: "error",
  threading: "BrokenBarrierError",
};

/** Ours alone, or too new for an old CPython. */
export const NOT_COMPARED = ["WorkerLostError", "ProtocolError", "ShutDown"];
