/**
 * Reads pickles, of any protocol that Python 3 writes (0 to 5), without trusting them.
 *
 * In Python a pickle may name any function and have it called. Here its names are looked up in
 * a table and nowhere else, and the functions of the table only make values. Reading takes time
 * and memory in proportion to the pickle's length, is not recursive, and ends in a value or
 * in an error of the types below.
 *
 * Mirrors `loads` of Python's `pickle`. The packages on npm were looked through first: two
 * start a Python to do the work (`pickle`, `node-pickle`), the others (`pickleparser`,
 * `jpickle`, `unpickle`) only read, and none writes; so reader and writer are our own.
 * What differs from Python: Python 2's strings, persistent ids, extension codes and
 * out-of-band buffers are refused.
 *
 * @module
 */
import {
  EOFError,
  PickleError,
  UnpicklingError,
  ValueError,
} from "../python/errors.ts";
import { GLOBALS } from "./globals.ts";
import { HANDLERS } from "./handlers.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import type { Globals } from "./types.ts";

/** The options of `loads`. */
export interface LoadsOptions {
  /** The names that it may contain; {@linkcode GLOBALS} if not given. */
  globals?: Globals;
  /**
   * Whether values of which JavaScript has only one kind keep Python's: whole floats,
   * tuples, frozen sets, byte arrays, and the order of a dict's keys. See types.ts.
   */
  exact?: boolean;
}

const NO_MAPS: ReadonlySet<number> = new Set();

/**
 * Reads a pickle. Bytes after its end are ignored, as in Python; the value shares no memory
 * with it.
 *
 * @throws {UnpicklingError} If it is malformed, or contains a name that it must not.
 * @throws {ValueError} If its protocol is not known, or an int in decimal too long.
 * @throws {EOFError} If there are no bytes.
 */
export function loads(bytes: Uint8Array, options: LoadsOptions = {}): unknown {
  if (bytes.length === 0) throw new EOFError("Ran out of input");
  const { globals = GLOBALS, exact = false } = options;
  const first = read(bytes, { globals, exact, maps: NO_MAPS });
  // The dicts that must be Maps were wrong, so an error of this reading says nothing.
  const maps = first.late;
  return (maps.size === 0 ? first : read(bytes, { globals, exact, maps })).finish();
}

/** The outcome of reading a pickle once. */
interface Outcome {
  /** The positions of the dicts that must be Maps. */
  late: ReadonlySet<number>;
  /** Returns the value, or throws. */
  finish(): unknown;
}

function read(bytes: Uint8Array, options: MachineOptions): Outcome {
  const machine = new Machine(bytes, options);
  const { late } = machine.dicts;
  try {
    const value = run(machine);
    return { late, finish: () => value };
  } catch (error) {
    return {
      late,
      finish() {
        throw error instanceof PickleError || error instanceof ValueError
          ? error
          // The engine's own limits, such as the size of a Map.
          : new UnpicklingError("the pickle cannot be read", { cause: error });
      },
    };
  }
}

function run(machine: Machine): unknown {
  const { cursor } = machine;
  while (!machine.done) {
    const opcode = cursor.uint8();
    const handler = HANDLERS[opcode];
    if (handler === undefined) throw invalidOpcode(opcode);
    handler(machine);
  }
  return machine.pop();
}

function invalidOpcode(opcode: number): UnpicklingError {
  const printable = opcode >= 0x20 && opcode < 0x7f && opcode !== 0x27;
  const text = printable
    ? String.fromCharCode(opcode)
    : `\\x${opcode.toString(16).padStart(2, "0")}`;
  return new UnpicklingError(`invalid load key, '${text}'.`);
}
