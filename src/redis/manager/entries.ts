/**
 * What a manager's dict, set and namespace on a server have in common: entries, in the order
 * in which their keys came.
 *
 * @module
 */
import { type Argument, listOf, type Reply, textOf } from "../driver/connection.ts";
import type { Making } from "../making.ts";
import type { ContainerKind } from "../object.ts";
import { DICT_CHANGE, DICT_READ } from "../scripts/manager_dict.ts";
import { type ContainerShape, RedisContainer } from "./container.ts";
import { EntryIterator } from "./iterator.ts";

const decoder = new TextDecoder();
const SPACE = 0x20;

/** See above. `E` is what an entry is to users. */
export abstract class RedisEntries<E> extends RedisContainer {
  /** @internal */
  constructor(making: Making, kind: ContainerKind, shape?: ContainerShape) {
    super(making, kind, shape);
  }

  /** @internal Decodes an entry. */
  protected abstract _load(key: string, name: Uint8Array, cell: Reply): E;

  /** @internal Decodes what a loop gives of an entry. */
  protected abstract _loadKey(key: string, name: Uint8Array, cell: Reply): unknown;

  override __len__(): Promise<number> {
    return this._read(() => ["length"], (reply) => reply as number);
  }

  clear(): Promise<void> {
    return this._put("clear", () => []);
  }

  /** @internal Changes entries, by a change that gives nothing. */
  protected _put(what: string, encode: () => readonly Argument[]): Promise<void> {
    return this._inOrder(encode, async (args) => {
      await this._change(DICT_CHANGE, [what, ...args]);
    });
  }

  /** @internal */
  protected _read<T>(
    encode: () => readonly string[],
    load: (reply: Reply) => T,
  ): Promise<T> {
    return this._inOrder(encode, (args) => this._call(DICT_READ, args).then(load));
  }

  /** @internal All entries. */
  protected _all(): Promise<E[]> {
    return this._read(() => ["all"], (reply) => {
      const parts = listOf(reply);
      const entries: E[] = [];
      for (let i = 0; i < parts.length; i += 3) {
        const [key, name, cell] = parts.slice(i, i + 3);
        entries.push(this._load(textOf(key), name as Uint8Array, cell!));
      }
      return entries;
    });
  }

  /** @internal All keys. */
  protected _keys(): Promise<unknown[]> {
    return this._read(() => ["keys"], (reply) => {
      const parts = listOf(reply);
      const keys: unknown[] = [];
      for (let i = 0; i < parts.length; i += 2) {
        keys.push(this._loadKey(textOf(parts[i]), parts[i + 1] as Uint8Array, null));
      }
      return keys;
    });
  }

  /** @internal Takes out the first or the last entry; undefined if there is none. */
  protected _takeEnd(which: "first" | "last"): Promise<E | undefined> {
    return this._inOrder(() => {}, async () => {
      const reply = await this._change(DICT_CHANGE, [which]);
      if (reply === 0) return undefined;
      const bytes = reply as Uint8Array;
      const first = bytes.indexOf(SPACE);
      const second = bytes.indexOf(SPACE, first + 1);
      const lengthOf = (from: number, to: number) =>
        Number(decoder.decode(bytes.subarray(from, to)));
      const nameAt = second + 1 + lengthOf(0, first);
      const cellAt = nameAt + lengthOf(first + 1, second);
      const key = decoder.decode(bytes.subarray(second + 1, nameAt));
      return this._load(key, bytes.subarray(nameAt, cellAt), bytes.subarray(cellAt));
    });
  }

  /** @internal An iterator over the keys. @param what Python's name of the container. */
  protected async _iterator(what: string): Promise<EntryIterator> {
    const size = await this.__len__();
    return new EntryIterator(what, async (place) => {
      const reply = await this._read(
        () => ["next", String(size), place],
        (reply) => reply,
      );
      if (reply === 0 || reply === -1) return reply;
      const [next, key, name, cell] = listOf(reply);
      const value = this._loadKey(textOf(key), name as Uint8Array, cell!);
      return { place: textOf(next), value };
    });
  }
}
