/**
 * What the objects of one context share in this process: the link to the server, the present
 * session, and the handles that there are.
 *
 * @module
 */
import { Link } from "./driver/link.ts";
import { installExitFunction } from "../link/exit.ts";
import { currentPeer, type Peer } from "../link/peer.ts";
import { Finalize } from "../python/util.ts";
import { runtime } from "../runtime/mod.ts";
import { isKnownServer } from "./process/inherited.ts";
import { SCRIPTS } from "./scripts/all.ts";
import { LEAVE } from "./scripts/object.ts";
import { UNLINK } from "./scripts/session.ts";
import { Session } from "./session.ts";
import type { Settings } from "./settings.ts";

/** The priority at exit: after the program's own finalizers, and the ends of its children. */
const LAST = -1000;

/** Milliseconds that a program waits at its end for a server which does not answer. */
const EXIT_TIME = 1000;

/** As much of a handle as is needed here. */
export interface AnyHandle {
  readonly _id: string;
}

/** See above. */
export class Base {
  readonly settings: Settings;
  /** What all its keys begin with. */
  readonly prefix: string;
  readonly #link: Link;
  #session: Session | undefined;
  #atExit: Finalize | undefined;
  readonly #live = new Map<string, WeakRef<AnyHandle>>();
  readonly #sent = new Set<string>();
  readonly #observers = new Set<(session: Session) => void>();
  /** Tell of other sessions whose processes live, as this one knows. */
  readonly #vouching = new Set<() => Iterable<string>>();
  readonly #collected = new FinalizationRegistry<string>((id) => this.#drop(id));

  constructor(settings: Settings) {
    this.settings = settings;
    this.prefix = `{mp:${settings.name}}:`;
    this.#link = new Link(settings.connect, SCRIPTS, {
      reconnect: settings.reconnect,
      isKnown: isKnownServer(settings.source?.url),
      onReconnect: () => this.#session?.reconnected(),
    });
  }

  /** This process's end of its link to the root: keeps the process alive. */
  get peer(): Peer {
    return currentPeer();
  }

  /** Whether there is a connection, as far as is known. */
  get isUp(): boolean {
    return this.#link.isUp;
  }

  /** The present session; a new one if the last has ended. */
  get session(): Session {
    return this.#session ??= this.#begin();
  }

  #begin(): Session {
    void this.peer; // which listens to Ctrl-C
    installExitFunction();
    this.#atExit ??= new Finalize(null, () => this.#leave(), { exitpriority: LAST });
    const session = new Session(
      this.#link,
      this.settings,
      this.prefix,
      (session) => {
        if (this.#session === session) this.#session = undefined;
      },
    );
    session.vouch(() => [...this.#vouching].flatMap((sessions) => [...sessions()]));
    for (const observer of this.#observers) observer(session);
    return session;
  }

  /** Calls back with each session that begins; with the present one at once. */
  observe(observer: (session: Session) => void): void {
    this.#observers.add(observer);
    if (this.#session !== undefined) observer(this.#session);
  }

  /**
   * From now on the leases of other sessions are renewed with that of the present one,
   * whichever that is. The result ends that.
   */
  vouch(sessions: () => Iterable<string>): () => void {
    this.#vouching.add(sessions);
    return () => void this.#vouching.delete(sessions);
  }

  /** The program ends: what it has on the server is not to wait for the end of its lease. */
  async #leave(): Promise<void> {
    let timer: unknown;
    const tooLate = new Promise<void>((resolve) => {
      timer = runtime.setTimer(resolve, EXIT_TIME);
    });
    await Promise.race([this.shutdown().catch(() => {}), tooLate]);
    runtime.clearTimer(timer);
    this.close();
  }

  /** The handle of an object that is here already. */
  find(id: string): AnyHandle | undefined {
    return this.#live.get(id)?.deref();
  }

  /** A new handle; or that of the same object, if there is one: it stands for both. */
  settle<O extends AnyHandle>(handle: O): O {
    const { _id: id } = handle;
    const known = this.find(id);
    if (known?.constructor === handle.constructor) return known as O;
    this.#live.set(id, new WeakRef(handle));
    this.#collected.register(handle, id);
    return handle;
  }

  /**
   * An object was sent: this session has it to its end, as nobody knows when the other process
   * opens it.
   */
  keep(id: string): void {
    this.#sent.add(id);
  }

  /** Whether another process may have it by now. */
  wasSent(id: string): boolean {
    return this.#sent.has(id);
  }

  #drop(id: string): void {
    if (this.find(id) !== undefined) return;
    this.#live.delete(id);
    if (this.#sent.has(id)) return;
    const session = this.#session;
    session?.detach(id);
    session?.call(LEAVE, `${this.prefix}o:${id}`, []).catch(() => {});
  }

  /** Ends the session. */
  async shutdown(): Promise<void> {
    const session = this.#session;
    if (session !== undefined) await this.peer.refWhile(session.leave());
  }

  /** Removes the context from the server. */
  async unlink(): Promise<void> {
    const { session } = this;
    const removed = session.call(UNLINK, `${this.prefix}sessions`, []);
    await this.peer.refWhile(removed);
    session.end(undefined);
  }

  /** Closes the connections. */
  close(): void {
    this.#atExit?.cancel();
    this.#link.close();
  }
}
