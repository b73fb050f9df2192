/**
 * `Lock`, `RLock`, `Semaphore` and `BoundedSemaphore` on a server.
 *
 * @module
 */
import { SEM_VALUE_MAX } from "../hub/semaphore.ts";
import { parseArguments, type Signature, signature } from "../python/arguments.ts";
import { asValue } from "../synchronize/semaphore.ts";
import { GET_VALUE } from "../synchronize/signatures.ts";
import { registerObject, takeMaking } from "./making.ts";
import { idOfName } from "./object.ts";
import { RedisSemLock } from "./semlock.ts";

/** Options of objects on a server. */
export interface NameOptions {
  /** Its name: all programs with the same context open the same object. */
  name?: string | null;
}

type Named<T = object> = T & { name: unknown };

const LOCK: Signature<Named> = signature<Named>("BaseContext.Lock", { name: null }, {
  keywordOnly: ["name"],
});
const RLOCK: Signature<Named> = signature<Named>("BaseContext.RLock", { name: null }, {
  keywordOnly: ["name"],
});
const SEMAPHORE: Signature<Named<{ value: unknown }>> = ofSemaphore("Semaphore");
const BOUNDED: Signature<Named<{ value: unknown }>> = ofSemaphore("BoundedSemaphore");

function ofSemaphore(name: string): Signature<Named<{ value: unknown }>> {
  return signature<Named<{ value: unknown }>>(
    `BaseContext.${name}`,
    { value: 1, name: null },
    { keywordOnly: ["name"] },
  );
}

/** What `Lock` of a context makes. */
export class RedisLock extends RedisSemLock {
  /** Made without arguments, or with a name. */
  constructor(options?: NameOptions);
  constructor(...given: unknown[]) {
    const making = takeMaking();
    const { name } = making.sent ? { name: null } : parseArguments(LOCK, given);
    super(making, { id: idOfName(name), value: 1, max: 1 }, "lock");
  }

  /** `<Lock(owner=MainProcess)>`; the owner is `unknown` if this process has not got it. */
  override toString(): string {
    return `<${this.constructor.name}(owner=${this._owner})>`;
  }
}

/** What `RLock` of a context makes. */
export class RedisRLock extends RedisSemLock {
  /** Made without arguments, or with a name. */
  constructor(options?: NameOptions);
  constructor(...given: unknown[]) {
    const making = takeMaking();
    const { name } = making.sent ? { name: null } : parseArguments(RLOCK, given);
    super(making, { id: idOfName(name), value: 1, max: 1 }, "recursive");
  }

  /** `<RLock(MainProcess, 2)>`; `unknown` if this process has not got it. */
  override toString(): string {
    const owner = this._owner;
    const count = this._isMine()
      ? this._count
      : owner === "SomeOtherThread"
      ? "nonzero"
      : "unknown";
    return `<${this.constructor.name}(${owner}, ${count})>`;
  }
}

/** What `Semaphore` of a context makes. Permits of a process that dies are not given back. */
export class RedisSemaphore extends RedisSemLock {
  /** Makes a semaphore, or opens the one of that name. @param value Its permits. */
  constructor(
    value?: number | (NameOptions & { value?: number }),
    options?: NameOptions,
  );
  constructor(...given: unknown[]) {
    const making = takeMaking();
    const { _isBounded: isBounded } = new.target.prototype as RedisSemaphore;
    const { value, name } = making.sent
      ? { value: 0, name: null }
      : parseArguments(isBounded ? BOUNDED : SEMAPHORE, given);
    const permits = asValue(value);
    const max = isBounded ? permits : SEM_VALUE_MAX;
    super(making, { id: idOfName(name), value: permits, max }, undefined);
  }

  /** @internal Whether it can never have more permits than at the beginning. */
  get _isBounded(): boolean {
    return false;
  }

  /** As `Semaphore.get_value`. */
  get_value(): Promise<number>;
  async get_value(...given: unknown[]): Promise<number> {
    if (given.length > 0) parseArguments(GET_VALUE, given);
    return await this._value();
  }

  /** `<Semaphore(value=unknown)>`: only the server knows. */
  override toString(): string {
    return `<${this.constructor.name}(value=unknown)>`;
  }
}

/** What `BoundedSemaphore` of a context makes. */
export class RedisBoundedSemaphore extends RedisSemaphore {
  /** @internal */
  override get _isBounded(): boolean {
    return true;
  }

  /** `<BoundedSemaphore(value=unknown, maxvalue=1)>`. */
  override toString(): string {
    return `<${this.constructor.name}(value=unknown, maxvalue=${this._max})>`;
  }
}

registerObject("Lock", RedisLock);
registerObject("RLock", RedisRLock);
registerObject("Semaphore", RedisSemaphore);
registerObject("BoundedSemaphore", RedisBoundedSemaphore);
