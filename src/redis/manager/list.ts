/**
 * A manager's `list` on a server: Python's list, of which each change is one script. What a
 * method does to an element it cannot name (a slice, an order) is worked out here, for the
 * list as it was read, and done if nobody has changed the list since; else once more.
 *
 * @module
 */
import {
  asInteger,
  parseArguments,
  pythonTypeName,
  repr,
} from "../../python/arguments.ts";
import { IndexError, ValueError } from "../../python/errors.ts";
import { PySlice } from "../../python/slice.ts";
import {
  asSize,
  INDEX,
  ManagedList,
  POP,
  sortedOrder,
} from "../../managers/types/list.ts";
import {
  type Arities,
  elementsOf,
  isIndex,
  isIterable,
} from "../../managers/types/python_values.ts";
import { type Argument, listOf, type Reply, textOf } from "../driver/connection.ts";
import { registerObject, takeMaking } from "../making.ts";
import { LIST_CHANGE, LIST_READ } from "../scripts/manager_list.ts";
import { type ContainerShape, RedisContainer } from "./container.ts";

/** What a list is to be: elements that it has, by their positions, and new cells. */
type Plan = readonly (number | Uint8Array)[];

/** Beyond all positions. */
const FAR = Number.MAX_SAFE_INTEGER;

/** A position as an argument of a script. */
function positionText(index: unknown): string {
  const at = Number(asInteger(index));
  return String(Math.max(-FAR, Math.min(FAR, at)));
}

/** See above. */
export class RedisList extends RedisContainer {
  static readonly _type: string = "list";
  static readonly _arities: Arities = ManagedList._arities;

  /** @param shape What it begins with. */
  constructor(shape?: ContainerShape) {
    super(takeMaking(), "list", shape);
  }

  /** What a list of these begins with. @throws {TypeError} for what is not iterable */
  static shapeOf(sequence: unknown = [], id?: string): ContainerShape {
    const elements = elementsOf(sequence);
    return { id, fill: (cells) => cells.elements(elements) };
  }

  override __len__(): Promise<number> {
    return this.#read(["length"], (reply) => reply as number);
  }

  __getitem__(index: unknown): Promise<unknown> {
    if (index instanceof PySlice) return this.#slice(index);
    checkIndex(index);
    return this.#read(["get", positionText(index)], (cell) => {
      if (cell === 0) throw new IndexError("list index out of range");
      return this._cells.loadElement(cell);
    });
  }

  #slice(slice: PySlice): Promise<unknown[]> {
    const { start, stop, step } = slice;
    const isStep = ![null, undefined, 1, 1n].includes(step as null);
    if (isStep) {
      return this.#copied((list) => list.__getitem__(slice) as unknown[]);
    }
    const first = start === null || start === undefined ? "0" : positionText(start);
    const end = stop === null || stop === undefined ? FAR : Number(positionText(stop));
    if (end === 0) return this.#read(["length"], () => []);
    return this.#read(
      ["range", first, String(end - 1)],
      (cells) => listOf(cells).map((cell) => this._cells.loadElement(cell)),
    );
  }

  __setitem__(index: unknown, value: unknown): Promise<void> {
    if (index instanceof PySlice) return this.#setSlice(index, value);
    checkIndex(index);
    return this.#change(
      () => ["set", positionText(index), this._cells.element(value)],
      (reply) => {
        if (reply === 0) throw new IndexError("list assignment index out of range");
      },
    );
  }

  #setSlice(index: PySlice, value: unknown): Promise<void> {
    return this._withCopies(
      [value],
      ([value]) => {
        // What is not iterable is refused with the text that fits the slice.
        return isIterable(value) ? this._cells.elements(elementsOf(value)) : value;
      },
      (cells) => this.#rework((list) => list.__setitem__(index, cells)),
      true,
    );
  }

  __delitem__(index: unknown): Promise<void> {
    if (index instanceof PySlice) {
      return this.#long(() => this.#rework((list) => list.__delitem__(index)));
    }
    checkIndex(index);
    return this.#change(() => ["take", positionText(index)], (reply) => {
      if (isUnfit(reply)) throw new IndexError("list assignment index out of range");
    });
  }

  __contains__(value: unknown): Promise<boolean> {
    return this.#find(value, 0, FAR).then((at) => at >= 0);
  }

  #find(value: unknown, from: number, to: number): Promise<number> {
    return this._inOrder(
      () => ["find", this._cells.mark(value), String(from), String(to)],
      (args) => this._call(LIST_READ, args) as Promise<number>,
    );
  }

  __add__(other: unknown): Promise<unknown[]> {
    return this.#copied((list) => list.__add__(other));
  }

  __mul__(times: unknown): Promise<unknown[]> {
    return this.#copied((list) => list.__mul__(times));
  }

  __rmul__(times: unknown): Promise<unknown[]> {
    return this.__mul__(times);
  }

  __imul__(times: unknown): Promise<void> {
    return this.#long(() => this.#rework((list) => list.__imul__(times)));
  }

  __reversed__(): Promise<unknown[]> {
    return this.#copied((list) => list.__reversed__());
  }

  append(value: unknown): Promise<void> {
    return this.#change(() => ["append", this._cells.element(value)]);
  }

  extend(values: unknown): Promise<void> {
    return this._withCopies(
      [values],
      ([values]) => this._cells.elements(elementsOf(values)),
      (cells) => this._change(LIST_CHANGE, ["append", ...cells]).then(() => {}),
    );
  }

  insert(index: unknown, value: unknown): Promise<void> {
    const at = positionText(asSize(index));
    return this.#change(() => ["insert", at, this._cells.element(value)]);
  }

  pop(...given: unknown[]): Promise<unknown> {
    const { index } = parseArguments(POP, given);
    const at = positionText(asSize(index));
    return this.#change(() => ["take", at], (reply) => {
      if (reply === -1) throw new IndexError("pop from empty list");
      if (reply === 0) throw new IndexError("pop index out of range");
      return this._cells.loadElement(reply);
    });
  }

  remove(value: unknown): Promise<void> {
    return this.#change(() => ["remove", this._cells.mark(value)], (reply) => {
      if (reply === 0) throw new ValueError("list.remove(x): x not in list");
    });
  }

  clear(): Promise<void> {
    return this.#change(() => ["clear"]);
  }

  copy(): Promise<unknown[]> {
    return this._getvalue();
  }

  count(value: unknown): Promise<number> {
    return this._inOrder(
      () => ["count", this._cells.mark(value)],
      (args) => this._call(LIST_READ, args) as Promise<number>,
    );
  }

  async index(...given: unknown[]): Promise<number> {
    const { value, start, stop } = parseArguments(INDEX, given);
    if (![start, stop].every(isIndex)) {
      throw new TypeError("slice indices must be integers or have an __index__ method");
    }
    const [from, to] = [Number(positionText(start)), Number(positionText(stop))];
    const at = await this.#find(value, from, to);
    if (at < 0) throw new ValueError(`${repr(value)} is not in list`);
    return at;
  }

  reverse(): Promise<void> {
    return this.#change(() => ["reverse"]);
  }

  sort(...given: unknown[]): Promise<void> {
    return this.#long(() =>
      this.#rework((list, cells) => {
        const items = cells.map((cell) => this._cells.loadElement(cell));
        const order = sortedOrder(items, given);
        order.forEach((from, i) => list.items[i] = from);
      })
    );
  }

  _getvalue(): Promise<unknown[]> {
    return this.#copied((list) => list.items);
  }

  /** How Python shows it. */
  _text(): Promise<string> {
    return this.#copied((list) => list.toString());
  }

  /** Asks the list as it is now, in a copy. */
  #copied<T>(ask: (list: ManagedList) => T): Promise<T> {
    return this.#read(["all"], (reply) => {
      const cells = listOf(listOf(reply)[1]);
      return ask(
        ManagedList.over(cells.map((cell) => this._cells.loadElement(cell))),
      );
    });
  }

  #read<T>(args: readonly string[], load: (reply: Reply) => T): Promise<T> {
    return this._inOrder(() => args, (args) => this._call(LIST_READ, args).then(load));
  }

  #change(encode: () => readonly Argument[]): Promise<void>;
  #change<T>(
    encode: () => readonly Argument[],
    load: (reply: Reply) => T,
  ): Promise<T>;
  #change(
    encode: () => readonly Argument[],
    load: (reply: Reply) => unknown = () => {},
  ): Promise<unknown> {
    return this._inOrder(
      encode,
      (args) => this._change(LIST_CHANGE, args).then(load),
    );
  }

  #long(run: () => Promise<void>): Promise<void> {
    return this._inOrder(() => {}, run, true);
  }

  /**
   * Changes the list as a whole.
   *
   * @param work Does to a list of positions what is to become of the elements there, and may
   * put cells between them.
   */
  async #rework(
    work: (list: ManagedList, cells: readonly Reply[]) => unknown,
  ): Promise<void> {
    for (;;) {
      const [version, cells] = listOf(await this._call(LIST_READ, ["all"]));
      const old = listOf(cells);
      const list = ManagedList.over(old.map((_, i) => i));
      work(list, old);
      const args = planned(list.items as Plan);
      const done = await this._change(LIST_CHANGE, [
        ...["rebuild", textOf(version)],
        ...args,
      ]);
      if (done === 1) return;
    }
  }
}

function checkIndex(index: unknown): void {
  if (isIndex(index)) return;
  const type = pythonTypeName(index);
  throw new TypeError(`list indices must be integers or slices, not ${type}`);
}

/** Whether there was no element to take. */
function isUnfit(reply: Reply): boolean {
  return reply === 0 || reply === -1;
}

/** A plan as arguments of the script. */
function planned(plan: Plan): Argument[] {
  const args: Argument[] = [];
  for (let i = 0; i < plan.length;) {
    const part = plan[i]!;
    if (typeof part === "number") {
      let length = 1;
      while (plan[i + length] === part + length) length++;
      args.push(`=${part}:${part + length}`);
      i += length;
    } else {
      const added = new Uint8Array(part.length + 1);
      added[0] = 0x2b; // +
      added.set(part, 1);
      args.push(added);
      i++;
    }
  }
  return args;
}

registerObject("list", RedisList);
