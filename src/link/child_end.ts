/**
 * A child's end of the link to the root: frames on stdout, written before the call returns.
 *
 * @module
 */
import { acceptClaims, acceptWords } from "./claim_files.ts";
import type { ClaimLog } from "../hub/claims.ts";
import { decode } from "../codec/codec.ts";
import { observe } from "./observed.ts";
import type { Link, Peer } from "./peer.ts";
import { checkGrants, pipeBuffer, runtime } from "../runtime/mod.ts";
import { removeShared } from "../runtime/program_folder.ts";
import { removeSharedDir } from "../runtime/shared_file.ts";
import { FrameWriter } from "../wire/frame.ts";
import {
  type ClaimsOffered,
  Kind,
  type Message,
  type Payload,
  type ToHub,
  type ToPeer,
} from "../wire/message.ts";
import { FastPath } from "./fast_path.ts";

/** Exit status of a child whose root is gone. */
export const ORPHANED = 1;

/** The child's end of the link to the root. */
export class ChildEnd implements Link {
  readonly copies = true;
  readonly #folder: string;
  readonly #decoder: { push(chunk: Uint8Array): void };
  readonly #writer: FrameWriter;
  readonly #fastPath: FastPath;
  #peer: Peer | undefined;
  #boot: ((work: Payload) => void) | undefined;
  ownClaims: ClaimLog | undefined;
  voided = 0;
  isVoid = false;

  /**
   * @param folder The folder for the files of a shared-memory channel.
   * @param write Writes to the root.
   */
  constructor(
    mark: number,
    folder: string,
    decoder: { push(chunk: Uint8Array): void },
    write: (bytes: Uint8Array) => void = runtime.writeStdoutSync,
  ) {
    this.#folder = folder;
    this.#decoder = decoder;
    this.#writer = new FrameWriter(mark, (bytes) => {
      this.#fastPath.writing();
      try {
        write(bytes);
        this.#fastPath.written();
      } catch {
        this.end(); // the pipe has no reader any more
      }
    }, pipeBuffer() - 1);
    this.#fastPath = new FastPath(this.#writer);
  }

  /** Takes a chunk that the root has sent. */
  push(chunk: Uint8Array): void {
    this.#fastPath.heard();
    this.#decoder.push(chunk);
  }

  /** The root is gone. */
  end(): never {
    removeSharedDir(this.#folder); // the root may not have done it
    removeShared();
    runtime.exit(ORPHANED);
  }

  post(message: ToHub): void {
    this.#writer.send(message);
  }

  repeat(message: ToHub): () => void {
    const frame = this.#writer.prepare(message);
    return () => this.#writer.sendPrepared(frame);
  }

  takeNow(_queue: number): undefined {}

  /** From now on messages reach the peer; `boot` is called with the encoded work. */
  start(peer: Peer, boot: (work: Payload) => void): void {
    this.#peer = peer;
    this.#boot = boot;
  }

  /** Hands a message to the peer, unless it is for this link or this process as a whole. */
  receive(message: Message): void {
    switch (message[0]) {
      case Kind.ChannelOffer:
        return void this.#fastPath.accept(message, (isOpen) => {
          removeSharedDir(this.#folder);
          this.#writer.send([Kind.ChannelOpened, isOpen]);
        });
      case Kind.ByChannel:
        return this.receive(this.#fastPath.take(message));
      case Kind.Claims:
        return this.#acceptClaims(message);
      case Kind.Observe:
        return observe(
          { interval: message[1], args: (message[2] & 1) !== 0 },
          (report) => this.#writer.send([Kind.Seen, report]),
        );
      case Kind.Holds:
        return runtime.permissions.assume(checkGrants(decode(message[2])));
      case Kind.Boot:
        return this.#boot!(message[3]);
    }
    this.#peer!.receive(message as ToPeer);
  }

  endClaims(): void {
    if (this.ownClaims === undefined) return;
    this.ownClaims.close();
    this.ownClaims = undefined;
    this.voided++;
    this.isVoid = true;
    this.#writer.send([Kind.ClaimsOpened, false]);
  }

  #acceptClaims([, first, second]: ClaimsOffered): void {
    if (first === "") {
      if (second === "") this.isVoid = false;
      else if (this.ownClaims !== undefined) void acceptWords(this.ownClaims, second);
      return;
    }
    this.ownClaims = acceptClaims([first, second]);
    this.#writer.send([Kind.ClaimsOpened, this.ownClaims !== undefined]);
  }
}
