/**
 * The workers of a pool on a server, as its owner knows them: their starts, replacements and
 * ends. What they do is told to crew.ts.
 *
 * @module
 */
import { WorkerLostError } from "../../python/errors.ts";
import { debug } from "../../python/util.ts";
import { runtime } from "../../runtime/mod.ts";
import type { PoolTally, WorkerTally } from "../../pool/tally.ts";
import {
  type ExitReport,
  exitReport,
  lostError,
  StartFailures,
  type WorkerProcess,
} from "../../pool/worker_link.ts";
import type { StartedProcess } from "./starter.ts";

/** Milliseconds that a process has for ending on SIGTERM before it is killed. */
const TERMINATE_TIMEOUT = 1000;

/** The same for its exit to be known, once the server says that it is gone. */
const EXIT_TIMEOUT = 1000;

/** Milliseconds until a start is tried again that failed while there is no worker. */
const RETRY_DELAY = 100;

/** One worker. */
export interface Member {
  readonly number: number;
  readonly started: StartedProcess;
  readonly tally: WorkerTally;
  /** Its session; undefined before it is there. */
  session: string | undefined;
  hasCompletedTask: boolean;
  /** It was told to end. */
  isLeaving: boolean;
  /** The server has given it up, as its lease was over. */
  wasGivenUp: boolean;
  /** Its process has ended. */
  hasExited: boolean;
  killTimer: unknown;
  /** Those who wait for its exit. */
  readonly onExit: Set<() => void>;
}

/** What the members ask of their crew, and tell it. */
export interface MembersOwner {
  /** Whether workers that are missing are to be started. */
  readonly isWorking: boolean;
  /** Starts the process of a worker of that number. */
  start(number: number): StartedProcess;
  /** A worker's process has ended; whether tasks of it may be lost by that. */
  onExit(member: Member): void;
  /** No worker can be started. */
  giveUp(reason: unknown): void;
  /** A worker is no more. */
  finishSoon(): void;
}

/** See above. */
export class Members {
  readonly #owner: MembersOwner;
  readonly #tally: PoolTally;
  readonly #size: number;
  readonly #failures: StartFailures;
  /** Those whose place nobody has taken. */
  readonly #present = new Map<number, Member>();
  /** Those whose place another has, and whose processes have not ended. */
  readonly #ending = new Set<Member>();
  /** Those of which something may still be told. */
  readonly #known = new Map<number, Member>();
  readonly #bySession = new Map<string, Member>();
  #last = 0;

  constructor(size: number, owner: MembersOwner, tally: PoolTally) {
    this.#size = size;
    this.#owner = owner;
    this.#tally = tally;
    this.#failures = new StartFailures(size);
  }

  /** Whether none is left, of those on this machine also none that was given up. */
  get isEmpty(): boolean {
    return this.#present.size === 0 && this.#ending.size === 0;
  }

  get all(): Iterable<Member> {
    return this.#present.values();
  }

  get processes(): WorkerProcess[] {
    return Array.from(this.#present.values(), ({ started }) => started.process);
  }

  byNumber(number: number): Member | undefined {
    return this.#known.get(number);
  }

  bySession(session: string): Member | undefined {
    return this.#bySession.get(session);
  }

  // --- starts

  /** Starts as many as are missing. @throws if one cannot start and `isFirst` */
  startMissing(isFirst = false): void {
    while (this.#owner.isWorking && this.#present.size < this.#size) {
      try {
        this.#start();
      } catch (error) {
        if (isFirst) throw error;
        const failure = this.#failures.add(undefined, error);
        if (failure !== undefined) return this.#owner.giveUp(failure);
        if (this.#present.size === 0) {
          runtime.setTimer(() => this.startMissing(), RETRY_DELAY);
        }
        return;
      }
    }
  }

  #start(): void {
    const number = ++this.#last;
    const started = this.#owner.start(number);
    const member: Member = {
      ...{ number, started },
      tally: this.#tally.started(started.process.name),
      session: undefined,
      hasCompletedTask: false,
      isLeaving: false,
      wasGivenUp: false,
      hasExited: false,
      killTimer: undefined,
      onExit: new Set(),
    };
    this.#present.set(number, member);
    this.#known.set(number, member);
    debug("added worker");
    started.onExit((reason) => this.#onExit(member, reason));
  }

  // --- what is told of them

  /** One is there. */
  isHere(number: number, session: string): void {
    const member = this.#known.get(number);
    if (member === undefined) return;
    member.session = session;
    this.#bySession.set(session, member);
    this.#tally.ready(member.tally);
  }

  /** One has ended a task. */
  hasWorked(member: Member): void {
    if (member.hasCompletedTask) return;
    member.hasCompletedTask = true;
    this.#failures.reset();
  }

  /** One says that it ends, as it has nothing more to do. */
  isLeaving(number: number): void {
    const member = this.#known.get(number);
    if (member !== undefined) member.isLeaving = true;
  }

  /** Its initializer has failed. */
  isNotReady(reason: unknown): void {
    this.#failures.explain(reason);
  }

  /** The server has given one up. Another takes its place; if it is there, it ends. */
  isGone(session: string): void {
    const member = this.#bySession.get(session);
    if (member === undefined || member.hasExited || member.wasGivenUp) return;
    if (member.isLeaving) return;
    member.wasGivenUp = true;
    if (member.started.host === null) this.#ending.add(member);
    member.started.process.kill(); // it may be stopped
    this.#remove(member, true);
  }

  #onExit(member: Member, reason: unknown): void {
    member.hasExited = true;
    runtime.clearTimer(member.killTimer);
    this.#owner.onExit(member);
    for (const tell of member.onExit) tell();
    this.#ending.delete(member);
    if (!this.#present.has(member.number)) return this.#owner.finishSoon();
    const report = exitReport(member.started);
    const { isLeaving, hasCompletedTask } = member;
    if (!isLeaving && !hasCompletedTask && report.exitcode !== 0) {
      const failure = this.#failures.add(report, reason);
      if (failure !== undefined) {
        this.#remove(member, true);
        return this.#owner.giveUp(failure);
      }
    }
    this.#remove(member, !isLeaving && report.exitcode !== 0);
  }

  #remove(member: Member, isLost: boolean): void {
    this.#present.delete(member.number);
    this.#tally.ended(isLost, this.#owner.isWorking);
    this.startMissing();
    this.#owner.finishSoon();
  }

  /** Nothing will be told of one any more. */
  forget(session: string): void {
    const member = this.#bySession.get(session);
    if (member === undefined) return;
    this.#bySession.delete(session);
    this.#known.delete(member.number);
  }

  // --- ends

  /** Ends one, with what it does. */
  kill(member: Member): void {
    if (member.hasExited || member.killTimer !== undefined) return;
    const { process } = member.started;
    process.terminate();
    member.killTimer = runtime.setTimer(() => process.kill(), TERMINATE_TIMEOUT);
  }

  /** Ends all. */
  killAll(): void {
    for (const member of this.#present.values()) {
      member.isLeaving = true;
      this.kill(member);
    }
  }

  /** The error of a task that a worker had; when its exit is known, or will not be. */
  async lostError(session: string, task: string): Promise<WorkerLostError> {
    const member = this.#bySession.get(session);
    if (member === undefined) return givenUp(undefined, task);
    if (!member.hasExited && !member.wasGivenUp) {
      await new Promise<void>((resolve) => {
        const timer = runtime.setTimer(resolve, EXIT_TIMEOUT);
        member.onExit.add(() => {
          runtime.clearTimer(timer);
          resolve();
        });
      });
    }
    const report = exitReport(member.started);
    return member.hasExited && !member.wasGivenUp
      ? lostError(report, task)
      : givenUp(report, task);
  }
}

function givenUp(report: ExitReport | undefined, task: string): WorkerLostError {
  const { name = "a worker", pid = null, host = null } = report ?? {};
  const place = host === null ? "" : ` on ${host}`;
  const who = pid === null ? `${name}${place}` : `${name} (pid ${pid}${place})`;
  return new WorkerLostError(
    `${who} was not heard of for longer than its lease while it worked on ${task}`,
    { pid, exitcode: null, signal: null, task, stderr: null, host },
  );
}
