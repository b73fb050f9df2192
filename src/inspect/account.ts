/**
 * The text of a deadlock: a sentence, and then who waits for what, since when and where,
 * and who alone could help.
 *
 *     Deadlock: 2 processes wait for locks that they hold themselves, for 22.7 s
 *
 *     transfer-1 (pid 982) waits for Lock “accountB” for 22.7 s, at work.ts:11:3 in transfer
 *        held by transfer-2 (pid 984) for 23.3 s, acquired at work.ts:9:3 in transfer
 *
 * @module
 */
import { type Blocked, isIdleWorker, type Member, type View } from "./helpers.ts";
import type {
  ObjectSnapshot,
  PoolSnapshot,
  Snapshot,
  WaitSnapshot,
} from "./snapshot.ts";
import {
  countText,
  durationText,
  listText,
  numberText,
  type PlaceText,
  placeTextOf,
  processText,
  short,
  waitText,
} from "./wording.ts";

/** The most processes of which each wait is told. */
const MOST_MEMBERS = 20;
/** The most of those who only wait for them. */
const MOST_OTHERS = 5;

/** What is to be told. */
export interface Case {
  /** Those who wait for each other, and for nobody else. */
  readonly members: readonly Member[];
  /** Those who wait for them. */
  readonly others: readonly Member[];
  /** Whether they wait for locks only. */
  readonly isCertain: boolean;
  /** Whether these are all processes of the program that do anything. */
  readonly isAll: boolean;
  readonly age: number;
}

/** The texts of a deadlock. */
export interface Account {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Tells of a deadlock. */
export function accountOf(what: Case, snapshot: Snapshot, view: View): Account {
  const { members, others } = what;
  const teller = new Teller(view, placeTextOf(snapshot));
  const lines = members.slice(0, MOST_MEMBERS).flatMap((one) => teller.tell(one));
  if (members.length > MOST_MEMBERS) {
    lines.push(`and ${members.length - MOST_MEMBERS} others wait in the same ring`);
  }
  if (others.length > 0) lines.push("behind them:");
  for (const { process, blocked } of others.slice(0, MOST_OTHERS)) {
    const [first] = blocked;
    lines.push(`   ${processText(process)} ${teller.wait(first!.wait)}`);
  }
  if (others.length > MOST_OTHERS) {
    lines.push(`   and ${others.length - MOST_OTHERS} more processes`);
  }
  return { title: titleOf(what), lines };
}

function titleOf({ members, isCertain, isAll, age }: Case): string {
  const time = `for ${durationText(age)}`;
  const [{ process } = { process: undefined }] = members;
  const isOne = members.length === 1;
  const who = isOne && process !== undefined
    ? short(process.name)
    : countText(members.length, "process", "processes");
  if (isCertain) {
    return isOne
      ? `Deadlock: ${who} waits for a lock that it holds itself, ${time}`
      : `Deadlock: ${who} wait for locks that they hold themselves, ${time}`;
  }
  if (isOne) {
    return `${isAll ? "Nobody can go on" : `${who} cannot go on`}: ` +
      `${isAll ? `${who} waits` : "it waits"} for what nobody else does, ${time}`;
  }
  return isAll
    ? `Nobody can go on: ${who} wait for each other, ${time}`
    : `${who} cannot go on: they wait for each other, ${time}`;
}

/** Words for what ends a wait, by the object's kind and the method. */
const DEEDS: Record<string, string> = {
  "queue get": "put something",
  "queue put": "take something out",
  "queue join": "call task_done()",
  "lock acquire": "release it",
  "pipe recv": "send something",
  "pipe send": "receive something",
  "event wait": "set it",
  "condition wait": "notify it",
  "barrier wait": "come to it",
};

/** Tells of processes and waits. */
class Teller {
  readonly #view: View;
  readonly #place: PlaceText;

  constructor(view: View, place: PlaceText) {
    this.#view = view;
    this.#place = place;
  }

  /** A process's waits, and under each who could end it. */
  tell({ process, blocked }: Member): string[] {
    return blocked.flatMap((one) => [
      `${processText(process)} ${this.wait(one.wait)}`,
      ...this.#help(one, process.number).map((line) => `   ${line}`),
    ]);
  }

  /** "waits in get() of Queue “q” for 1.0 s, at consumer.ts:3:73 in consumer". */
  wait(wait: WaitSnapshot): string {
    return waitText(wait, this.#view, this.#place);
  }

  /** Who could end the wait: those who have the lock, or all who could do something. */
  #help({ wait, helpers }: Blocked, waiting: number): string[] {
    const object = wait.object === null
      ? undefined
      : this.#view.objects.get(wait.object);
    if (object === undefined) {
      const pool = wait.pool === null ? undefined : this.#view.pools.get(wait.pool);
      return pool === undefined ? [] : this.#workers(pool);
    }
    if (helpers.takers !== null) {
      return [...helpers.takers].map((taker) => this.#held(object, taker, waiting));
    }
    const deed = DEEDS[`${object.kind} ${wait.op}`] ?? "do it";
    const others = [...helpers.processes];
    const who = listText(others, (number) => numberText(number, this.#view));
    const isBarrier = object.kind === "barrier" && object.parties !== null;
    const missing = isBarrier
      ? [`${object.waiters.length} of ${object.parties} are there`]
      : [];
    return [
      ...missing,
      who === ""
        ? `no other process has it`
        : `only ${who} could ${deed}, and ${
          helpers.processes.size === 1 ? "waits too" : "they wait too"
        }`,
    ];
  }

  #held(object: ObjectSnapshot, taker: number, waiting: number): string {
    const process = this.#view.processes.get(taker);
    const hold = process?.holds.find((one) => one.object === object.id);
    const takers = object.kind === "lock" ? object.takers : [];
    const age = hold?.age ?? takers.find((one) => one.process === taker)?.age ?? null;
    const who = taker === waiting ? "itself" : numberText(taker, this.#view);
    const time = age === null ? "" : ` for ${durationText(age)}`;
    const place = hold?.place ?? null;
    const where = place === null ? "" : `, acquired at ${this.#place(place)}`;
    return `held by ${who}${time}${where}`;
  }

  #workers(pool: PoolSnapshot): string[] {
    const busy: string[] = [];
    let idle = 0;
    for (const { process, name } of pool.workers) {
      const worker = process === null ? undefined : this.#view.processes.get(process);
      if (worker !== undefined && isIdleWorker(worker)) idle++;
      else busy.push(worker === undefined ? short(name) : processText(worker));
    }
    const lines = [];
    if (busy.length > 0) {
      lines.push(
        `only ${listText(busy, String)} could give it, and ${
          busy.length === 1 ? "waits too" : "they wait too"
        }`,
      );
    }
    if (idle > 0) {
      lines.push(
        `${countText(idle, "worker")} of it ${idle === 1 ? "has" : "have"} no task`,
      );
    }
    if (pool.queued > 0) {
      const verb = pool.queued === 1 ? "waits" : "wait";
      lines.push(`${countText(pool.queued, "task")} of it ${verb} for a worker`);
    }
    return lines;
  }
}
