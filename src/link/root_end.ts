/**
 * The root's end of the link to one child: sends and receives frames, passes on the text that
 * the child prints, and reports its end.
 *
 * Outgoing messages of one turn leave together, and the next batch waits until the
 * runtime has taken the last one. The end is reported once, with the exit code, after all
 * that the child has written was read: what it sent before it died counts.
 *
 * @module
 */
import { offerClaims, type OfferedClaims } from "./claim_files.ts";
import type { Claims } from "../hub/claims.ts";
import { ProtocolError } from "../python/errors.ts";
import { type Child, type Grants, runtime } from "../runtime/mod.ts";
import { concat } from "../wire/bytes.ts";
import { ChildStreamDecoder } from "../wire/child_stream.ts";
import { FrameBatch, LONG } from "../wire/frame.ts";
import { Kind, type Message, type ToPeer } from "../wire/message.ts";
import { complain } from "./exit.ts";
import { FastPath } from "./fast_path.ts";
import { HostedChild } from "./hosted.ts";

/** A batch of this many bytes leaves at once. */
const FULL_BATCH = 65536;

/** Milliseconds after which a line that has not ended is shown on a terminal. */
const LINE_PAUSE = 50;

/** Milliseconds without output after a child's exit: what comes later is not its own. */
const SILENCE = 50;

/** The events of a link. */
export interface LinkEvents {
  onMessage(message: Message): void;
  /** After each chunk of messages. */
  onChunk(): void;
  /** The child prints whole lines. A promise settles when nothing of them is kept any more. */
  onText(bytes: Uint8Array): Promise<void> | undefined;
  /** The child claims no more; `claims` is still there. */
  onClaimsEnded?(): void;
  /** The child writes to a stderr of its own. */
  onStderr?(bytes: Uint8Array): void;
  /** The last event: exit code, or minus the signal's number. */
  onEnd(exitcode: number): void;
}

/** Lines of a child's stderr that are kept. */
const TAIL_LINES = 10;

/** Characters of it that are kept, of however few lines. */
const TAIL_LENGTH = 4096;

/** The last lines of a stderr. */
export class StderrTail {
  readonly #decoder: TextDecoder = new TextDecoder();
  /** At most twice as long as is kept: to cut it at each chunk would cost more. */
  #tail = "";

  add(chunk: Uint8Array): void {
    this.#tail += this.#decoder.decode(chunk, { stream: true });
    if (this.#tail.length > 2 * TAIL_LENGTH) {
      this.#tail = this.#tail.slice(-TAIL_LENGTH);
    }
  }

  /** The last lines, without the end of the last one. */
  get text(): string {
    const lines = this.#tail.slice(-TAIL_LENGTH).trimEnd().split("\n");
    return lines.slice(-TAIL_LINES).join("\n");
  }
}

/** The root's end of the link to one child. */
export class RootEnd {
  /** The child's name, for messages about it. */
  name: string;
  readonly program: string;
  /** What begins its frames among the text that it prints. */
  readonly mark: number;
  /** Its permissions, as far as is known; undefined for all. */
  grants: Grants | undefined;
  /** Whether it has said `Ready`. */
  isReady = false;
  /** When it became this process, on the runtime's clock. */
  startedAt = 0;
  readonly #child: Child;
  /** The same, if it is on another host. */
  readonly hosted: HostedChild | undefined;
  #folder: string | undefined;
  #events: LinkEvents;
  readonly #decoder: ChildStreamDecoder;
  readonly #batch = new FrameBatch();
  readonly #fastPath = new FastPath(this.#batch);
  /** A write that the runtime has not taken yet. */
  #isWriting = false;
  /** Called when the write that is under way, or the next one, has been taken. */
  readonly #leaving: (() => void)[] = [];
  /** Called when the next write has been taken. */
  readonly #later: (() => void)[] = [];
  /** The number of chunks that have come. */
  #chunks = 0;
  readonly #stderr = new StderrTail();
  /** The texts in the chunk that is being read. */
  #texts: Uint8Array[] = [];
  /** Messages behind such texts: they count when these have been printed. */
  #held: [message: Message, size: number][] = [];
  /** Runs while the child may go on with a line that it has begun. */
  #lineTimer: unknown;
  /** Settles when text has been printed; nothing more is read before. */
  #printing: Promise<void> | undefined;
  #isClosed = false;
  /** Null where there can be none; undefined as long as there was nothing to claim. */
  #claims: OfferedClaims | null | undefined;

  constructor(
    child: Child,
    mark: number,
    name: string,
    program: string,
    grants: Grants | undefined,
    events: LinkEvents,
  ) {
    this.#child = child;
    this.hosted = child instanceof HostedChild ? child : undefined;
    this.name = name;
    this.program = program;
    this.mark = mark;
    this.grants = grants;
    this.#events = events;
    this.#decoder = new ChildStreamDecoder(mark, {
      onMessage: (message, size = 0) => {
        // Messages behind text count when that has been printed.
        const isBehindText = this.#texts.length > 0 || this.#printing !== undefined;
        if (isBehindText) this.#held.push([message, size]);
        else this.#receive(message, size);
      },
      onText: (bytes) => void this.#texts.push(bytes),
    });
    void this.#run();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Its name, pid and host, for messages about it. */
  get who(): string {
    const { hosted } = this;
    const place = hosted === undefined ? "" : ` on ${hosted.host.name}`;
    return `${this.name} (pid ${this.pid}${place})`;
  }

  /**
   * A child that was started becomes this process.
   *
   * @param folder The folder for the files of a shared-memory channel.
   */
  become(
    name: string,
    grants: Grants | undefined,
    events: LinkEvents,
    folder: string,
  ): void {
    this.name = name;
    this.grants = grants;
    this.#events = events;
    this.#folder = folder;
    this.startedAt = runtime.now();
  }

  /** The log in which the child claims items; undefined if there is none, or not yet. */
  get claims(): Claims | undefined {
    return this.#claims?.log;
  }

  /** Has the child claim items, as soon as it can. */
  offerClaims(): void {
    if (this.#claims !== undefined || this.#isClosed) return;
    if (this.hosted !== undefined) return void (this.#claims = null);
    this.#claims = offerClaims() ?? null;
    if (this.#claims !== null) this.send([Kind.Claims, ...this.#claims.paths] as never);
  }

  /** The last lines that the child wrote to a stderr of its own. */
  get stderrTail(): string {
    return this.#stderr.text;
  }

  /** Adds a message to the next batch. */
  send(message: ToPeer): void {
    if (this.#isClosed) return;
    const size = this.#batch.add(message);
    if (size >= LONG) this.#offerChannel();
    if (this.#batch.size >= FULL_BATCH) this.flush();
  }

  /** Writes the batch, unless the last one is still on its way. */
  flush(): void {
    if (this.#isWriting || this.#isClosed || this.#batch.size === 0) return;
    const fastPath = this.#fastPath;
    if (fastPath.wantsDoorbell) this.#offerChannel();
    fastPath.writing();
    let written: Promise<void> | undefined;
    for (const run of this.#batch.takeRuns()) written = this.#child.write(run);
    fastPath.written();
    if (this.#later.length > 0) this.#leaving.push(...this.#later.splice(0));
    if (written === undefined) return this.#tellLeft();
    this.#isWriting = true;
    void written.then(() => {
      this.#isWriting = false;
      this.#tellLeft();
      this.flush();
    });
  }

  /** Calls back when all that was sent before has left. */
  whenLeft(callback: () => void): void {
    if (this.#batch.size > 0) this.#later.push(callback);
    else if (this.#isWriting) this.#leaving.push(callback);
    else callback();
  }

  #tellLeft(): void {
    if (this.#leaving.length === 0) return;
    for (const callback of this.#leaving.splice(0)) callback();
  }

  signal(signal: number): void {
    this.#child.kill(signal);
  }

  async #run(): Promise<void> {
    const reading = this.#child.read((chunk) => this.#push(chunk));
    const complaining = this.#child.readStderr?.((chunk) => this.#complain(chunk));
    const code = await this.#child.exited;
    const isWhole = await this.#silence(Promise.all([reading, complaining]));
    this.#isClosed = true;
    this.#child.closeStdin();
    if (isWhole) {
      this.#endText();
      await this.#printing;
    } else void reading.then(() => this.#endText());
    this.#fastPath.end();
    const lost = (text: string) => this.#complain(new TextEncoder().encode(text));
    this.#events.onEnd(this.hosted?.exitcode(code, lost) ?? code);
    this.#claims?.close(); // not before: the hub reads there what the child has claimed
  }

  /** Takes a chunk. Settles when more may be read; undefined if it may be at once. */
  #push(chunk: Uint8Array): Promise<void> | undefined {
    this.#chunks++;
    this.#fastPath.heard();
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      this.#fail(error);
    }
    if (this.#texts.length > 0) this.#print();
    if (this.#decoder.hasOpenLine || this.#lineTimer !== undefined) this.#watchLine();
    this.#events.onChunk();
    return this.#printing;
  }

  /** On a terminal a line that the child has begun is to be seen before it is ended. */
  #watchLine(): void {
    this.#forgetLine();
    if (!this.#decoder.hasOpenLine || !runtime.stdoutIsTerminal()) return;
    this.#lineTimer = runtime.setTimer(() => {
      this.#lineTimer = undefined;
      this.#decoder.flush();
      if (this.#texts.length > 0) this.#print();
    }, LINE_PAUSE);
  }

  #forgetLine(): void {
    if (this.#lineTimer === undefined) return;
    runtime.clearTimer(this.#lineTimer);
    this.#lineTimer = undefined;
  }

  /** Passes on the chunk's texts; then the messages behind them count. */
  #print(): void {
    const texts = this.#texts;
    this.#texts = [];
    const printed = this.#events.onText(
      texts.length === 1 ? texts[0]! : concat(...texts),
    );
    if (printed === undefined) return this.#release();
    const printing = printed.then(() => {
      this.#chunks++;
      if (this.#printing === printing) this.#printing = undefined;
      this.#release();
      this.#events.onChunk();
    });
    this.#printing = printing;
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    try {
      for (const [message, size] of held) this.#receive(message, size);
    } catch (error) {
      this.#fail(error);
    }
  }

  #receive(message: Message, size: number): void {
    switch (message[0]) {
      case Kind.ByChannel:
        return this.#events.onMessage(this.#fastPath.take(message));
      case Kind.ChannelOpened:
        return this.#fastPath.opened(message[1]);
      case Kind.ClaimsOpened:
        return this.#claimsOpened(message[1]);
      case Kind.Hosted:
        if (this.hosted !== undefined) return this.hosted.hear(message);
        throw new ProtocolError("this process is on no other host");
    }
    if (size >= LONG && this.#offerChannel()) this.flush();
    this.#events.onMessage(message);
  }

  /** Offers the child a shared-memory channel, once; tells whether it did. */
  #offerChannel(): boolean {
    const offer = this.#fastPath.offer(this.#folder);
    if (offer === undefined) return false;
    this.#batch.add(offer);
    return true;
  }

  #claimsOpened(isOpen: boolean): void {
    const claims = this.#claims;
    if (!claims) throw new ProtocolError("there is nothing to claim in");
    if (isOpen) return claims.opened((path) => this.#offerWords(path));
    if (claims.log !== undefined) this.#events.onClaimsEnded?.();
    claims.close();
    this.#claims = null;
    this.send([Kind.Claims, "", ""] as never);
  }

  #offerWords(path: string): void {
    this.send([Kind.Claims, "", path] as never);
    this.flush();
  }

  #complain(chunk: Uint8Array): void {
    this.#chunks++;
    this.#stderr.add(chunk);
    this.#events.onStderr?.(chunk);
  }

  #endText(): void {
    this.#forgetLine();
    try {
      this.#decoder.end();
    } catch (error) {
      this.#fail(error);
    }
    if (this.#texts.length > 0) this.#print();
  }

  /** Ends a child that breaks the protocol, and nothing else. */
  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#child.kill(9);
    const reason = error instanceof ProtocolError ? error.message : String(error);
    complain(`${this.who} broke the protocol: ${reason}\n`);
  }

  /**
   * Waits for the end of the child's output (true), or a while without any (false): another
   * program may hold the child's stdout or stderr open, then the end never comes.
   */
  #silence(reading: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      let seen = -1;
      let timer: unknown;
      let isOver = false;
      const look = () => {
        if (isOver) return; // the end came in the turn that was waited for
        const isQuiet = seen === this.#chunks && this.#printing === undefined;
        if (isQuiet) return resolve(false);
        seen = this.#chunks;
        // A timer may be late, and chunks that came meanwhile still unread: one turn more.
        timer = runtime.setTimer(() => runtime.nextTurn(look), SILENCE);
      };
      look();
      void reading.then(() => {
        isOver = true;
        runtime.clearTimer(timer);
        resolve(true);
      });
    });
  }
}
