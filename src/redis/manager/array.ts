/**
 * A manager's `Array` on a server: Python's `array.array`, each element of which is one of a
 * list. Not shared memory.
 *
 * @module
 */
import { ManagedArray } from "../../managers/types/array.ts";
import { elementsOf, isIndex } from "../../managers/types/python_values.ts";
import { asInteger } from "../../python/arguments.ts";
import { IndexError } from "../../python/errors.ts";
import { PySlice } from "../../python/slice.ts";
import { listOf, type Reply, textOf } from "../driver/connection.ts";
import { registerObject, takeMaking } from "../making.ts";
import { LIST_CHANGE, LIST_READ } from "../scripts/manager_list.ts";
import { type ContainerShape, RedisContainer } from "./container.ts";

/** See above. All programs that open one by its name must give the same type code. */
export class RedisArray extends RedisContainer {
  readonly #typecode: string;

  /** @param shape What it begins with. @param typecode As `array.array`. */
  constructor(shape?: ContainerShape, typecode?: string) {
    const making = takeMaking();
    super(making, "array", shape);
    this.#typecode = (making.sent?.more as string | undefined) ?? typecode!;
  }

  /** What an array of these begins with. @throws as `array.array` */
  static shapeOf(args: readonly unknown[], id?: string): ContainerShape {
    const elements = elementsOf(new ManagedArray(...args)._getvalue());
    return { id, fill: (cells) => cells.elements(elements) };
  }

  override __len__(): Promise<number> {
    return this._inOrder(
      () => ["length"],
      (args) => this._call(LIST_READ, args) as Promise<number>,
    );
  }

  __getitem__(index: unknown): Promise<unknown> {
    if (index instanceof PySlice) {
      return this.#copied((array) => array.__getitem__(index));
    }
    checkIndex(index);
    return this._inOrder(
      () => ["get", String(Number(asInteger(index)))],
      async (args) => {
        const cell = await this._call(LIST_READ, args);
        if (cell === 0) throw new IndexError("array index out of range");
        return this._cells.loadElement(cell);
      },
    );
  }

  __setitem__(index: unknown, value: unknown): Promise<void> {
    if (index instanceof PySlice) {
      return this._withCopies([value], ([value]) => value, async (value) => {
        for (;;) {
          const { version, array } = await this.#all();
          array.__setitem__(index, value);
          const cells = this._cells.elements(elementsOf(array._getvalue()));
          const added = cells.map((cell) => Uint8Array.from([0x2b, ...cell])); // +
          const args = ["rebuild", version, ...added];
          if (await this._change(LIST_CHANGE, args) === 1) return;
        }
      }, true);
    }
    checkIndex(index);
    return this._inOrder(() => {
      const [number] = new ManagedArray(this.#typecode, [value])._getvalue();
      return ["set", String(Number(asInteger(index))), this._cells.element(number)];
    }, async (args) => {
      if (await this._change(LIST_CHANGE, args) !== 0) return;
      throw new IndexError("array assignment index out of range");
    });
  }

  _getvalue(): Promise<unknown> {
    return this.#copied((array) => array._getvalue());
  }

  /** How Python shows it. */
  _text(): Promise<string> {
    return this.#copied((array) => array.toString());
  }

  #copied<T>(ask: (array: ManagedArray) => T): Promise<T> {
    return this._inOrder(() => {}, async () => ask((await this.#all()).array));
  }

  async #all(): Promise<{ version: string; array: ManagedArray }> {
    const [version, cells] = listOf(await this._call(LIST_READ, ["all"]));
    const elements = listOf(cells).map((cell: Reply) => this._cells.loadElement(cell));
    return {
      version: textOf(version),
      array: new ManagedArray(this.#typecode, elements),
    };
  }

  /** @internal */
  protected override _more(): string {
    return this.#typecode;
  }
}

function checkIndex(index: unknown): void {
  if (!isIndex(index)) throw new TypeError("array indices must be integers");
}

registerObject("Array", RedisArray as never);
