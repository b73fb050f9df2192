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
  type Payload,
  type Report,
  type Tell,
  type ToHub,
  type ToPeer,
} from "../wire/message.ts";
import { ArenaState, BlockState } from "./arena.ts";
import { BarrierState } from "./barrier.ts";
import { ConditionState, EventState } from "./condition.ts";
import { DanglingObject } from "./dangling.ts";
import type { HubDescription, ObjectDescription } from "./description.ts";
import { IdRanges, ROOT } from "./ids.ts";
import {
  ObjectType,
  type SharedObject,
  STATS,
  type Surroundings,
  type WordSource,
} from "./object.ts";
import { Owners } from "./owners.ts";
import { Patience } from "./patience.ts";
import { PipeEndState } from "./pipe.ts";
import { QueueState } from "./queue.ts";
import { SemaphoreState } from "./semaphore.ts";
import { type StatsOwner, statsText } from "./stats.ts";
import { TransferTokenTable } from "./transfer_tokens.ts";

/** Everything the hub needs done outside; see {@linkcode Surroundings} for most of it. */
export interface Effects extends
  Pick<
    Surroundings,
    "send" | "now" | "setTimer" | "clearTimer" | "mayPrefetch" | "reuse" | "warn"
  >,
  Partial<Pick<Surroundings, "claims" | "offerClaims" | "removeArena">>,
  Partial<Pick<WordSource, "newWord" | "mayShare">> {
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
  /** What a process is called; null if there is none. */
  nameOf?(process: number): StatsOwner | null;
}

/** A process. */
interface Member {
  /** The process that started it, as Python sees it. */
  readonly parent: number;
  /** The range of its numbers for new objects and processes. */
  readonly idRange: number;
  /** The objects it holds. */
  readonly objects: Map<number, SharedObject>;
}

interface Shared {
  readonly object: SharedObject;
  /** The process that made it. */
  readonly maker: number;
  /** The number of processes and tokens that hold it. */
  holders: number;
}

/** Shared objects, the processes that hold them, and the messages to both. */
export class Hub {
  readonly #effects: Effects;
  readonly #members = new Map<number, Member>();
  readonly #shared = new Map<number, Shared>();
  readonly #touched = new Set<SharedObject>();
  readonly #idRanges = new IdRanges();
  readonly #owners = new Owners();
  readonly #patience: Patience = new Patience({
    setTimer: (...args) => this.#surroundings.setTimer(...args),
    clearTimer: (timer) => this.#surroundings.clearTimer(timer),
  });
  readonly #surroundings: Surroundings;
  readonly #tokens: TransferTokenTable;
  /** The time as it was read last; undefined since the hub has settled. */
  #time: number | undefined;

  constructor(effects: Effects) {
    this.#effects = effects;
    this.#surroundings = {
      // Bound, not wrapped: these are called with each message.
      send: effects.send.bind(effects),
      now: effects.now.bind(effects),
      time: () => this.#time ??= Math.round(effects.now()),
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
      claims: effects.claims?.bind(effects) ?? (() => undefined),
      offerClaims: (process) => effects.offerClaims?.(process),
      get mayPrefetch() {
        return effects.mayPrefetch;
      },
      reuse: (process, bytes) => effects.reuse?.(process, bytes),
      arenas: new Set(),
      removeArena: (name) => effects.removeArena?.(name),
      words: effects.newWord && {
        newWord: () => effects.newWord!(),
        mayShare: (process) => process !== ROOT && effects.mayShare?.(process) === true,
        owners: this.#owners,
        patience: this.#patience,
      },
      warn: (process, text) => effects.warn(process, text),
    };
    this.#tokens = new TransferTokenTable(
      (object) => this.#unhold(object),
      this.#surroundings,
    );
    const idRange = this.#idRanges.open();
    this.#members.set(ROOT, { parent: ROOT, idRange, objects: new Map() });
  }

  /** The number of shared objects. */
  get objectCount(): number {
    return this.#shared.size;
  }

  /** The number of connected processes, the root included. */
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
        if (message[0] === Kind.Call && message[3] === STATS) {
          return this.#stats(process, message[1], message[2], object);
        }
        object.receive(process, message);
      }
    }
  }

  #stats(process: number, id: number, call: number, object: SharedObject): void {
    const description = object.describe?.(this.#effects.now());
    if (description === undefined || call === 0) {
      throw new ProtocolError(`object ${id} has no numbers to tell`);
    }
    const name = (process: number) => this.#effects.nameOf?.(process) ?? null;
    const text = statsText(description, name);
    this.#effects.send(process, [Kind.Answer, id, call, text]);
  }

  /** The object itself, for the root's own process; undefined if it holds none such. */
  objectOfRoot(id: number): SharedObject | undefined {
    return this.#members.get(ROOT)!.objects.get(id);
  }

  /** Whether `settle()` has anything to do. */
  get isUnsettled(): boolean {
    return this.#touched.size > 0 || this.#time !== undefined ||
      this.#patience.isUnsettled;
  }

  /** Has the objects that were touched do their deferred work. */
  settle(): void {
    for (const object of this.#touched) {
      this.#touched.delete(object); // before: it may be touched again meanwhile
      object.settle();
    }
    if (this.#patience.isUnsettled) this.#patience.settle();
    this.#time = undefined;
  }

  /** All that it knows, for those who look inside; that changes nothing. */
  describe(): HubDescription {
    const now = this.#effects.now();
    const holders = new Map<number, number[]>();
    for (const id of this.#shared.keys()) holders.set(id, []);
    const members = Array.from(this.#members, ([number, { parent, objects }]) => {
      for (const id of objects.keys()) holders.get(id)?.push(number);
      return { number, parent };
    });
    const objects: ObjectDescription[] = [];
    for (const [id, { object, maker, holders: all }] of this.#shared) {
      const described = object.describe?.(now);
      if (described === undefined) continue;
      const own = holders.get(id)!;
      const inTransit = all - own.length;
      objects.push({ id, maker, holders: own, inTransit, ...described });
    }
    return { objects, members };
  }

  /** A process has ended: its prefetched items come back; its parent and children are told. */
  gone(process: number, exitcode: number, stderrTail = ""): void {
    const member = this.#members.get(process);
    if (member === undefined) return;
    this.#forget(process, member);
    for (const [id, object] of member.objects) this.#release(id, object, process);
    this.#owners.forget(process);
    this.#patience.rest();
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

  /** A process claims no more, and takes none of the items that it was sent so far. */
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
    const object = createObject(id, type, args, this.#surroundings, find, process);
    this.#idRanges.use(id);
    this.#shared.set(id, { object, maker: process, holders: 1 });
    member.objects.set(id, object);
    object.joined?.(process);
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

  /** A process or a token does not hold the object any more. */
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
    const child = this.#childOf(parent, process);
    if (child === undefined) return;
    for (const id of objects) {
      const object = this.#objectOf(member, id);
      if (child.objects.has(id)) continue;
      child.objects.set(id, object);
      object.joined?.(process);
      const shared = this.#shared.get(id);
      if (shared?.object === object) shared.holders++; // else it is a dangling one
    }
  }

  #signal(parent: number, process: number, signal: number): void {
    if (this.#childOf(parent, process) === undefined) return;
    this.#effects.signal(process, signal);
  }

  #tell(parent: number, message: Tell): void {
    if (this.#childOf(parent, message[1]) === undefined) return;
    this.#effects.send(message[1], message);
  }

  #report(process: number, { parent }: Member, message: Report): void {
    if (message[1] !== process) {
      throw new ProtocolError(`process ${process} may not report as ${message[1]}`);
    }
    // The root counts as its own parent, but has none to report to.
    if (process !== ROOT && this.#members.has(parent)) {
      this.#effects.send(parent, message);
    }
  }

  /** A child of `parent`; undefined if it has died meanwhile: its parent is told of that. */
  #childOf(parent: number, process: number): Member | undefined {
    const child = this.#members.get(process);
    if (child === undefined || child.parent === parent) return child;
    throw new ProtocolError(`process ${process} is no child of process ${parent}`);
  }
}

// -------------------------------------------------------------------------------- kinds

/**
 * Makes the state machine of a shared object; `find` gives other objects of its maker.
 *
 * @throws {ProtocolError} if there is no such type, or it cannot be made of `args`
 */
export function createObject(
  id: number,
  type: number,
  args: readonly number[],
  out: Surroundings,
  find: (id: number) => SharedObject | undefined,
  maker: number = ROOT,
): SharedObject {
  switch (type) {
    case ObjectType.Queue:
      return new QueueState(id, args, out);
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
    case ObjectType.Arena:
      return new ArenaState(id, args, maker, out);
    case ObjectType.Block:
      return new BlockState(id, find(args[0] ?? 0));
    default:
      throw new ProtocolError(`no type of object ${type}`);
  }
}
