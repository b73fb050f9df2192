/**
 * An agent: it takes requests for processes from the server, and runs them on this machine.
 *
 * ```
 *              ┌─────────── connects, registers ◄──────────┐
 *              ▼                                           │
 *          takes processes ── its lease is over, or it ────┘
 *              │              is cut off: all are killed
 *              │ drain
 *              ▼
 *          takes none ── the last has ended ──► ends
 * ```
 *
 * What it has belongs to its session on the server. If that ends, the processes count as lost
 * there; so they are killed here, at the latest when the lease is over by this machine's clock.
 *
 * @module
 */
import { currentPeer } from "../../link/peer.ts";
import { runtime } from "../../runtime/mod.ts";
import { VERSION } from "../../runtime/package.ts";
import { Base } from "../base.ts";
import { textOf } from "../driver/connection.ts";
import type { Argument } from "../driver/connection.ts";
import type { Script } from "../scripts/script.ts";
import {
  DRAIN,
  EXITED,
  OUTPUT,
  REFUSED,
  REGISTER,
  STARTED,
} from "../scripts/process.ts";
import type { Session } from "../session.ts";
import type { Settings } from "../settings.ts";
import { inTime, Pause } from "../times.ts";
import { Agents, type Mail, type Recipient } from "../process/agents.ts";
import { Job, type Jobsite } from "./jobs.ts";

/** The first pause after which a server is looked for again, and the longest, in ms. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5000;

/** Milliseconds that processes have from SIGTERM to SIGKILL. */
const KILL_TIME = 5000;

/** Milliseconds for which an agent that ends waits for a server that does not answer. */
const ANSWER_TIME = 1000;

/** How many times in a lease an agent looks whether it is over. */
const LOOKS = 20;

/** What an agent is made with. */
export interface AgentOptions extends Jobsite {
  readonly settings: Settings;
  readonly processes: number;
  readonly labels: readonly string[];
  /** What others call this machine. */
  readonly host: string;
  /** Seconds that processes have to end when it drains; Infinity for no bound. */
  readonly grace: number;
  /** Is told what happens; `isDetail` of what happens often. */
  log(text: string, isDetail?: boolean): void;
}

/** See above. */
export class Agent implements Recipient {
  readonly #options: AgentOptions;
  readonly #base: Base;
  readonly #agents: Agents;
  readonly #jobs = new Map<string, Job>();
  /** Where it is registered. */
  #session: Session | undefined;
  #watch: unknown;
  #isDraining = false;
  readonly #pause = new Pause();
  /** Settles when it has ended. */
  readonly #over: Deferred<void> = deferred();

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#base = new Base(options.settings);
    this.#agents = new Agents(this.#base);
    this.#agents.listen(this);
  }

  /**
   * Takes processes until it is told to drain; settles when it has ended.
   *
   * @throws {OSError | AuthenticationError | RuntimeError} if the server cannot be reached at
   * first, or refuses it
   */
  async run(): Promise<void> {
    const peer = currentPeer();
    peer.ref();
    try {
      // Who is told to end meanwhile does not wait for the answer of a server that is gone.
      const over = this.#over.promise;
      const isRegistered = await Promise.race([
        this.#register(),
        over.then(() => true),
      ]);
      if (!isRegistered) void this.#registerAgain();
      await over;
    } finally {
      runtime.clearTimer(this.#watch);
      await orLate(this.#base.shutdown());
      this.#base.close();
      peer.unref();
    }
  }

  /** False if its session has ended meanwhile: on a busy machine a lease may be too short. */
  async #register(): Promise<boolean> {
    const { processes, labels, host, log } = this.#options;
    const session = this.#agents.open();
    const description = { version: VERSION, labels, processes, host };
    try {
      await this.#agents.tell(session, REGISTER, [JSON.stringify(description)]);
    } catch (error) {
      if (!session.wasLost) throw error;
    }
    if (session.hasEnded) return false;
    this.#session = session;
    this.#watchLease(session);
    const where = labels.length === 0 ? "" : ` (${labels.join(", ")})`;
    log(`takes up to ${processes} processes as ${host}${where}`);
    if (this.#isDraining) await this.#stopTaking();
    return true;
  }

  /** Its lease may be over before anybody says so. */
  #watchLease(session: Session): void {
    runtime.clearTimer(this.#watch);
    if (session.hasEnded) return;
    if (session.isDoubtful && this.#jobs.size > 0) {
      this.#abandonAll("its lease is over");
    }
    const pause = this.#options.settings.lease / LOOKS;
    this.#watch = runtime.setTimer(() => this.#watchLease(session), pause);
  }

  /** The session has ended: all that it had is lost. */
  ended(session: Session): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    if (this.#isDraining && this.#jobs.size === 0) return this.#over.resolve();
    this.#abandonAll("its session has ended");
    void this.#registerAgain();
  }

  async #registerAgain(): Promise<void> {
    for (let pause = FIRST_PAUSE;; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      if (this.#isDraining) return this.#endIfDone();
      try {
        if (await this.#register()) return;
      } catch (error) {
        this.#options.log(`is cut off from the server: ${error}`);
      }
      await this.#pause.wait(pause);
    }
  }

  #abandonAll(why: string): void {
    const jobs = [...this.#jobs.values()].filter(({ isAbandoned }) => !isAbandoned);
    if (jobs.length > 0) {
      this.#options.log(`kills its ${jobs.length} processes: ${why}`);
    }
    for (const job of jobs) job.abandon();
  }

  // --- what is asked of it

  received({ what, process, rest }: Mail): undefined {
    if (what === "start") this.#start(process, rest);
    else if (what === "signal") this.#jobs.get(process)?.signal(Number(textOf(rest)));
  }

  #start(key: string, request: Uint8Array): void {
    const session = this.#session ?? this.#agents.open();
    if (this.#isDraining) return void this.#tell(session, REFUSED, [key]);
    const { log } = this.#options;
    const over = () => {
      this.#jobs.delete(key);
      this.#endIfDone();
    };
    const job = new Job(key, this.#base, {
      started: (pid) => {
        log(`has started ${job.text}`, true);
        const host = encodeURIComponent(this.#options.host);
        void this.#tell(session, STARTED, [key, String(pid), host]);
      },
      failed: (error) => {
        log(`could not start a process: ${error.message}`);
        void this.#tell(session, EXITED, [key, "failed", JSON.stringify(error)])
          .then(over);
      },
      exited: (code) => {
        log(`has ended ${job.text}: exit code ${code}`, true);
        void this.#tell(session, EXITED, [key, "exited", String(code)]).then(over);
      },
      output: (stream, bytes) => this.#print(session, key, stream, bytes),
    });
    this.#jobs.set(key, job);
    void job.start(request, this.#options);
  }

  /** Tells the server; what it does not hear because the session has ended is lost there. */
  async #tell(
    session: Session,
    script: Script,
    args: readonly Argument[],
  ): Promise<unknown> {
    if (session.hasEnded) return undefined;
    try {
      return await this.#agents.tell(session, script, args);
    } catch (error) {
      if (!session.hasEnded) this.#options.log(`could not tell the server: ${error}`);
      return undefined;
    }
  }

  /** Sends what a process has written; waits where too much of that was not read yet. */
  async #print(
    session: Session,
    key: string,
    stream: string,
    bytes: Uint8Array,
  ): Promise<void> {
    for (;;) {
      if (session.hasEnded) return;
      const room = deferred<string>();
      const wait = session.newWait(room);
      room.promise.catch(() => {});
      const reply = await this.#tell(session, OUTPUT, [key, stream, bytes, wait]);
      if (reply !== 2) return session.forget(wait);
      await room.promise.catch(() => {});
    }
  }

  // --- its end

  /**
   * Takes no more processes, and ends when the last has ended. After `grace` seconds they are
   * sent SIGTERM, and a while later SIGKILL.
   */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    const { grace, log } = this.#options;
    const count = this.#jobs.size;
    log(`takes no more processes${count > 0 ? `, and waits for ${count}` : ""}`);
    this.#pause.end();
    for (const job of this.#jobs.values()) job.drain();
    void this.#stopTaking();
    if (grace === Infinity) return;
    runtime.setTimer(() => this.#endAll(), grace * 1000);
  }

  async #stopTaking(): Promise<void> {
    const session = this.#session;
    // Once it has answered, nothing more is on its way here.
    if (session !== undefined) await orLate(this.#tell(session, DRAIN, []));
    this.#endIfDone();
  }

  #endAll(): void {
    for (const job of this.#jobs.values()) job.terminate();
    runtime.setTimer(() => {
      for (const job of this.#jobs.values()) job.signal(9);
    }, KILL_TIME);
  }

  #endIfDone(): void {
    if (this.#isDraining && this.#jobs.size === 0) this.#over.resolve();
  }
}

/** Settles with what the server is told last, or soon, if it does not answer. */
function orLate(told: Promise<unknown>): Promise<void> {
  return inTime(ANSWER_TIME, told).catch(() => {});
}

/** A promise, and what settles it. */
interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

function deferred<T>(): Deferred<T> {
  let settle!: Pick<Deferred<T>, "resolve" | "reject">;
  const promise = new Promise<T>((resolve, reject) => settle = { resolve, reject });
  return { promise, ...settle };
}
