/**
 * The owner's side of a pool on a server: what takes the place of workers.ts and scheduler.ts
 * of local pools. Tasks go to the server, which leases them to workers; results come from there.
 *
 * ```
 * job ─► feed ─► SUBMIT ─► [ waits ─► leased to a worker ] ─► message ─► FETCH ─► job
 *                   ▲                        │
 *                   └─── run again ◄─── its worker is gone ───► WorkerLostError
 * ```
 *
 * @module
 */
import { after } from "../../link/waiting.ts";
import { TimeoutError } from "../../python/errors.ts";
import { dumps, loadError } from "../../reduction/mod.ts";
import type { Crew } from "../../pool/crew.ts";
import { type Job, NOTHING, type PoolFunction, type Task } from "../../pool/job.ts";
import { Form, Ticks } from "../../pool/protocol.ts";
import { type WorkerNow, workerNow } from "../../pool/stats.ts";
import type { PoolTally } from "../../pool/tally.ts";
import type { Turn } from "../../pool/turn.ts";
import type { WorkerProcess } from "../../pool/worker_link.ts";
import type { WorkersOwner } from "../../pool/worker_record.ts";
import type { Payload } from "../../wire/message.ts";
import type { Base } from "../base.ts";
import { listOf, type Reply, textOf } from "../driver/connection.ts";
import { CLEAR, DROP, FETCH, LOSE, SHUT_POOL } from "../scripts/pool.ts";
import { Feed, type Source } from "../../pool/feed.ts";
import { floatBytes } from "./floats.ts";
import { headOf, Kind, type Message, readMessage, writeTask } from "./messages.ts";
import { type Member, Members } from "./members.ts";
import { isPacked, unpackAll } from "./pack.ts";
import { PoolObject } from "./pool_object.ts";
import { readValue } from "./results.ts";
import type { StartedProcess } from "./starter.ts";
import { Submitter } from "./submitter.ts";

/** Tasks that are on the server at most. */
const MOST_PENDING = 8192;

/** A task that is on the server. */
interface Pending {
  readonly task: Task;
  readonly bytes: Payload;
  /** How many workers have died with it. */
  losses: number;
  /** The worker that runs it, of one that may be killed because of it. */
  member: Member | undefined;
  stopWatch: (() => void) | undefined;
}

/** What a crew is made with. */
export interface CrewPlan {
  readonly base: Base;
  readonly size: number;
  /** How many times a task is run again whose worker has died. */
  readonly retries: number;
  /** Settles before workers can be started; undefined if they can be now. */
  readonly ready: Promise<void> | undefined;
  /** Starts the process of a worker. */
  start(pool: PoolObject, number: number): StartedProcess;
}

/** See above. */
export class RedisCrew implements Crew<WorkerProcess> {
  readonly #plan: CrewPlan;
  readonly #owner: WorkersOwner;
  readonly #tally: PoolTally;
  readonly #pool: PoolObject;
  readonly #submitter: Submitter;
  readonly #feed = new Feed<Task>();
  readonly #pending = new Map<number, Pending>();
  readonly #members: Members;
  #lastTask = 0;
  #received = 0;
  #isPumping = false;
  #isFetching = false;
  #mustFetch = false;
  #isShut = false;
  #isClosed = false;

  constructor(plan: CrewPlan, owner: WorkersOwner, tally: PoolTally) {
    this.#plan = plan;
    this.#owner = owner;
    this.#tally = tally;
    const pool = this.#pool = new PoolObject(plan.base, undefined, {
      wanted: () => this.#fetch(),
      ended: (reason) => {
        if (!this.#isClosed) owner.giveUp(reason);
      },
    });
    this.#submitter = new Submitter(pool, (tasks, error) => {
      for (const bytes of tasks) this.#unsent(headOf(bytes).number, error);
      this.#pumpSoon();
    });
    this.#members = new Members(plan.size, {
      get isWorking() {
        return owner.isWorking;
      },
      start: (number) => plan.start(pool, number),
      onExit: (member) => this.#onExit(member),
      giveUp: (reason) => owner.giveUp(reason),
      finishSoon: () => owner.finishSoon(),
    }, tally);
    this.#fetch();
  }

  get wanted(): number {
    return this.#plan.size;
  }

  get isEmpty(): boolean {
    return this.#members.isEmpty;
  }

  get processes(): WorkerProcess[] {
    return this.#members.processes;
  }

  startFirst(): void {
    const { ready } = this.#plan;
    if (ready === undefined) return this.#members.startMissing(true);
    ready.then(
      () => this.#members.startMissing(),
      (error) => this.#owner.giveUp(error),
    );
  }

  abandon(): void {
    this.#members.killAll();
    this.close();
  }

  // --- tasks

  turn(): Turn {
    return this.#tally.turn(!this.#isPumping);
  }

  add(entry: Task | Source<Task>): void {
    this.#feed.add(entry);
    this.#pumpSoon();
  }

  wake(source: Source<Task>): void {
    this.turn();
    this.#feed.wake(source);
    this.#pumpSoon();
  }

  forget(func: PoolFunction): void {
    this.#submitter.forget(func);
  }

  stop(job: Job): void {
    for (const { task, member } of this.#pending.values()) {
      if (task.job === job && member !== undefined) this.#members.kill(member);
    }
    this.drop(job);
  }

  /** Those that no worker was leased are not done. */
  drop(job: Job): void {
    const numbers: number[] = [];
    for (const [number, { task }] of this.#pending) {
      if (task.job === job) numbers.push(number);
    }
    if (numbers.length === 0 || this.#isClosed) return;
    this.#pool.once(DROP, numbers.map(String)).catch(() => {}); // `ended` is told
  }

  grant(): void {}

  leave(): boolean {
    return false;
  }

  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    queueMicrotask(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  /** Sends tasks as long as there is room for them. */
  #pump(): void {
    while (this.#pending.size < MOST_PENDING && !this.#isClosed) {
      const task = this.#feed.next();
      if (task === undefined) break;
      const number = ++this.#lastTask;
      const bytes = this.#write(number, task);
      const pending = {
        task,
        bytes,
        losses: 0,
        member: undefined,
        stopWatch: undefined,
      };
      this.#pending.set(number, pending);
      this.#submitter.add(bytes, task.job.settings.func);
    }
    this.#submitter.flush();
  }

  #write(number: number, task: Task): Payload {
    const { func, mode } = task.job.settings;
    const { scalar } = task;
    const isNumber = typeof scalar === "number";
    return writeTask({
      ...{ number, func: func.id, mode },
      form: isNumber ? Form.Operand : task.form,
      ticks: task.ticks,
      isSingle: scalar !== NOTHING,
      isAlone: task.group !== null || task.ticks === Ticks.Always,
      payload: isNumber
        ? floatBytes(scalar)
        : scalar === NOTHING
        ? task.payload!
        : dumps(scalar) as Payload, // as they always can be sent
    }, this.#pool.payloads);
  }

  // --- messages

  #fetch(): void {
    this.#mustFetch = true;
    if (this.#isFetching || this.#isClosed) return;
    this.#isFetching = true;
    void this.#fetchAll().finally(() => this.#isFetching = false);
  }

  async #fetchAll(): Promise<void> {
    while (this.#mustFetch && !this.#isClosed) {
      this.#mustFetch = false;
      let reply: Reply;
      try {
        reply = await this.#pool.call(FETCH, [String(this.#received)]);
      } catch {
        return; // `ended` is told
      }
      const [from, packed] = listOf(reply);
      const messages = unpackAll(packed as Uint8Array);
      const known = this.#received - Number(from);
      this.#received = Math.max(this.#received, Number(from) + messages.length);
      if (messages.length > 0) this.#mustFetch = true;
      this.#tally.look();
      for (const bytes of messages.slice(known)) this.#readAll(bytes);
      this.#pump();
    }
  }

  #readAll(bytes: Uint8Array): void {
    if (!isPacked(bytes)) return this.#read(bytes);
    for (const message of unpackAll(bytes)) this.#read(message);
  }

  #read(bytes: Uint8Array): void {
    let message: Message;
    try {
      message = readMessage(bytes, this.#pool.payloads);
    } catch (error) {
      return this.#owner.giveUp(error);
    }
    const { kind, number, payload } = message;
    switch (kind) {
      case Kind.Done:
      case Kind.Failed:
        return this.#finished(message);
      case Kind.Begun:
        return this.#begun(message);
      case Kind.Tick:
        return this.#ticked(message);
      case Kind.Lost:
        return this.#lost(number, textOf(payload));
      case Kind.Dropped:
        return void this.#take(number)?.task.release();
      case Kind.Here:
        return this.#isHere(number, textOf(payload));
      case Kind.Leaving:
        return this.#members.isLeaving(message.worker);
      case Kind.NotReady:
        return this.#members.isNotReady(loadError(payload, { withTraceback: true }));
      case Kind.Gone:
        this.#members.isGone(textOf(payload));
        return this.#members.forget(textOf(payload));
    }
  }

  #take(number: number): Pending | undefined {
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    pending?.stopWatch?.();
    return pending;
  }

  /** A task could not be put on the server. */
  #unsent(number: number, error: unknown): void {
    const task = this.#take(number)?.task;
    task?.release();
    if (task !== undefined && !task.isDropped) task.fail(error);
  }

  #finished({ kind, number, worker, micros, form, payload }: Message): void {
    const task = this.#take(number)?.task;
    if (task === undefined) return; // an answer to nothing
    const member = this.#members.byNumber(worker);
    if (member !== undefined) {
      this.#members.hasWorked(member);
      this.#tally.report(member.tally);
      this.#tally.finished(member.tally, task, micros, kind === Kind.Failed);
      task.told?.ranBy(member.started.process);
    }
    task.release();
    if (task.isDropped) return;
    if (kind === Kind.Failed) {
      const error = loadError(payload, { withTraceback: form === 1 });
      const fail = (error: unknown) => task.isDropped || task.fail(error);
      if (error instanceof Promise) void error.then(fail, fail);
      else task.fail(error);
      return;
    }
    this.#succeed(task, form, payload);
  }

  /** A result that cannot be read is a failure. */
  #succeed(task: Task, form: number, payload: Uint8Array): void {
    let value: unknown;
    try {
      value = readValue(form, payload);
    } catch (error) {
      return task.fail(error);
    }
    if (!(value instanceof Promise)) return task.succeed(value, payload.length);
    value.then(
      (value) => task.isDropped || task.succeed(value, payload.length),
      (error) => task.isDropped || task.fail(error),
    );
  }

  /** The time of a task begins, which may have to be ended. */
  #begun({ number, worker }: Message): void {
    const pending = this.#pending.get(number);
    const member = this.#members.byNumber(worker);
    if (pending === undefined || member === undefined) return;
    pending.member = member;
    if (pending.task.isDropped) return this.#members.kill(member);
    this.#watch(pending);
  }

  #watch(pending: Pending): void {
    pending.stopWatch?.();
    const { task, member } = pending;
    const { timeout } = task.job.settings;
    if (timeout === null) return;
    pending.stopWatch = after(timeout, () => {
      const text = `${task.job.describe(task)} took longer than ${timeout} s`;
      if (!task.isDropped) {
        this.#tally.gaveUp();
        task.fail(new TimeoutError(text));
      }
      task.hasFailed = true;
      this.#members.kill(member!);
    });
  }

  #ticked({ number, micros: done }: Message): void {
    const pending = this.#pending.get(number);
    if (pending === undefined || pending.task.isDropped) return;
    pending.task.job.tick(pending.task, done);
    if (pending.stopWatch !== undefined) this.#watch(pending); // the next call's time begins
  }

  /** A task's worker is gone. */
  #lost(number: number, session: string): void {
    const pending = this.#take(number);
    if (pending === undefined) return;
    const { task } = pending;
    if (!task.isDropped && pending.losses < this.#plan.retries) {
      const again = { ...pending, losses: pending.losses + 1, member: undefined };
      this.#pending.set(number, again);
      return this.#submitter.again(pending.bytes);
    }
    const text = task.isDropped ? "" : task.job.describe(task);
    task.release();
    if (task.isDropped) return;
    this.#tally.gaveUp();
    void this.#members.lostError(session, text).then((error) => {
      if (!task.isDropped) task.fail(error);
    });
  }

  // --- workers

  #isHere(number: number, session: string): void {
    this.#members.isHere(number, session);
    const member = this.#members.byNumber(number);
    if (member?.hasExited) this.#onExit(member); // sooner than this was told
  }

  /** The server is told that one has ended, before its lease is over. */
  #onExit({ session }: Member): void {
    if (session === undefined || this.#isClosed) return;
    this.#pool.call(LOSE, [session, "-1"]).catch(() => {});
  }

  get queued(): number {
    return this.#feed.length + Math.max(0, this.#pending.size - this.#busy);
  }

  /** Workers that may be busy: as many as have something to do. */
  get #busy(): number {
    let ready = 0;
    for (const { session } of this.#members.all) if (session !== undefined) ready++;
    return Math.min(ready, this.#pending.size);
  }

  look(showsTasks: boolean): WorkerNow[] {
    const tasks = [...this.#pending.values()].slice(0, this.#plan.size);
    return Array.from(this.#members.all, ({ tally, started, session }) => {
      const task = session === undefined ? undefined : tasks.shift()?.task;
      return workerNow(tally, started.process.pid, task, showsTasks);
    });
  }

  // --- the end

  finish(): void {
    if (this.#isShut) return;
    this.#isShut = true;
    this.#pool.call(SHUT_POOL, []).catch(() => {});
  }

  terminate(): void {
    this.#feed.clear();
    for (const { stopWatch } of this.#pending.values()) stopWatch?.();
    this.#pending.clear();
    if (!this.#isClosed) this.#pool.call(CLEAR, []).catch(() => {});
    this.#members.killAll();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    void this.#pool.remove();
  }
}
