/**
 * This process's part of an end of a pipe: a transport of `Connection`s. All connections of
 * this process to the same end share one; when the last of them is closed, the hub is told
 * that this process does not hold the end any more.
 *
 * @module
 */
import type { Peer } from "../link/peer.ts";
import { identity } from "../process/identity.ts";
import { UnpicklingError } from "../python/errors.ts";
import { type DumpContext, PendingPayload } from "../reduction/mod.ts";
import { STATS } from "../hub/object.ts";
import { Kind, type Payload, type ToHub, type ToPeer } from "../wire/message.ts";
import { PipeReader } from "./pipe_reader.ts";
import { countClosing, PipeWriter } from "./pipe_writer.ts";
import { tokenFor, withTokens } from "./transfer_tokens.ts";
import type { Encode, EndFields, Taker, Transport, User } from "./transport.ts";

/** The name under which connections by such an end are sent. */
export const PIPE_END = "connection:rebuild";

/** The ends that connections of a process use, by number. */
const ends = new WeakMap<Peer, Map<number, PipeEnd>>();

function endsOf(peer: Peer): Map<number, PipeEnd> {
  let all = ends.get(peer);
  if (all === undefined) ends.set(peer, all = new Map());
  return all;
}

/** An end of a pipe, for all connections of this process to it. */
export class PipeEnd implements Transport {
  readonly #peer: Peer;
  readonly #id: number;
  readonly #reader: PipeReader | undefined;
  readonly #writer: PipeWriter | undefined;
  /** The number of connections that use it. */
  #users = 0;
  /**
   * The token that the hub has not answered yet: messages that come now are for an earlier
   * part of this process in the same end.
   */
  #token: number | undefined;

  /** @param id The number of an end that this process holds. */
  constructor(peer: Peer, id: number, reads: boolean, writes: boolean) {
    this.#peer = peer;
    this.#id = id;
    this.#reader = reads ? new PipeReader(peer, id) : undefined;
    this.#writer = writes ? new PipeWriter(peer, id) : undefined;
    peer.listen(id, (message) => this.#receive(message));
    endsOf(peer).set(id, this);
  }

  /** The end that `fields` describe. @throws {UnpicklingError} if they make no sense */
  static from(peer: Peer, { id, reads, writes, token }: EndFields): PipeEnd {
    if (
      !Number.isSafeInteger(id) || id < 0 ||
      (token === null && !identity.isBootstrapping)
    ) {
      throw new UnpicklingError("malformed connection");
    }
    const known = endsOf(peer).get(id);
    const end = known ?? new PipeEnd(peer, id, Boolean(reads), Boolean(writes));
    if (token === null) return end;
    if (known === undefined) end.#token = token;
    peer.post([Kind.Claim, id, token]);
    return end;
  }

  /** The end's number in the hub. */
  get id(): number {
    return this.#id;
  }

  get reads(): boolean {
    return this.#reader !== undefined;
  }

  get writes(): boolean {
    return this.#writer !== undefined;
  }

  get isReady(): boolean {
    return this.#reader?.isReady ?? this.#writer!.isBroken;
  }

  get isCertain(): boolean {
    return this.#reader?.isCertain ?? this.#writer!.isCertain;
  }

  ask(): Promise<boolean> {
    return this.#reader?.ask() ?? this.#writer!.askIfBroken();
  }

  watch(callback: () => void): () => void {
    return this.#reader?.watch(callback) ?? this.#writer!.watch(callback);
  }

  send(encode: Encode, user: User): Promise<void> {
    const writer = this.#writer!;
    const isView = this.#peer.copies && writer.isClear;
    return withTokens(() => encode(isView), (message, tokens) => {
      if (isView && !writer.isClear && !(message instanceof PendingPayload)) {
        message = new Uint8Array(message); // its encoding has sent something else
      }
      return writer.send(message, tokens, user);
    });
  }

  takeNow(taker: Taker): Payload | undefined {
    return this.#reader!.takeNow(taker);
  }

  take(taker: Taker): Promise<Payload> {
    return this.#reader!.take(taker);
  }

  async stats(): Promise<string> {
    this.#reader?.say();
    const call = this.#peer.newCall();
    const message: ToHub = [Kind.Call, this.#id, call, STATS, []];
    return await this.#peer.call(call, message) as string;
  }

  /** One more connection uses it. */
  open(): void {
    this.#users++;
    this.#writer?.flush(undefined);
  }

  close(owner: object | undefined): void {
    this.#users--;
    if (owner !== undefined) this.#reader?.close(owner);
    if (this.#users > 0) return;
    if (this.#writer === undefined) this.#drop();
    else this.#writer.flush(() => this.#drop());
  }

  #drop(): void {
    this.#reader?.share(); // has what was taken acknowledged before others get the rest
    endsOf(this.#peer).delete(this.#id);
    this.#peer.drop(this.#id);
    countClosing();
  }

  reduce(context: DumpContext): [string, Record<string, unknown>] {
    this.#reader?.share();
    if (context.spawning) context.inherit(this.#id);
    const fields: EndFields = {
      id: this.#id,
      reads: this.reads,
      writes: this.writes,
      token: context.spawning ? null : tokenFor(this.#peer, this),
    };
    return [PIPE_END, { ...fields }];
  }

  #receive(message: ToPeer): void {
    if (message[0] === Kind.Claimed) return this.#claimed(message[2], message[3]);
    if (this.#token !== undefined) return;
    this.#reader?.receive(message);
    this.#writer?.receive(message);
  }

  #claimed(token: number, isValid: boolean): void {
    if (token !== this.#token) return;
    this.#token = undefined;
    if (isValid) return;
    this.#reader?.end();
    this.#writer?.break();
  }
}
