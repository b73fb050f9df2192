/**
 * The base class of a manager's containers on a server: how they are made, and their calls in
 * order.
 *
 * @module
 */
import { OverflowError } from "../../python/errors.ts";
import { BaseProxy } from "../../managers/proxies/base_proxy.ts";
import type { Argument, Reply } from "../driver/connection.ts";
import { type Making, originOf } from "../making.ts";
import { type ContainerKind, RedisObject } from "../object.ts";
import { MAKE } from "../scripts/manager_parts.ts";
import type { Script } from "../scripts/script.ts";
import { isUnsendable, NotYet } from "./canonical.ts";
import { Cells } from "./cells.ts";

/** The most arguments of one call, which the server would refuse otherwise. */
const MOST_ARGUMENTS = 1_000_000;

/** How a container is made. */
export interface ContainerShape {
  /** The number of one with a name. */
  readonly id?: string | undefined;
  /** Gives what it holds at the beginning, as arguments of a script. */
  fill(cells: Cells): Argument[];
}

/** See above. */
export abstract class RedisContainer extends RedisObject {
  /** @internal */
  protected readonly _cells: Cells;
  readonly #containerKind: ContainerKind;
  /** What it begins with; undefined once it is made. */
  #fill: readonly Argument[] | undefined;
  /** Settles when what is being done in several calls is done. */
  #last: Promise<unknown> | undefined;

  /** @internal */
  constructor(making: Making, kind: ContainerKind, shape?: ContainerShape) {
    super(making.base, kind, {}, { ...originOf(making, shape?.id), isOpened: true });
    this.#containerKind = kind;
    this._cells = new Cells(making.base, this._id);
    if (making.sent !== undefined || shape === undefined) return;
    this.#fill = checked(shape.fill(this._cells));
  }

  /** @internal It is made once, with what it holds; later it must be there. */
  protected override _opener(): [Script, readonly Argument[]] {
    if (this.#fill === undefined) return super._opener();
    const named = this.name === null ? "" : "1";
    return [MAKE, [this.#containerKind, named, ...this.#fill]];
  }

  /** @internal */
  protected override _opened(): void {
    this.#fill = undefined;
  }

  /** The number of its elements or entries. */
  abstract __len__(): Promise<number>;

  /** @internal Settles when it is on the server. @throws {TypeError} if that is of another kind */
  async _made(): Promise<void> {
    await this.__len__();
    await this._whenOpened();
  }

  /** @internal Changes it by one script. */
  protected _change(script: Script, args: readonly Argument[]): Promise<Reply> {
    return this._once(script, checked(args));
  }

  /**
   * @internal Runs an operation after those that were asked for before. What it encodes is
   * encoded now: what cannot be sent is thrown at once.
   *
   * @param encode Gives what is sent.
   * @param run Sends it.
   * @param isLong Whether it takes several calls: then those behind it wait for its end.
   */
  protected _inOrder<E, T>(
    encode: () => E,
    run: (encoded: E) => Promise<T>,
    isLong = false,
  ): Promise<T> {
    let encoded: E | Promise<E>;
    try {
      encoded = encodeSoon(encode);
    } catch (error) {
      if (isUnsendable(error)) throw error;
      return Promise.reject(error);
    }
    if (this.#last === undefined && !(encoded instanceof Promise)) {
      const done = run(encoded);
      if (isLong) this.#hold(done);
      return done;
    }
    const turn = Promise.all([encoded, this.#last]);
    let begun: Promise<T> | undefined;
    const begin = turn.then(([encoded]) => {
      begun = run(encoded as E);
      begun.catch(() => {});
      return isLong ? begun : undefined;
    });
    this.#hold(begin);
    return begin.then(() => begun!);
  }

  /**
   * @internal The same, with copies of what proxies among the arguments stand for: they are
   * asked first.
   */
  protected _withCopies<E, T>(
    args: readonly unknown[],
    encode: (args: readonly unknown[]) => E,
    run: (encoded: E) => Promise<T>,
    isLong = false,
  ): Promise<T> {
    const known = [...args];
    return this._inOrder(
      () => {
        const at = known.findIndex((arg) => arg instanceof BaseProxy);
        if (at < 0) return encode(known);
        const copy = (known[at] as BaseProxy)._getvalue();
        throw new NotYet(copy.then((copy) => known[at] = copy));
      },
      run,
      isLong,
    );
  }

  /** What is asked for from now on comes after this. */
  #hold(done: Promise<unknown>): void {
    const last = done.then(() => {}, () => {}).then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    this.#last = last;
  }
}

/** Encodes; again when the modules of its functions are found. */
export function encodeSoon<E>(encode: () => E): E | Promise<E> {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof NotYet)) throw error;
    return error.found.then(() => encodeSoon(encode));
  }
}

/** @throws {OverflowError} for more arguments than a call may have */
function checked(args: readonly Argument[]): readonly Argument[] {
  if (args.length <= MOST_ARGUMENTS) return args;
  throw new OverflowError("too many elements for one call of the server");
}
