/**
 * A manager's `set` on a server: Python's set. Each change is one script.
 *
 * @module
 */
import { KeyError } from "../../python/errors.ts";
import { type Arities, elementsOf } from "../../managers/types/python_values.ts";
import { ManagedSet } from "../../managers/types/set.ts";
import type { Argument, Reply } from "../driver/connection.ts";
import { registerObject, takeMaking } from "../making.ts";
import { DICT_CHANGE } from "../scripts/manager_dict.ts";
import type { ContainerShape } from "./container.ts";
import { RedisEntries } from "./entries.ts";
import type { EntryIterator } from "./iterator.ts";

/** Methods that ask a set and change nothing. */
const ASKING = ("__and__ __eq__ __ge__ __gt__ __le__ __lt__ __or__ __rand__ __ror__ " +
  "__rsub__ __rxor__ __sub__ __xor__ difference intersection isdisjoint issubset " +
  "issuperset symmetric_difference union").split(" ");

/** Operators that change a set, and the methods that do the same with anything. */
const IN_PLACE = {
  __ior__: "update",
  __iand__: "intersection_update",
  __isub__: "difference_update",
  __ixor__: "symmetric_difference_update",
} as const;

/** See above. */
export class RedisSet extends RedisEntries<unknown> {
  static readonly _type = "set";
  static readonly _arities: Arities = ManagedSet._arities;

  /** @param shape What it begins with. */
  constructor(shape?: ContainerShape) {
    super(takeMaking(), "set", shape);
  }

  /** What a set of these begins with. @throws {TypeError} for what has no hash */
  static shapeOf(iterable: unknown = [], id?: string): ContainerShape {
    const members = new ManagedSet(iterable)._getvalue();
    return { id, fill: (cells) => cells.members(members) };
  }

  __contains__(value: unknown): Promise<boolean> {
    return this._read(
      () => ["has", this._cells.key(value).text],
      (reply) => reply === 1,
    );
  }

  add(value: unknown): Promise<void> {
    return this._put("add", () => this._cells.members([value]));
  }

  /** `add`, and whether the value was new. Not in Python. */
  add_new(value: unknown): Promise<boolean> {
    return this._inOrder(
      () => this._cells.members([value]),
      async (entry) => await this._change(DICT_CHANGE, ["add", ...entry]) === 1,
    );
  }

  discard(value: unknown): Promise<void> {
    return this._put("cut", () => [this._cells.key(value).text]);
  }

  remove(value: unknown): Promise<void> {
    return this._inOrder(() => this._cells.key(value).text, async (text) => {
      const cell = await this._change(DICT_CHANGE, ["take", text]);
      if (cell === 0) throw new KeyError(value);
    });
  }

  async pop(): Promise<unknown> {
    const entry = await this._takeEnd("first") as { value: unknown } | undefined;
    if (entry === undefined) throw new KeyError("pop from an empty set");
    return entry.value;
  }

  copy(): Promise<Set<unknown>> {
    return this._getvalue();
  }

  update(...others: unknown[]): Promise<void> {
    return this.#updateBy("add", others, (others) => {
      return this._cells.members(
        new ManagedSet(others.flatMap(elementsOf))._getvalue(),
      );
    });
  }

  intersection_update(...others: unknown[]): Promise<void> {
    if (others.length === 0) return Promise.resolve();
    return this.#updateBy("keep", others, (others) => {
      const [first, ...rest] = others.map((other) => this.#texts(other));
      return [...first!].filter((text) => rest.every((other) => other.has(text)));
    });
  }

  difference_update(...others: unknown[]): Promise<void> {
    return this.#updateBy("cut", others, (others) => {
      return others.flatMap((other) => [...this.#texts(other)]);
    });
  }

  symmetric_difference_update(other: unknown): Promise<void> {
    return this.#updateBy("toggle", [other], ([other]) => {
      return this._cells.members(new ManagedSet(other)._getvalue());
    });
  }

  #texts(values: unknown): Set<string> {
    return new Set(elementsOf(values).map((value) => this._cells.key(value).text));
  }

  #updateBy(
    what: string,
    others: readonly unknown[],
    encode: (others: readonly unknown[]) => readonly Argument[],
  ): Promise<void> {
    return this._withCopies(others, encode, async (args) => {
      await this._change(DICT_CHANGE, [what, ...args]);
    });
  }

  __iter__(): Promise<EntryIterator> {
    return this._iterator("Set");
  }

  _getvalue(): Promise<Set<unknown>> {
    return this._ask((set) => set._getvalue());
  }

  /** How Python shows it. */
  _text(): Promise<string> {
    return this._ask((set) => set.toString());
  }

  /** @internal Asks the set as it is now, in a copy. */
  async _ask<T>(ask: (set: ManagedSet) => T): Promise<T> {
    const entries = await this._all() as { value: unknown }[];
    return ask(new ManagedSet(entries.map(({ value }) => value)));
  }

  /** @internal Asks it with other values, or copies of what proxies stand for. */
  _askWith(method: string, others: readonly unknown[]): Promise<unknown> {
    return this._withCopies(others, (others) => others, (others) =>
      this._ask((set) => {
        const methods = set as unknown as Record<
          string,
          (...others: unknown[]) => unknown
        >;
        return methods[method]!(...others);
      }));
  }

  protected override _load(key: string, _name: Uint8Array, cell: Reply): unknown {
    return { value: this._cells.loadValue(key, cell) };
  }

  protected override _loadKey(key: string, _name: Uint8Array, cell: Reply): unknown {
    return this._cells.loadValue(key, cell);
  }
}

for (const name of ASKING) {
  Object.defineProperty(RedisSet.prototype, name, {
    value(this: RedisSet, ...others: unknown[]) {
      return this._askWith(name, others);
    },
  });
}

for (const [name, method] of Object.entries(IN_PLACE)) {
  Object.defineProperty(RedisSet.prototype, name, {
    value(this: RedisSet, other: unknown) {
      // Python's operator takes sets only, and says so.
      new ManagedSet()[name as keyof typeof IN_PLACE](other);
      return this[method](other);
    },
  });
}

registerObject("set", RedisSet);
