/**
 * The hub: the one place where shared objects live and change. Pure: it is handed
 * messages with the number of the process they came from, and hands out messages and
 * requests. It does no I/O, opens no user payload, and knows no clock but the one it
 * is given; so it could run on a thread or in a process of its own.
 *
 * Every message is handled whole before the next, so every operation is atomic and
 * the order is total. After a batch of messages its owner calls `settle()`.
 *
 * A process may use only objects that it made or was given at its start. A message
 * that breaks this, or makes no sense, raises ProtocolError: its sender's link ends.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import {
  Kind,
  type Launch,
  type Message,
  type Payload,
  type Report,
  type Tell,
  type ToHub,
  type ToPeer,
} from "../wire/message.ts";
import { BarrierState } from "./barrier.ts";
import type { Claims } from "./claims.ts";
import { ConditionState, EventState } from "./condition.ts";
import { IdRanges } from "./ids.ts";
import {
  ObjectType,
  PipeMethod,
  type SharedObject,
  type Surroundings,
} from "./object.ts";
import { PipeEndState } from "./pipe.ts";
import { QueueState } from "./queue.ts";
import { SemaphoreState } from "./semaphore.ts";
import { TransferTokenTable } from "./transfer_tokens.ts";

/** What the hub needs done outside. */
export interface Effects {
  /** Hands a message to a process's link. */
  send(process: number, message: ToPeer): void;
  /** Starts a process; its pid or its error is answered to `parent`'s `call`. */
  launch(
    process: number,
    idRange: number,
    parent: number,
    call: number,
    launch: Payload,
    init: Payload,
  ): void;
  /** Sends a signal to a process. */
  signal(process: number, signal: number): void;
  now(): number;
  setTimer(callback: () => void, milliseconds: number): unknown;
  clearTimer(timer: unknown): void;
  /** Where a process claims what it takes; undefined if it does not, or not yet. */
  claims?(process: number): Claims | undefined;
  /** It would be good if a process claimed. */
  offerClaims?(process: number): void;
  /** False where processes are to be sent no more than they have asked for. */
  readonly mayPrefetch?: boolean;
  /** A process has received these bytes, and the hub has them no more. */
  reuse?(process: number, bytes: Payload): void;
  /** Reports something about a process, which may be the one whose end was told last. */
  warn(process: number, text: string): void;
}

/** The number of the root process. */
export const ROOT = 0;

interface Member {
  /** Who started it, as Python sees it. */
  readonly parent: number;
  /** Where its numbers for new objects and processes lie. */
  readonly idRange: number;
  /** The objects it holds. */
  readonly objects: Map<number, SharedObject>;
}

interface Shared {
  readonly object: SharedObject;
  /** How many processes hold it, and tokens. */
  holders: number;
}

/** See the file's head. */
export class Hub {
  readonly #effects: Effects;
  readonly #members = new Map<number, Member>();
  readonly #shared = new Map<number, Shared>();
  readonly #touched = new Set<SharedObject>();
  readonly #idRanges = new IdRanges();
  readonly #surroundings: Surroundings;
  readonly #tokens: TransferTokenTable;

  constructor(effects: Effects) {
    this.#effects = effects;
    this.#surroundings = {
      send: (process, message) => effects.send(process, message),
      now: () => effects.now(),
      setTimer: (callback, milliseconds) =>
        effects.setTimer(() => {
          callback();
          this.settle();
        }, milliseconds),
      clearTimer: (timer) => effects.clearTimer(timer),
      touch: (object) => void this.#touched.add(object),
      holders: (object) => this.#shared.get(object)?.holders ?? 0,
      pack: (process, objects, tokens) => {
        if (objects.length !== tokens.length) {
          throw new ProtocolError(
            `${tokens.length} tickets for ${objects.length} objects`,
          );
        }
        for (const [i, object] of objects.entries()) {
          this.#share(process, this.#members.get(process)!, object, tokens[i]!);
        }
        return this.#tokens.pack(process, tokens);
      },
      claims: (process) => effects.claims?.(process),
      offerClaims: (process) => effects.offerClaims?.(process),
      get mayPrefetch() {
        return effects.mayPrefetch;
      },
      reuse: (process, bytes) => effects.reuse?.(process, bytes),
      warn: (process, text) => effects.warn(process, text),
    };
    this.#tokens = new TransferTokenTable(
      (object) => this.#unhold(object),
      this.#surroundings,
    );
    const idRange = this.#idRanges.open();
    this.#members.set(ROOT, { parent: ROOT, idRange, objects: new Map() });
  }

  /** How many shared objects there are. */
  get objectCount(): number {
    return this.#shared.size;
  }

  /** How many processes are connected, the root included. */
  get processCount(): number {
    return this.#members.size;
  }

  /** Handles one message. @throws {ProtocolError} if `process` may not send it */
  receive(process: number, message: ToHub): void {
    const member = this.#members.get(process);
    if (member === undefined) return; // a last message of one that is gone
    switch (message[0]) {
      case Kind.Create:
        return this.#create(process, member, message[1], message[2], message[3]);
      case Kind.Drop:
        return this.#drop(process, member, message[1]);
      case Kind.Launch:
        return this.#launch(process, member, message);
      case Kind.Boot:
        return this.#boot(process, member, message[1], message[3], message[4]);
      case Kind.Signal:
        return this.#signal(process, message[1], message[2]);
      case Kind.Share:
        return this.#share(process, member, message[1], message[2]);
      case Kind.Claim:
        return this.#claim(process, member, message[1], message[2]);
      case Kind.Give:
        return this.#give(process, member, message[1], message[2]);
      case Kind.Tell:
        return this.#tell(process, message);
      case Kind.Report:
        return this.#report(process, member, message);
      default: {
        const object = member.objects.get(message[1]);
        if (object === undefined) {
          throw new ProtocolError(
            `no object ${message[1]} here (message ${message[0]})`,
          );
        }
        object.receive(process, message);
      }
    }
  }

  /** The object itself, for the root's own process; undefined if it holds none such. */
  objectOfRoot(id: number): SharedObject | undefined {
    return this.#members.get(ROOT)!.objects.get(id);
  }

  /** Whether `settle()` has anything to do. */
  get isUnsettled(): boolean {
    return this.#touched.size > 0;
  }

  /** Lets the objects that were touched do what they put off. */
  settle(): void {
    for (const object of this.#touched) {
      this.#touched.delete(object); // before: it may be touched again meanwhile
      object.settle();
    }
  }

  /** A process has ended: everything it had on loan comes back, and its kin hear of it. */
  gone(process: number, exitcode: number, stderrTail = ""): void {
    const member = this.#members.get(process);
    if (member === undefined) return;
    this.#forget(process, member);
    for (const [id, object] of member.objects) this.#release(id, object, process);
    this.#tokens.gone(process);
    const exited: ToPeer = [Kind.Exited, process, exitcode];
    if (this.#members.has(member.parent)) {
      if (stderrTail !== "") {
        this.#effects.send(member.parent, [Kind.StderrTail, process, stderrTail]);
      }
      this.#effects.send(member.parent, exited);
    }
    for (const [id, other] of this.#members) {
      if (other.parent === process) this.#effects.send(id, exited);
    }
    this.settle();
  }

  /** A process will claim no more, and takes nothing of what it was sent so far. */
  claimsEnded(process: number): void {
    for (const object of this.#members.get(process)?.objects.values() ?? []) {
      object.claimsEnded?.(process);
    }
  }

  #create(
    process: number,
    member: Member,
    id: number,
    type: number,
    args: number[],
  ): void {
    if (IdRanges.of(id) !== member.idRange || this.#shared.has(id)) {
      throw new ProtocolError(`process ${process} may not make object ${id}`);
    }
    const find = (other: number) => member.objects.get(other);
    const object = createObject(id, type, args, this.#surroundings, find);
    this.#idRanges.use(id);
    this.#shared.set(id, { object, holders: 1 });
    member.objects.set(id, object);
  }

  #drop(process: number, member: Member, id: number): void {
    const object = member.objects.get(id);
    if (object === undefined) return;
    member.objects.delete(id);
    this.#release(id, object, process);
  }

  #release(id: number, object: SharedObject, process: number): void {
    object.leave(process);
    if (this.#shared.get(id)?.object === object) this.#unhold(id);
  }

  /** One that held the object does so no longer. */
  #unhold(id: number): void {
    const shared = this.#shared.get(id)!;
    if (--shared.holders > 0) return;
    shared.object.abandoned?.();
    this.#shared.delete(id);
    this.#idRanges.release(id);
    this.#touched.delete(shared.object);
  }

  #share(process: number, member: Member, id: number, token: number): void {
    const object = this.#objectOf(member, id);
    if (object instanceof DanglingObject) return;
    if (!this.#tokens.add(process, id, token)) {
      throw new ProtocolError(`ticket ${token} is in use`);
    }
    this.#shared.get(id)!.holders++;
  }

  #claim(process: number, member: Member, id: number, token: number): void {
    const isValid = this.#tokens.take(id, token);
    const own = member.objects.get(id);
    const isHeld = own !== undefined && !(own instanceof DanglingObject);
    if (!isHeld) {
      const object = isValid ? this.#shared.get(id)!.object : undefined;
      member.objects.set(id, object ?? new DanglingObject(id, this.#surroundings));
    } else if (isValid) {
      this.#unhold(id); // a process holds an object once
    }
    this.#effects.send(process, [Kind.Claimed, id, token, isHeld || isValid]);
  }

  #objectOf(member: Member, id: number): SharedObject {
    const object = member.objects.get(id);
    if (object === undefined) throw new ProtocolError(`no object ${id} here`);
    return object;
  }

  #launch(
    parent: number,
    member: Member,
    [, process, call, launch, init]: Launch,
  ): void {
    if (IdRanges.of(process) !== member.idRange || this.#members.has(process)) {
      throw new ProtocolError(`process ${parent} may not start process ${process}`);
    }
    this.#idRanges.use(process);
    const idRange = this.#idRanges.open();
    this.#members.set(process, { parent, idRange, objects: new Map() });
    this.#effects.launch(process, idRange, parent, call, launch, init);
  }

  /** Forgets a process that could not be started. */
  notLaunched(process: number): void {
    const member = this.#members.get(process);
    if (member !== undefined) this.#forget(process, member);
  }

  #forget(process: number, member: Member): void {
    this.#members.delete(process);
    this.#idRanges.release(process);
    this.#idRanges.close(member.idRange);
  }

  #boot(
    parent: number,
    member: Member,
    process: number,
    work: Payload,
    handles: number[],
  ): void {
    if (!this.#members.has(process)) return; // it has died; its parent hears of that
    this.#give(parent, member, process, handles);
    this.#effects.send(process, [Kind.Boot, process, 0, work, []]);
  }

  #give(parent: number, member: Member, process: number, objects: number[]): void {
    const child = this.#members.get(process);
    if (child === undefined) return;
    this.#checkParent(parent, process, child);
    for (const id of objects) {
      const object = this.#objectOf(member, id);
      if (child.objects.has(id)) continue;
      child.objects.set(id, object);
      const shared = this.#shared.get(id);
      if (shared?.object === object) shared.holders++; // else it is a lost one
    }
  }

  #signal(parent: number, process: number, signal: number): void {
    const child = this.#members.get(process);
    if (child === undefined) return;
    this.#checkParent(parent, process, child);
    this.#effects.signal(process, signal);
  }

  #tell(parent: number, message: Tell): void {
    const child = this.#members.get(message[1]);
    if (child === undefined) return; // it has died meanwhile; its parent hears of that
    this.#checkParent(parent, message[1], child);
    this.#effects.send(message[1], message);
  }

  #report(process: number, { parent }: Member, message: Report): void {
    if (message[1] !== process) {
      throw new ProtocolError(`process ${process} may not report as ${message[1]}`);
    }
    // The root counts as its own parent, and its parent is nobody.
    if (process !== ROOT && this.#members.has(parent)) {
      this.#effects.send(parent, message);
    }
  }

  #checkParent(parent: number, process: number, child: Member): void {
    if (child.parent !== parent) {
      throw new ProtocolError(`process ${process} is no child of process ${parent}`);
    }
  }
}

// -------------------------------------------------------------------------------- kinds
//
// The kinds of shared objects, by the `type` field of `Create`. Pure.

/**
 * Makes a shared object's state machine.
 *
 * @param find Another object of the process that makes this one.
 * @throws {ProtocolError} if there is no such kind, or it cannot be made of `args`
 */
export function createObject(
  id: number,
  type: number,
  args: readonly number[],
  out: Surroundings,
  find: (id: number) => SharedObject | undefined,
): SharedObject {
  switch (type) {
    case ObjectType.Queue:
      return new QueueState(id, args[0] ?? 0, out);
    case ObjectType.Semaphore:
      return new SemaphoreState(id, args, out);
    case ObjectType.Condition:
      return new ConditionState(id, find(args[0] ?? 0), out);
    case ObjectType.Event:
      return new EventState(id, out);
    case ObjectType.Barrier:
      return new BarrierState(id, args, out);
    case ObjectType.PipeEnd:
      return new PipeEndState(id, args, find(args[0] ?? 0), out);
    default:
      throw new ProtocolError(`no type of object ${type}`);
  }
}

// --------------------------------------------------------------------- dangling objects
//
// What a process gets whose token for an object is void: nobody else has a part in it,
// and it looks like the end of a pipe whose other end is closed. Pure.

/** See the file's head. */
export class DanglingObject implements SharedObject {
  readonly #id: number;
  readonly #out: Surroundings;

  constructor(id: number, out: Surroundings) {
    this.#id = id;
    this.#out = out;
  }

  /** Whether there is a message, or nobody who could send one. */
  get isReadable(): boolean {
    return true;
  }

  /** Whether somebody is there who could read what is sent. */
  get isWritable(): boolean {
    return false;
  }

  /** The process learns of the loss by itself; until then its calls must have an end. */
  receive(process: number, message: Message): void {
    if (message[0] !== Kind.Call) return;
    const isReadable = message[3] === PipeMethod.IsReadable;
    this.#out.send(process, [Kind.Answer, this.#id, message[2], isReadable]);
  }

  leave(_process: number): void {}

  settle(): void {}
}
