/**
 * A manager's `dict` on a server: Python's dict, in the order in which its keys came. Each
 * change is one script; `update` is one as a whole, where Python's may end half-way.
 *
 * @module
 */
import { KeyError } from "../../python/errors.ts";
import { ManagedDict } from "../../managers/types/dict.ts";
import { type Arities, sumOf } from "../../managers/types/python_values.ts";
import type { Argument, Reply } from "../driver/connection.ts";
import { registerObject, takeMaking } from "../making.ts";
import { DICT_CHANGE, DICT_READ } from "../scripts/manager_dict.ts";
import type { ContainerShape } from "./container.ts";
import { RedisEntries } from "./entries.ts";
import type { EntryIterator } from "./iterator.ts";

/** See above. */
export class RedisDict extends RedisEntries<[key: unknown, value: unknown]> {
  static readonly _type = "dict";
  static readonly _arities: Arities = ManagedDict._arities;

  /** @param shape What it begins with. */
  constructor(shape?: ContainerShape) {
    super(takeMaking(), "dict", shape);
  }

  /** What a dict of these begins with. @throws as Python's `dict` */
  static shapeOf(sources: readonly unknown[], id?: string): ContainerShape {
    const pairs = new ManagedDict(...sources).items();
    return { id, fill: (cells) => cells.entries(pairs) };
  }

  __contains__(key: unknown): Promise<boolean> {
    return this._read(
      () => ["has", this._cells.key(key).text],
      (reply) => reply === 1,
    );
  }

  __getitem__(key: unknown): Promise<unknown> {
    return this.#get(key, () => {
      throw new KeyError(key);
    });
  }

  get(key: unknown, missing: unknown = null): Promise<unknown> {
    return this.#get(key, () => missing);
  }

  #get(key: unknown, otherwise: () => unknown): Promise<unknown> {
    return this._inOrder(
      () => this._cells.key(key).text,
      async (text) => {
        const cell = await this._call(DICT_READ, ["get", text]);
        return cell === 0 ? otherwise() : this._cells.loadValue(text, cell);
      },
    );
  }

  __setitem__(key: unknown, value: unknown): Promise<void> {
    return this._put("put", () => this._cells.entries([[key, value]]));
  }

  __delitem__(key: unknown): Promise<void> {
    return this.#take(key, () => {
      throw new KeyError(key);
    }).then(() => {});
  }

  pop(...given: unknown[]): Promise<unknown> {
    const [key, missing] = given;
    return this.#take(key, () => {
      if (given.length > 1) return missing;
      throw new KeyError(key);
    });
  }

  #take(key: unknown, otherwise: () => unknown): Promise<unknown> {
    return this._inOrder(
      () => this._cells.key(key).text,
      async (text) => {
        const cell = await this._change(DICT_CHANGE, ["take", text]);
        return cell === 0 ? otherwise() : this._cells.loadValue(text, cell);
      },
    );
  }

  async popitem(): Promise<[unknown, unknown]> {
    const entry = await this._takeEnd("last");
    if (entry === undefined) throw new KeyError("popitem(): dictionary is empty");
    return entry;
  }

  setdefault(key: unknown, value: unknown = null): Promise<unknown> {
    return this._inOrder(
      () => this._cells.entries([[key, value]]),
      async (entry) => {
        const cell = await this._change(DICT_CHANGE, ["default", ...entry]);
        return this._cells.loadValue(entry[0] as string, cell);
      },
    );
  }

  /** Adds to the number under a key, in one step for all processes. Not in Python. */
  increment(key: unknown, by: unknown = 1): Promise<unknown> {
    return this._inOrder(
      () => this._cells.key(key),
      async ({ text, name }) => {
        for (;;) {
          const cell = await this._call(DICT_READ, ["get", text]);
          const before = cell === 0 ? 0 : this._cells.loadValue(text, cell);
          const sum = sumOf(before, by);
          const after = this._cells.value(text, sum);
          const known: Argument = cell === 0 ? "" : cell as Uint8Array;
          const args = ["replace", text, name, after, known];
          if (await this._change(DICT_CHANGE, args) === 1) return sum;
        }
      },
      true,
    );
  }

  update(...sources: unknown[]): Promise<void> {
    return this._withCopies(sources, (sources) => {
      const added = new ManagedDict();
      added.update(...sources);
      return this._cells.entries(added.items());
    }, async (entries) => {
      await this._change(DICT_CHANGE, ["put", ...entries]);
    });
  }

  __ior__(other: unknown): Promise<void> {
    return this.update(other);
  }

  __iter__(): Promise<EntryIterator> {
    return this._iterator("dictionary");
  }

  __reversed__(): Promise<unknown[]> {
    return this.#copied((dict) => dict.__reversed__());
  }

  __or__(other: unknown): Promise<unknown> {
    return this.#copied((dict) => dict.__or__(other));
  }

  __ror__(other: unknown): Promise<unknown> {
    return this.#copied((dict) => dict.__ror__(other));
  }

  copy(): Promise<unknown> {
    return this._getvalue();
  }

  // deno-lint-ignore require-await -- errors shall reject, as everywhere
  async fromkeys(keys: unknown, value?: unknown): Promise<unknown> {
    return new ManagedDict().fromkeys(keys, value);
  }

  items(): Promise<[unknown, unknown][]> {
    return this._all();
  }

  keys(): Promise<unknown[]> {
    return this._keys();
  }

  values(): Promise<unknown[]> {
    return this._all().then((entries) => entries.map(([, value]) => value));
  }

  _getvalue(): Promise<unknown> {
    return this.#copied((dict) => dict._getvalue());
  }

  /** How Python shows it. */
  _text(): Promise<string> {
    return this.#copied((dict) => dict.toString());
  }

  protected override _load(
    key: string,
    name: Uint8Array,
    cell: Reply,
  ): [unknown, unknown] {
    return [this._cells.loadKey(key, name), this._cells.loadValue(key, cell)];
  }

  protected override _loadKey(key: string, name: Uint8Array): unknown {
    return this._cells.loadKey(key, name);
  }

  /** Asks the dict as it is now, in a copy. */
  #copied<T>(ask: (dict: ManagedDict) => T): Promise<T> {
    return this._all().then((entries) => ask(new ManagedDict(entries)));
  }
}

registerObject("dict", RedisDict);
