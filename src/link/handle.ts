/**
 * The base class of all handles of shared objects in synchronize/ and queues/: the object's
 * number in the hub, the calls to it, and the transfer to other processes.
 *
 * @module
 */
import { ObjectType, type SharedObject, STATS } from "../hub/object.ts";
import { answerStats, StatsReader } from "./stats.ts";
import { keepWhile, type Limit, waitForHub } from "./waiting.ts";
import { observed, type Op, sources } from "./observed.ts";
import { currentPeer, type Peer } from "./peer.ts";
import type { Signature } from "../python/arguments.ts";
import { UnpicklingError } from "../python/errors.ts";
import {
  assert_spawning,
  type DumpContext,
  REDUCE_SHARED,
  registerTransferable,
} from "../reduction/mod.ts";
import { Kind, type Scalar, type ToHub, type ToPeer } from "../wire/message.ts";
import { address, printAsText } from "../python/printing.ts";

/** A wait without end. */
export const FOR_EVER: Limit = { timeout: null, signal: undefined };

/** The fields that are sent of each. */
export interface HandleFields {
  id: number;
  /** One of the package's classes, or a subclass of the user's. */
  class: HandleClass;
}

type HandleClass = new () => Handle;

/** The name under which all but the queues are sent. */
const HANDLE = "synchronize:rebuild";

/** This process's handles: one that arrives twice is one object. */
const live = new Map<number, WeakRef<Handle>>();
const collected = new FinalizationRegistry<number>((id) => {
  if (live.get(id)?.deref() === undefined) live.delete(id);
});

/** The number of handles in this process, with those that are garbage but not yet noticed. */
export function countHandles(): number {
  return live.size;
}

/** This process's handles, for an observer. */
function* liveHandles(): Generator<Handle> {
  for (const weak of live.values()) {
    const handle = weak.deref();
    if (handle !== undefined) yield handle;
  }
}

sources.handles = liveHandles;

/**
 * The fields of the handle that is being rebuilt. Not an argument, as the constructor of a
 * user's subclass would not hand it on.
 */
let inheritance: { Class: unknown; fields: HandleFields } | undefined;

/** The handle that another process has sent: the one that is here already, or a new one. */
export function rebuildHandle(fields: HandleFields): Handle {
  const { id, class: Class } = fields;
  const known = live.get(id)?.deref();
  if (known !== undefined) return known;
  if (!(Class?.prototype instanceof Handle)) {
    throw new UnpicklingError("no such class of shared object");
  }
  inheritance = { Class, fields };
  try {
    return new Class();
  } finally {
    inheritance = undefined;
  }
}

registerTransferable(HANDLE, { rebuild: rebuildHandle, inherited: "Lock" });

/** For constructors: the fields from another process, if `new.target` is being rebuilt. */
export function inherited<F extends HandleFields>(Class: unknown): F | undefined {
  if (inheritance?.Class !== Class) return undefined;
  const { fields } = inheritance!;
  inheritance = undefined;
  return fields as F;
}

/** This process's handle of a shared object. */
export abstract class Handle {
  readonly #peer: Peer = currentPeer();
  readonly #id: number;
  readonly #state: SharedObject | undefined;
  /** Made here, and sent to nobody: only this process has done anything with it. */
  #isPrivate: boolean;
  /** Known to the peer's listener: the handle in it is not collected. */
  readonly #pin: { handle: Handle | undefined } = { handle: undefined };
  #stats: StatsReader | undefined;

  /** @internal @param id The number of an object that exists already; else one is made of `args`. */
  constructor(id: number | undefined, type: keyof typeof ObjectType, args: number[]) {
    this.#id = id ?? this.#peer.newId();
    this.#isPrivate = id === undefined;
    if (id === undefined) {
      this.#peer.post([Kind.Create, this.#id, ObjectType[type], args]);
    }
    this.#state = this.#peer.objectHere(this.#id);
    this.#peer.dropWith(this, this.#id);
    live.set(this.#id, new WeakRef(this));
    collected.register(this, this.#id);
    if (observed.by !== undefined && id === undefined) {
      observed.by.made(this.#id, this.constructor.name);
    }
  }

  /** @internal Its number in the hub. */
  get _number(): number {
    return this.#id;
  }

  /** @internal */
  protected get _peer(): Peer {
    return this.#peer;
  }

  /** @internal Whether no other process has it: what this one has done tells its state then. */
  protected get _isPrivate(): boolean {
    return this.#isPrivate;
  }

  /** @internal Its state machine, where the hub is in this process. */
  protected get _state(): SharedObject | undefined {
    return this.#state;
  }

  /** @internal Shown as the object's address. */
  protected get _address(): string {
    return address(this.#id);
  }

  /** @internal The type's name in the error of a handle that may not be sent. */
  protected get _typeName(): string {
    return this.constructor.name;
  }

  /** @internal The name of the function that rebuilds it elsewhere. */
  protected get _kind(): string {
    return HANDLE;
  }

  /** @internal The fields that are sent besides the number and the class. */
  protected _fields(): object {
    return {};
  }

  /** @internal Calls a method that is answered at once. */
  protected _ask(method: number, args: number[] = []): Promise<Scalar> {
    const call = this.#peer.newCall();
    const message: ToHub = [Kind.Call, this.#id, call, method, args];
    return keepWhile(this, this.#peer.call(call, message));
  }

  /** @internal The members of its numbers that its class gives, for a call of `stats`. */
  protected _stats<S>(
    signature: Signature<{ reset: unknown }>,
    given: unknown[],
    members: readonly (keyof S & string)[],
  ): Promise<S> {
    const ask = () => this._ask(STATS) as Promise<string>;
    const reader = () => this.#stats ??= new StatsReader();
    return answerStats<S>(this.#peer, { signature, given, ask, reader }, members);
  }

  /** @internal Calls a method that is not answered. */
  protected _tell(method: number, args: number[]): void {
    this.#peer.post([Kind.Call, this.#id, 0, method, args]);
  }

  /** @internal Sends a call that may wait in the hub; see `waitForHub`. */
  protected _wait(
    limit: Limit,
    message: (call: number) => ToHub,
    op: Op,
  ): Promise<Scalar> {
    return keepWhile(this, waitForHub(this.#peer, limit, this.#id, message, op));
  }

  /** @internal Calls a method that may wait in the hub. */
  protected _waitFor(limit: Limit, method: number, op: Op): Promise<Scalar> {
    return this._wait(limit, (call) => [Kind.Call, this.#id, call, method, []], op);
  }

  /** @internal Keeps this object from being collected, or no longer; only after `_listen`. */
  protected _setPinned(on: boolean): void {
    this.#pin.handle = on ? this : undefined;
  }

  /** @internal A promise of a value that is there already; see `Peer.yieldToLoop`. */
  protected _done<T>(value: T): Promise<T> {
    const turn = this.#peer.yieldToLoop();
    return turn === undefined ? Promise.resolve(value) : turn.then(() => value);
  }

  /** @internal How often this process holds it, where it is a lock or semaphore. */
  get _held(): number {
    return 0;
  }

  /** @internal Whether all of these are released for certain, as `with` does. */
  get _isScoped(): boolean {
    return false;
  }

  /** @internal Has messages about this object received, without keeping it from being collected. */
  protected _listen(receive: (handle: this, message: ToPeer) => void): void {
    const weak = new WeakRef(this);
    const pin = this.#pin;
    this.#peer.listen(this.#id, (message) => {
      const handle = (pin.handle ?? weak.deref()) as this | undefined;
      if (handle !== undefined) receive(handle, message);
    });
  }

  /** @internal It may be sent only to a process that is being started. */
  [REDUCE_SHARED](context: DumpContext): [string, HandleFields] {
    assert_spawning(this._typeName, context);
    context.inherit(this.#id);
    this.#isPrivate = false;
    const fields = { id: this.#id, class: this.constructor as HandleClass };
    return [this._kind, { ...fields, ...this._fields() }];
  }
}

printAsText(Handle);
