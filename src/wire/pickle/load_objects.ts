/**
 * The opcodes for names, calls and states: all that could do harm. A name that is not in
 * the caller's table ends the reading; nothing is ever looked up anywhere else.
 *
 * @module
 */

import { PickleError, UnpicklingError } from "../../python/errors.ts";
import type { Handler } from "./load_values.ts";
import type { Machine } from "./machine.ts";
import { Op } from "./opcodes.ts";
import { decodeText } from "./text.ts";
import { type Constructor, PyGlobal } from "./types.ts";

/** Handlers by opcode. */
export const OBJECTS: readonly (readonly [opcode: number, Handler])[] = [
  [Op.GLOBAL, (m) => m.push(findGlobal(m, decodeText(m.cursor.line()), nameLine(m)))],
  [Op.STACK_GLOBAL, loadStackGlobal],
  [Op.REDUCE, (m) => callTop(m, m.pop())],
  [Op.NEWOBJ, (m) => callTop(m, m.pop())],
  [Op.NEWOBJ_EX, loadNewObjectWithKeywords],
  [Op.INST, loadInst],
  [Op.OBJ, loadObj],
  [Op.BUILD, loadBuild],

  [Op.PERSID, refusePersistentId],
  [Op.BINPERSID, refusePersistentId],
  [Op.EXT1, (m) => refuseExtension(m.cursor.uint8())],
  [Op.EXT2, (m) => refuseExtension(m.cursor.uint16())],
  [Op.EXT4, (m) => refuseExtension(m.cursor.int32())],
  [Op.NEXT_BUFFER, refuseBuffer],
  [Op.READONLY_BUFFER, refuseBuffer],
];

/** Names of modules in Python 2, which protocols 0 to 2 use, and of hidden twins. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ["__builtin__", "builtins"],
  ["exceptions", "builtins"],
  ["copy_reg", "copyreg"],
  ["Queue", "queue"],
  ["_queue", "queue"],
  ["_pickle", "pickle"],
  ["multiprocessing", "multiprocessing.context"],
]);

function findGlobal(machine: Machine, module: string, name: string): PyGlobal {
  const global = new PyGlobal(MODULES.get(module) ?? module, name);
  if (find(machine, global) === undefined) {
    throw new UnpicklingError(`global '${module}.${name}' is forbidden`);
  }
  return global;
}

function find(machine: Machine, global: unknown): Constructor | undefined {
  if (!(global instanceof PyGlobal)) return undefined;
  return machine.globals.get(global.module)?.get(global.name);
}

function nameLine(machine: Machine): string {
  return decodeText(machine.cursor.line());
}

function loadStackGlobal(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== "string" || typeof module !== "string") {
    throw new UnpicklingError("STACK_GLOBAL requires str");
  }
  machine.push(findGlobal(machine, module, name));
}

function loadNewObjectWithKeywords(machine: Machine): void {
  const keywords = machine.pop() as object;
  if (!(keywords instanceof Map ? keywords.size === 0 : isEmptyObject(keywords))) {
    throw new UnpicklingError("keyword arguments for a new object");
  }
  callTop(machine, machine.pop());
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function loadInst(machine: Machine): void {
  const module = nameLine(machine);
  const global = findGlobal(machine, module, nameLine(machine));
  machine.push(call(machine, global, machine.popMark()));
}

function loadObj(machine: Machine): void {
  const [global, ...args] = machine.popMark();
  machine.push(call(machine, global, args));
}

/** Calls what lies on top, with arguments that lay above it. */
function callTop(machine: Machine, args: unknown): void {
  if (!Array.isArray(args)) {
    throw new UnpicklingError("argument list must be a tuple");
  }
  machine.push(call(machine, machine.pop(), args));
}

function call(machine: Machine, global: unknown, args: readonly unknown[]): unknown {
  const constructor = find(machine, global);
  if (constructor === undefined) {
    throw new UnpicklingError("a call of what is no class");
  }
  machine.charge(1 + args.length);
  if (!constructor.keeps) { for (const arg of args) machine.charge(sizeOf(arg)); }
  const { module, name } = global as PyGlobal;
  const made = guard(
    `cannot make a ${module}.${name}`,
    () =>
      constructor.construct(args, {
        global: global as PyGlobal,
        exact: machine.exact,
        construct: (other, otherArgs) => call(machine, other, otherArgs),
        canShow: (value) => machine.canShow(value),
      }),
  );
  if (constructor.build !== undefined && typeof made === "object" && made !== null) {
    machine.makers.set(made, constructor);
  }
  return made;
}

/** How many things a value holds directly. */
function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (typeof value !== "object" || value === null) return 1;
  if (value instanceof Map || value instanceof Set) return value.size;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.keys(value).length;
}

function loadBuild(machine: Machine): void {
  const state = machine.pop();
  const object = machine.top() as object;
  const constructor = machine.makers.get(object);
  if (constructor?.build === undefined) {
    throw new UnpicklingError("a state for what has none");
  }
  machine.charge(1 + sizeOf(state));
  // A dict and one for the fields that have slots, perhaps.
  if (Array.isArray(state)) { for (const part of state) machine.charge(sizeOf(part)); }
  guard("cannot set a state", () => constructor.build?.(object, state));
}

/** Whatever goes wrong when an object is made, the pickle is to blame. */
function guard<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof PickleError) throw cause;
    throw new UnpicklingError(text, { cause });
  }
}

function refusePersistentId(): never {
  throw new UnpicklingError(
    "A load persistent id instruction was encountered, " +
      "but no persistent_load function was specified.",
  );
}

function refuseExtension(code: number): never {
  throw new UnpicklingError(`unregistered extension code ${code}`);
}

function refuseBuffer(): never {
  throw new UnpicklingError(
    "pickle stream refers to out-of-band data but no *buffers* argument was given",
  );
}
