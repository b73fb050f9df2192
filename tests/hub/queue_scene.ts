/** A queue among processes that a test plays. */
import { strictEqual } from "node:assert/strict";
import { ObjectType, QueueMethod } from "../../src/hub/object.ts";
import type { Claims } from "../../src/hub/claims.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { item, TestHub } from "./support.ts";

/** The queue's number. */
export const QUEUE = 100;

/** A queue held by the root and by processes 1, 2 and 3. */
export class Scene extends TestHub {
  /** The processes that compute: they have not heard of a shutdown. */
  readonly busy: number[] = [];
  readonly #aware: number[] = [];

  constructor(...args: number[]) {
    super(3);
    this.receive(0, [Kind.Create, QUEUE, ObjectType.Queue, args]);
    for (const id of [1, 2, 3]) this.receive(0, [Kind.Boot, id, 0, item(0), [QUEUE]]);
    for (const id of [1, 2, 3]) this.take(id);
  }

  override send(process: number, message: ToPeer): void {
    const isNotice = message[0] === Kind.ShutDown && !message[2];
    if (isNotice && !this.busy.includes(process)) this.#aware.push(process);
    else super.send(process, message);
  }

  /** Others say at once that they know of it. */
  shutDown(process: number, immediate = 0): void {
    const { ShutDown } = QueueMethod;
    this.receive(process, [Kind.Call, QUEUE, 70, ShutDown, [immediate]]);
    for (const aware of this.#aware.splice(0)) this.knows(aware);
  }

  knows(process: number): void {
    this.receive(process, [Kind.Call, QUEUE, 0, QueueMethod.Knows, []]);
  }

  put(process: number, ...values: number[]): void {
    for (const value of values) {
      this.hub.receive(process, [Kind.Put, QUEUE, 0, true, item(value)]);
    }
    this.hub.settle();
  }

  /** How many items each process has got, and how many getters wait there. */
  readonly #got = new Map<number, number>();
  readonly #waiting = new Map<number, number>();

  want(process: number, count = 1): void {
    const waiting = (this.#waiting.get(process) ?? 0) + count;
    this.#waiting.set(process, waiting);
    this.ask(process, waiting);
  }

  ask(process: number, waiting: number): void {
    this.receive(process, [Kind.Ask, QUEUE, this.#got.get(process) ?? 0, waiting]);
  }

  grab(process: number, call: number): void {
    const received = this.#got.get(process) ?? 0;
    this.receive(process, [Kind.Grab, QUEUE, call, received, 0]);
  }

  taken(process: number, count = 1): void {
    for (let n = 0; n < count; n++) this.receive(process, [Kind.Ack, QUEUE]);
  }

  /** The values a process was sent since the last look; other messages must be none. */
  items(process: number): number[] {
    const items = this.take(process).flatMap((message) => {
      strictEqual(message[0], Kind.Items);
      return (message[2] as Uint8Array[]).map((bytes) => bytes[0]!);
    });
    this.#got.set(process, (this.#got.get(process) ?? 0) + items.length);
    const waiting = (this.#waiting.get(process) ?? 0) - items.length;
    this.#waiting.set(process, Math.max(0, waiting));
    return items;
  }

  /** A process that takes one item after the other, until something is sent it ahead. */
  loop(process: number): { log: Claims; received: number[]; taken: number } {
    const log = this.claim(process);
    const received: number[] = [];
    let taken = 0;
    while (received.length < taken + 3) {
      if (received.length === taken) this.want(process);
      received.push(...this.items(process));
      log.advance(QUEUE, ++taken);
    }
    return { log, received, taken };
  }

  size(): number {
    this.receive(0, [Kind.Call, QUEUE, 99, QueueMethod.Size, []]);
    return this.take(0).at(-1)![3] as number;
  }
}
