/**
 * A manager's `Namespace` on a server.
 *
 * @module
 */
import { Namespace } from "../../managers/types/namespace.ts";
import { pythonTypeName } from "../../python/arguments.ts";
import { AttributeError } from "../../python/errors.ts";
import type { Reply } from "../driver/connection.ts";
import { registerObject, takeMaking } from "../making.ts";
import { DICT_CHANGE, DICT_READ } from "../scripts/manager_dict.ts";
import type { ContainerShape } from "./container.ts";
import { RedisEntries } from "./entries.ts";

/** See above. */
export class RedisNamespace extends RedisEntries<[name: string, value: unknown]> {
  /** @param shape What it begins with. */
  constructor(shape?: ContainerShape) {
    super(takeMaking(), "namespace", shape);
  }

  /** What a namespace with these fields begins with. @throws {TypeError} as Python's */
  static shapeOf(args: readonly unknown[], id?: string): ContainerShape {
    const fields = Object.entries(new Namespace(...args as [Record<string, unknown>]));
    return { id, fill: (cells) => cells.entries(fields) };
  }

  __getattribute__(name: unknown): Promise<unknown> {
    return this._inOrder(() => this.#text(name), async (text) => {
      const cell = await this._call(DICT_READ, ["get", text]);
      if (cell === 0) throw missing(name);
      return this._cells.loadValue(text, cell);
    });
  }

  __setattr__(name: unknown, value: unknown): Promise<void> {
    return this._put("put", () => {
      this.#text(name);
      return this._cells.entries([[name, value]]);
    });
  }

  __delattr__(name: unknown): Promise<void> {
    return this._inOrder(() => this.#text(name), async (text) => {
      const cell = await this._change(DICT_CHANGE, ["take", text]);
      if (cell === 0) throw missing(name);
    });
  }

  #text(name: unknown): string {
    if (typeof name === "string") return this._cells.key(name).text;
    const type = pythonTypeName(name);
    throw new TypeError(`attribute name must be string, not '${type}'`);
  }

  async _getvalue(): Promise<Namespace> {
    return new Namespace(Object.fromEntries(await this._all()));
  }

  /** How Python shows it. */
  async _text(): Promise<string> {
    return String(await this._getvalue());
  }

  protected override _load(
    key: string,
    name: Uint8Array,
    cell: Reply,
  ): [string, unknown] {
    return [this._loadKey(key, name) as string, this._cells.loadValue(key, cell)];
  }

  protected override _loadKey(key: string, name: Uint8Array): unknown {
    return this._cells.loadKey(key, name);
  }
}

function missing(name: unknown): AttributeError {
  return new AttributeError(`'Namespace' object has no attribute '${name}'`);
}

registerObject("Namespace", RedisNamespace);
