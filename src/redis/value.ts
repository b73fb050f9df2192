/**
 * `Value` on a server.
 *
 * @module
 */
import type { RedisObject as Any } from "./object.ts";
import { isUint8Array } from "../runtime/brands.ts";
import { ProcessError, ValueError } from "../python/errors.ts";
import {
  parseArguments,
  pythonTypeName,
  REQUIRED,
  type Signature,
  signature,
} from "../python/arguments.ts";
import { addressOf } from "../python/printing.ts";
import type { AcquireOptions, WithOptions } from "../synchronize/semlock.ts";
import { type NameOptions, RedisRLock } from "./lock.ts";
import { makeObject, originOf, registerObject, takeMaking } from "./making.ts";
import type { Payload } from "../wire/message.ts";
import { idOfName, RedisObject } from "./object.ts";
import { Payloads } from "./payloads.ts";
import { READ, REPLACE, WRITE } from "./scripts/value.ts";
import { RedisSemLock } from "./semlock.ts";

/** Options of a value on a server. */
export interface RedisValueOptions extends NameOptions {
  /** The lock of `with` and `get_lock`; a new `RLock` if it is true or null. */
  lock?: RedisSemLock | boolean | null;
}

interface ValueArguments {
  typecode_or_type: unknown;
  value: unknown;
  lock: unknown;
  name: unknown;
}

const VALUE: Signature<ValueArguments> = signature<ValueArguments>(
  "BaseContext.Value",
  { typecode_or_type: REQUIRED, value: 0, lock: true, name: null },
  { keywordOnly: ["lock", "name"], objects: ["value"] },
);
const SET: Signature<{ value: unknown; token: unknown }> = signature<
  { value: unknown; token: unknown }
>("Value.set", { value: REQUIRED, token: null }, {
  positionalOnly: 1,
  keywordOnly: ["token"],
});

/**
 * What `Value` of a context makes. It cannot be read or assigned without waiting, so it has no
 * `value`: it is read by `get` and assigned by `set`, as a manager's is. No type is checked.
 */
export class RedisValue<T = unknown> extends RedisObject {
  readonly #payloads: Payloads;
  readonly #typecode: unknown;
  readonly #lock: RedisSemLock | null;

  /**
   * Makes a value, or opens the one of that name.
   *
   * @param typecode_or_type What it is meant to hold; only kept.
   * @param value What it holds at the beginning: what is encoded at once.
   */
  constructor(typecode_or_type: unknown, value?: T, options?: RedisValueOptions);
  constructor(...given: unknown[]) {
    const making = takeMaking();
    const sent = making.sent?.more as
      | { typecode: unknown; lock: RedisSemLock | null }
      | undefined;
    const { typecode_or_type: typecode, value, lock, name } = sent
      ? { typecode_or_type: sent.typecode, value: 0, lock: sent.lock, name: null }
      : parseArguments(VALUE, given);
    const { base } = making;
    const origin = originOf(making, idOfName(name));
    const id = origin.id ?? crypto.randomUUID().replaceAll("-", "");
    const payloads = new Payloads(base.settings.authkey, id);
    const first = payloads.dump(value);
    if (!isUint8Array(first)) {
      throw new TypeError(`a value cannot begin as a ${pythonTypeName(value)}`);
    }
    super(base, "value", { value: first }, { ...origin, id });
    this.#payloads = payloads;
    this.#typecode = typecode;
    this.#lock = lockOf(this, sent === undefined ? lock : sent.lock ?? false);
  }

  /** The value. */
  async get(): Promise<T> {
    return this.#payloads.load(await this._call(READ) as Uint8Array) as T;
  }

  /**
   * Assigns the value.
   *
   * @param options `token`: the fencing token of the lock that protects it. If it was assigned
   * with a higher one since, this process was taken for dead, and another has the lock.
   * @throws {ProcessError} if it was assigned with a higher token
   */
  set(value: T, options?: { token?: number | null }): Promise<void>;
  async set(...given: unknown[]): Promise<void> {
    const { value, token } = parseArguments(SET, given);
    if (token !== null && !(Number.isSafeInteger(token) && Number(token) > 0)) {
      throw new ValueError("token must be what the lock of that name has");
    }
    await this._write(this._dump(value), Number(token ?? 0));
  }

  /** @internal Encodes a value as it is now. @throws {PicklingError} */
  _dump(value: unknown): Payload | Promise<Payload> {
    return this.#payloads.dump(value);
  }

  /** @internal Assigns what was encoded. */
  async _write(dumped: Payload | Promise<Payload>, token: number): Promise<void> {
    const payload = isUint8Array(dumped) ? dumped : await dumped;
    if (await this._once(WRITE, [payload, String(token)]) === 1) return;
    throw new ProcessError(
      "it was assigned with a higher token: the lock is another's",
    );
  }

  /**
   * Adds to the value in one step, as a manager's value does.
   *
   * @param by What is added, also below zero.
   * @returns The sum.
   * @throws {TypeError} if one of them is no number
   */
  async increment(by: number | bigint = 1): Promise<T> {
    for (;;) {
      const before = await this._call(READ) as Uint8Array;
      const sum = add(this.#payloads.load(before), by);
      const after = await this.#payloads.dump(sum);
      if (await this._once(REPLACE, [before, after]) === 1) return sum as T;
    }
  }

  /** Takes the lock. */
  acquire(block?: boolean, timeout?: number | null): Promise<boolean>;
  /** The same with everything by name. */
  acquire(options: AcquireOptions): Promise<boolean>;
  acquire(...given: []): Promise<boolean> {
    return this.get_lock().acquire(...given);
  }

  /** Gives the lock back. */
  release(): Promise<void> {
    return this.get_lock().release();
  }

  /** Calls a function while the lock is held. */
  with<R>(fn: () => R, options?: WithOptions): Promise<Awaited<R>> {
    return this.get_lock().with(fn, options);
  }

  /** Its lock. @throws {TypeError} if it was made without one */
  get_lock(): RedisSemLock {
    if (this.#lock !== null) return this.#lock;
    throw new TypeError("this value was made without a lock");
  }

  /** @internal What it is meant to hold. */
  get _typecode(): unknown {
    return this.#typecode;
  }

  /** @internal */
  protected override _more(): object {
    return { typecode: this.#typecode, lock: this.#lock };
  }

  /** `<Value at 0x…>`. */
  override toString(): string {
    return `<${this.constructor.name} at ${addressOf(this)}>`;
  }
}

function add(value: unknown, by: number | bigint): number | bigint {
  if (typeof value === "number" && typeof by === "number") return value + by;
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (!isNumber || typeof by !== "number" && typeof by !== "bigint") {
    throw new TypeError(
      `unsupported operand type(s) for +=: '${pythonTypeName(value)}' and ` +
        `'${pythonTypeName(by)}'`,
    );
  }
  return BigInt(value) + BigInt(by);
}

function lockOf({ _base: base, name }: Any, lock: unknown): RedisSemLock | null {
  if (lock === false) return null;
  if (lock instanceof RedisSemLock) return lock;
  if (lock !== true && lock !== null) {
    throw new TypeError(
      `lock must be a lock of the context, not ${pythonTypeName(lock)}`,
    );
  }
  return makeObject(
    base,
    RedisRLock,
    undefined,
    name === null ? [] : [{ name: `${name}.lock` }],
  );
}

registerObject("Value", RedisValue as never);
