/**
 * A small world for pipe_test.ts: a hub, the root and a few children, each with the
 * code that a real process runs above its link (`Peer`, `PipeEnd`), and links that
 * deliver one message when told to. What is done next is told by a list of numbers, so
 * that a run can be repeated, and shortened.
 *
 * The world keeps a record of what every process sent and received, and throws as soon
 * as something is not as it should be.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { PipeEnd } from "../../src/connection/pipe_end.ts";
import type { Taker } from "../../src/connection/transport.ts";
import { ClaimLog } from "../../src/hub/claims.ts";
import { type Effects, Hub } from "../../src/hub/hub.ts";
import { ObjectType } from "../../src/hub/object.ts";
import { type Link, Peer } from "../../src/link/peer.ts";
import {
  BrokenPipeError,
  ConnectionResetError,
  EOFError,
  OSError,
} from "../../src/python/errors.ts";
import { Kind, type ToHub, type ToPeer } from "../../src/wire/message.ts";
import { type MemoryFile, memoryFiles } from "./claim_memory.ts";

const PROCESSES = 4;
const SIZES = [4, 4, 4, 20, 300, 30_000, 70_000];

/** One direction of the pipe, as everybody should see it. */
interface Direction {
  /** Messages in the order in which the hub got them. */
  readonly arrived: number[];
  /** Who received which. */
  readonly received: Map<number, number>;
  /** Processes that have ever received or asked. */
  readonly readers: Set<number>;
  /** Nobody could read any more: what was not received is lost. */
  isBroken: boolean;
  /** A receiver was told that it was reset. */
  isReset: boolean;
}

/** A connection of a process to an end. */
interface Handle {
  readonly end: PipeEnd;
  readonly which: 0 | 1;
  isOpen: boolean;
}

interface Process {
  readonly id: number;
  readonly peer: Peer;
  readonly toHub: ToHub[];
  readonly toPeer: ToPeer[];
  handles: Handle[];
  /** Operations that wait: how many, by what they are. */
  receiving: [number, number];
  sending: [number, number];
  watching: [number, number];
  isAlive: boolean;
  /** Both sides of what it claims in, once it has heard of it, and once the hub has. */
  claims: {
    holder?: ClaimLog;
    sender?: ClaimLog;
    files: MemoryFile[];
    isVoid: boolean;
  };
}

/** What the two ends of a link say to each other about claims; see link/root_end.ts. */
type LinkMessage = [kind: "claim" | "claiming" | "claim no more" | "void no more"];

/** An end on its way from process to process. */
interface Parcel {
  readonly which: 0 | 1;
  readonly fields: Parameters<typeof PipeEnd.from>[1];
}

/** See the file's head. */
export class World implements Effects {
  readonly #hub: Hub = new Hub(this);
  readonly #processes: Process[] = [];
  readonly #directions: [Direction, Direction] = [direction(), direction()];
  readonly #parcels: Parcel[] = [];
  readonly #ids: [number, number];
  #nextMessage = 0;
  #error: unknown;
  /** What was done, in words. */
  readonly log: string[] = [];

  constructor(isDuplex: boolean) {
    for (let id = 0; id < PROCESSES; id++) this.#processes.push(this.#process(id));
    for (let id = 1; id < PROCESSES; id++) {
      this.#hub.receive(0, [Kind.Launch, id, 0, new Uint8Array(), new Uint8Array()]);
    }
    const { peer } = this.#processes[0]!;
    this.#ids = [peer.newId(), peer.newId()];
    peer.post([Kind.Create, this.#ids[0], ObjectType.PipeEnd, []]);
    const args = [this.#ids[0], isDuplex ? 1 : 0];
    peer.post([Kind.Create, this.#ids[1], ObjectType.PipeEnd, args]);
    this.#open(this.#processes[0]!, 0, new PipeEnd(peer, this.#ids[0], true, isDuplex));
    this.#open(this.#processes[0]!, 1, new PipeEnd(peer, this.#ids[1], isDuplex, true));
  }

  #process(id: number): Process {
    const toHub: ToHub[] = [];
    const claims: Process["claims"] = { files: [], isVoid: false };
    const post = (message: ToHub) => {
      if (!this.#processes[id]!.isAlive) return;
      const copy = message.map((part) =>
        part instanceof Uint8Array ? part.slice() : part
      );
      if (id === 0) this.#receiveInHub(0, copy as never);
      else toHub.push(copy as never);
    };
    const link: Link = {
      copies: id !== 0,
      post,
      repeat: (message) => () => post(message),
      takeNow: () => undefined,
      get ownClaims() {
        return claims.holder;
      },
      get isVoid() {
        return claims.isVoid;
      },
      get voided() {
        return claims.isVoid ? 1 : 0;
      },
      endClaims() {
        delete claims.holder;
        claims.isVoid = true;
        toHub.push(["claim no more"] as never);
      },
      objectHere: (object) => id === 0 ? this.#hub.objectOfRoot(object) : undefined,
    };
    return {
      id,
      peer: new Peer(id, id, link),
      toHub,
      toPeer: [],
      handles: [],
      receiving: [0, 0],
      sending: [0, 0],
      watching: [0, 0],
      isAlive: true,
      claims,
    };
  }

  // --- Effects

  send(process: number, message: ToPeer): void {
    const copy = message.map((part) => Array.isArray(part) ? [...part] : part) as never;
    if (process === 0) this.#processes[0]!.peer.receive(copy);
    else if (this.#processes[process]!.isAlive) {
      this.#processes[process]!.toPeer.push(copy);
    }
  }

  claims(process: number): ClaimLog | undefined {
    return this.#processes[process]!.claims.sender;
  }

  /** Only some can. */
  offerClaims(process: number): void {
    if (!this.#offered.has(process) && process !== 3) {
      this.#processes[process]!.toPeer.push(["claim"] as never);
    }
    this.#offered.add(process);
  }

  readonly #offered = new Set<number>();

  launch(): void {}
  signal(): void {}
  warn(): void {}
  now(): number {
    return 0;
  }
  setTimer(): unknown {
    return 0;
  }
  clearTimer(): void {}

  // --- what can be done

  /** Does what the number says, as far as that is possible. */
  async step(choice: number): Promise<void> {
    const pick = <T>(list: readonly T[], salt: number): T | undefined =>
      list[Math.floor(choice / salt) % list.length];
    const process = pick(this.#processes.filter(({ isAlive }) => isAlive), 32)!;
    const handle = pick(process.handles.filter(({ isOpen }) => isOpen), 128);
    const action = choice % 32;
    if (action < 12) this.#deliver(pick(this.#processes, 32)!, (choice & 64) !== 0);
    else if (action === 12) this.#upset(process);
    else if (action < 15) this.#receiveParcel(process);
    else if (action === 31) this.#kill(process);
    else if (handle === undefined) return;
    else if (action < 20) {
      if ((choice & 256) !== 0) await this.settle();
      this.#send(process, handle, pick(SIZES, 512)!);
    } else if (action < 25) this.#take(process, handle, (choice & 512) !== 0);
    else if (action < 26) this.#watch(process, handle);
    else if (action < 28) await this.#ask(process, handle);
    else if (action < 29) this.#close(process, handle);
    else {this.#share(
        process,
        handle,
        pick(this.#processes, 1024)!,
        (choice & 512) !== 0,
      );}
    await this.#rest();
  }

  /** Delivers everything, and looks whether anybody waits in vain. */
  async settle(): Promise<void> {
    do {
      for (const process of this.#processes) {
        this.#deliver(process, true);
        this.#deliver(process, false);
      }
      await this.#rest();
    } while (!this.#isIdle);
    for (const which of [0, 1] as const) this.#checkWaits(which);
  }

  /** Whether nothing is on its way. */
  get #isIdle(): boolean {
    return this.#processes.every(({ toHub, toPeer }) =>
      toHub.length + toPeer.length === 0
    );
  }

  /** Lets all parcels arrive, receives all that is left, closes everything. */
  async finish(): Promise<void> {
    while (this.#parcels.length > 0) {
      this.#receiveParcel(this.#processes[0]!);
      await this.settle();
    }
    await this.settle();
    for (const which of [0, 1] as const) await this.#drain(which);
    for (const process of this.#processes) {
      for (const handle of process.handles) {
        if (process.isAlive && handle.isOpen) this.#close(process, handle);
      }
    }
    await this.settle();
    for (const process of this.#processes.filter(({ isAlive }) => isAlive)) {
      const { receiving, sending, watching } = process;
      const waits = JSON.stringify({ receiving, sending, watching });
      this.#expect(!/[1-9]/.test(waits), `${process.id} waits on: ${waits}`);
    }
    strictEqual(this.#hub.objectCount, 0, "an end is left in the hub");
  }

  /** With all writers gone, everything arrives, and then the end. */
  async #drain(which: 0 | 1): Promise<void> {
    const holders = this.#holders(which);
    for (const [process, handle] of this.#holders(other(which))) {
      this.#close(process, handle);
    }
    await this.settle();
    const readers = holders.filter(([, { end }]) => end.reads);
    if (readers.length === 0) return;
    const { arrived, received } = this.#directions[which];
    const missing = () => arrived.filter((message) => !received.has(message)).length;
    // More messages may arrive as those before them are received.
    for (let left = this.#nextMessage + 2; left > 0; left--) {
      const [process, handle] = readers[left % readers.length]!;
      if (handle.isOpen && process.isAlive) this.#take(process, handle, false);
      await this.settle();
    }
    if (!this.#directions[which].isBroken) {
      strictEqual(missing(), 0, "messages are lost");
    }
  }

  #holders(which: 0 | 1): [Process, Handle][] {
    return this.#processes.filter(({ isAlive }) => isAlive).flatMap((process) =>
      process.handles.filter((handle) => handle.isOpen && handle.which === which)
        .map((handle): [Process, Handle] => [process, handle])
    );
  }

  #open(process: Process, which: 0 | 1, end: PipeEnd): void {
    end.open();
    process.handles.push({ end, which, isOpen: true });
  }

  #deliver(process: Process, toHub: boolean): void {
    if (toHub) {
      const message = process.toHub.shift();
      if (message !== undefined) this.#receiveInHub(process.id, message);
      return;
    }
    const message = process.toPeer.shift();
    if (message === undefined || !process.isAlive) return;
    const [kind] = message as unknown as LinkMessage;
    if (kind === "claim") this.#openClaims(process);
    else if (kind === "void no more") process.claims.isVoid = false;
    else process.peer.receive(message);
  }

  #openClaims({ id, claims, toHub }: Process): void {
    const [files, holderFiles] = memoryFiles();
    claims.holder = new ClaimLog(holderFiles, "holder");
    claims.files = holderFiles;
    this.#opening.set(id, new ClaimLog(files, "sender"));
    toHub.push(["claiming"] as never);
  }

  readonly #opening = new Map<number, ClaimLog>();

  /** As the root does with what concerns a link alone; whether it was such a message. */
  #concernsLink({ id, claims, toPeer }: Process, [kind]: LinkMessage): boolean {
    if (kind === "claiming") claims.sender = this.#opening.get(id)!;
    if (kind !== "claim no more") return kind === "claiming";
    this.#hub.claimsEnded(id);
    delete claims.sender;
    toPeer.push(["void no more"] as never);
    this.#hub.settle();
    return true;
  }

  #receiveInHub(process: number, message: ToHub): void {
    if (this.#concernsLink(this.#processes[process]!, message as never)) return;
    if (message[0] === Kind.Send) {
      const which = message[1] === this.#ids[0] ? 1 : 0;
      this.#directions[which].arrived.push(idOf(message[3]));
    }
    this.#hub.receive(process, message);
    this.#hub.settle();
  }

  #send(process: Process, { end, which }: Handle, size: number): void {
    if (!end.writes) return;
    const id = this.#nextMessage++;
    const body = new Uint8Array(size);
    new DataView(body.buffer).setUint32(0, id);
    this.#say(`${process.id} sends ${id} (${size}) through ${which}`);
    const isHopeless = this.#isIdle && this.#isGone(other(which));
    process.sending[which]++;
    const sent = end.send((isView) => isView ? body : body.slice(), {
      owner: end,
      signal: undefined,
    });
    body.fill(255); // later changes do not show
    this.#note(process, sent, (error) => {
      process.sending[which]--;
      if (error === undefined) {
        return this.#expect(!isHopeless, `${id} was sent though nobody is there`);
      }
      this.#expect(error instanceof BrokenPipeError, `${id} failed: ${error}`);
      this.#expectGone(other(which), "a broken pipe");
      this.#expect(
        !this.#directions[other(which)].received.has(id),
        `${id} was received, and yet its send has failed`,
      );
    });
  }

  #take(process: Process, handle: Handle, isImpatient: boolean): void {
    const { end, which } = handle;
    if (!end.reads) return;
    const controller = new AbortController();
    const taker: Taker = {
      owner: handle,
      signal: controller.signal,
      maxlength: Infinity,
      refuse: () => new OSError("too long"),
    };
    this.#say(`${process.id} receives from ${which}`);
    process.receiving[which]++;
    this.#directions[which].readers.add(process.id);
    const got = Promise.resolve().then(() => end.takeNow(taker) ?? end.take(taker));
    this.#note(process, got, (error, message) => {
      process.receiving[which]--;
      if (error === undefined) this.#received(process, which, idOf(message!));
      else if (error instanceof EOFError) this.#ended(which);
      else if (error instanceof ConnectionResetError) this.#reset(which);
      else this.#expect(isImpatient || !handle.isOpen, `recv failed: ${error}`);
    });
    if (isImpatient) void Promise.resolve().then(() => controller.abort());
  }

  #received(process: Process, which: 0 | 1, message: number): void {
    const { received, arrived, readers } = this.#directions[which];
    this.#say(`${process.id} has received ${message} from ${which}`);
    this.#expect(arrived.includes(message), `${message} was never sent`);
    this.#expect(!received.has(message), `${message} was received twice`);
    if (readers.size === 1) {
      const first = arrived.find((one) => !received.has(one));
      this.#expect(first === message, `${message} came before ${first}`);
    }
    received.set(message, process.id);
  }

  #ended(which: 0 | 1): void {
    this.#say(`end of ${which}`);
    const { arrived, received } = this.#directions[which];
    const missing = arrived.filter((message) => !received.has(message));
    this.#expect(missing.length === 0, `the end came before ${missing}`);
    this.#expectGone(other(which), "the end");
  }

  /** Those at the other end have left something unread; one receiver alone is told. */
  #reset(which: 0 | 1): void {
    this.#ended(which);
    const { arrived, received } = this.#directions[other(which)];
    this.#expect(arrived.length > received.size, "a reset, though all was read");
    this.#expect(!this.#directions[which].isReset, "two resets");
    this.#directions[which].isReset = true;
  }

  #watch(process: Process, handle: Handle): void {
    const { end, which } = handle;
    if (!end.reads) return;
    this.#directions[which].readers.add(process.id);
    this.#say(`${process.id} watches ${which}`);
    process.watching[which]++;
    let isOver = false;
    let cancel = () => {};
    const callback = () => {
      if (isOver || !process.isAlive) return;
      isOver = true;
      process.watching[which]--;
      cancel();
    };
    cancel = end.watch(callback);
    if (isOver) cancel();
  }

  /** What is asked for when nothing is on its way must be answered right. */
  async #ask(process: Process, { end, which }: Handle): Promise<void> {
    if (!end.reads) return;
    await this.settle();
    const { arrived, received } = this.#directions[which];
    const isReadable = arrived.length > received.size || this.#isGone(other(which));
    this.#say(`${process.id} asks about ${which}`);
    this.#note(process, end.ask(), (error, answer) => {
      this.#expect(error === undefined, `poll failed: ${error}`);
      this.#expect(answer === isReadable, `poll said ${answer}`);
    });
    await new Promise((resolve) => setImmediate(resolve));
    await this.settle();
  }

  #close(process: Process, handle: Handle): void {
    this.#say(`${process.id} closes ${handle.which}`);
    handle.isOpen = false;
    handle.end.close(handle);
  }

  #share(
    process: Process,
    { end, which }: Handle,
    to: Process,
    atStart: boolean,
  ): void {
    this.#directions[which].isBroken ||= false;
    if (atStart && process.id === 0 && to.isAlive && to.id !== 0) {
      // As if the child was just started: it gets the end with its first message.
      if (to.handles.length > 0) return;
      this.#say(`${process.id} gives ${which} to ${to.id}`);
      end.reduce({ spawning: true, inherit: () => {} });
      this.#hub.receive(0, [Kind.Give, to.id, [this.#ids[which]]]);
      const { reads, writes } = end;
      return this.#open(
        to,
        which,
        new PipeEnd(to.peer, this.#ids[which], reads, writes),
      );
    }
    this.#say(`${process.id} sends end ${which}`);
    const [, fields] = end.reduce({ spawning: false, inherit: () => {} });
    this.#parcels.push({ which, fields: fields as never });
  }

  #receiveParcel(process: Process): void {
    // What was not written before the token's message cannot be there before it.
    const parcel = this.#parcels.shift();
    if (parcel === undefined) return;
    this.#flushTicket(parcel);
    this.#say(`${process.id} gets end ${parcel.which}`);
    this.#open(process, parcel.which, PipeEnd.from(process.peer, parcel.fields));
  }

  /** A message with a token reaches nobody before the hub knows the token. */
  #flushTicket({ fields }: Parcel): void {
    for (const { id, toHub } of this.#processes) {
      const at = toHub.findIndex((message) =>
        message[0] === Kind.Share && message[2] === fields.token
      );
      for (const message of toHub.splice(0, at + 1)) this.#receiveInHub(id, message);
    }
  }

  /** There is no room any more for what it claims. */
  #upset({ id, claims }: Process): void {
    if (claims.holder === undefined) return;
    this.#say(`${id} can claim no more`);
    for (const file of claims.files) file.isFull = true;
  }

  /** All that it has written arrives, and nothing reaches it any more. */
  #kill(process: Process): void {
    if (process.id === 0 || this.#processes.filter((one) => one.isAlive).length < 3) {
      return;
    }
    this.#say(`${process.id} is killed`);
    process.isAlive = false;
    for (const message of process.toHub.splice(0)) {
      this.#receiveInHub(process.id, message);
    }
    process.toPeer.length = 0;
    this.#hub.gone(process.id, -9);
  }

  // --- what must hold

  /** Looks at a result, unless the process has been killed meanwhile. */
  #note<T>(
    process: Process,
    promise: Promise<T>,
    look: (error: unknown, value?: T) => void,
  ): void {
    const guarded = (error: unknown, value?: T) => {
      if (!process.isAlive) return;
      try {
        look(error, value);
      } catch (failure) {
        this.#error ??= failure;
      }
    };
    promise.then((value) => guarded(undefined, value), (error) => guarded(error));
  }

  #isGone(which: 0 | 1): boolean {
    return this.#holders(which).length === 0 &&
      !this.#parcels.some((parcel) => parcel.which === which);
  }

  #expectGone(which: 0 | 1, what: string): void {
    this.#expect(this.#isGone(which), `${what}, though somebody has end ${which}`);
  }

  /** When nothing is on its way. */
  #checkWaits(which: 0 | 1): void {
    const direction = this.#directions[which];
    if (this.#isGone(which)) direction.isBroken = true;
    const { arrived, received, isBroken } = direction;
    if (isBroken) return;
    const left = arrived.length - received.size;
    const sum = (what: "receiving" | "watching" | "sending", end: 0 | 1) =>
      this.#processes.filter(({ isAlive }) => isAlive)
        .reduce((total, process) => total + process[what][end], 0);
    const isReadable = left > 0 || this.#isGone(other(which));
    if (isReadable) {
      this.#expect(sum("receiving", which) === 0, `recv waits in vain at ${which}`);
      this.#expect(sum("watching", which) === 0, `watching in vain at ${which}`);
    }
    if (left === 0) {
      this.#expect(
        sum("sending", other(which)) === 0,
        `send waits in vain to ${which}`,
      );
    }
  }

  /** Lets promises take their course. */
  async #rest(): Promise<void> {
    for (let n = 0; n < 12; n++) await Promise.resolve();
    if (this.#error !== undefined) throw this.#error;
  }

  #expect(condition: boolean, text: string): void {
    ok(condition, text);
  }

  #say(text: string): void {
    this.log.push(text);
  }
}

function direction(): Direction {
  return {
    arrived: [],
    received: new Map(),
    readers: new Set(),
    isBroken: false,
    isReset: false,
  };
}

function other(which: 0 | 1): 0 | 1 {
  return which === 0 ? 1 : 0;
}

function idOf(message: Uint8Array): number {
  return new DataView(message.buffer, message.byteOffset).getUint32(0);
}
