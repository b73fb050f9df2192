/**
 * The opcodes for lists, tuples, dicts and sets.
 *
 * @module
 */

import { UnpicklingError } from "../../python/errors.ts";
import type { Handler } from "./load_values.ts";
import type { Machine } from "./machine.ts";
import { Op } from "./opcodes.ts";
import { PyFrozenSet, PyTuple } from "./types.ts";

/** Handlers by opcode. */
export const CONTAINERS: readonly (readonly [opcode: number, Handler])[] = [
  [Op.EMPTY_LIST, (m) => m.push([])],
  [Op.LIST, (m) => m.push(m.popMark())],
  [Op.APPEND, (m) => append(m, [m.pop()])],
  [Op.APPENDS, (m) => append(m, m.popMark())],

  [Op.EMPTY_TUPLE, (m) => pushTuple(m, [])],
  [Op.TUPLE1, (m) => pushTuple(m, [m.pop()])],
  [Op.TUPLE2, (m) => pushTuple(m, [m.pop(), m.pop()].reverse())],
  [Op.TUPLE3, (m) => pushTuple(m, [m.pop(), m.pop(), m.pop()].reverse())],
  [Op.TUPLE, (m) => pushTuple(m, m.popMark())],

  [Op.EMPTY_DICT, (m) => m.pushDict()],
  [Op.DICT, loadDict],
  [Op.SETITEM, (m) => m.fillDict([m.pop(), m.pop()].reverse())],
  [Op.SETITEMS, (m) => m.fillDict(m.popMark())],

  [Op.EMPTY_SET, (m) => m.push(new Set())],
  [Op.ADDITEMS, addItems],
  [Op.FROZENSET, loadFrozenSet],
];

function append(machine: Machine, items: unknown[]): void {
  const list = machine.top();
  if (!Array.isArray(list)) throw new UnpicklingError("items for what is no list");
  for (const item of items) list.push(item);
}

/** A tuple on top. Its array must not be anybody else's. */
function pushTuple(machine: Machine, items: unknown[]): void {
  machine.push(machine.exact ? PyTuple.from(items) : items);
}

function loadDict(machine: Machine): void {
  const pairs = machine.popMark();
  machine.pushDict();
  machine.fillDict(pairs);
}

function addItems(machine: Machine): void {
  const items = machine.popMark();
  const set = machine.top();
  if (!(set instanceof Set)) throw new UnpicklingError("items for what is no set");
  for (const item of items) set.add(item);
}

function loadFrozenSet(machine: Machine): void {
  const items = machine.popMark();
  machine.push(machine.exact ? new PyFrozenSet(items) : new Set(items));
}
