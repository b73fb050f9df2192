/**
 * One of each lock and the like, two processes that survive, and round after round of
 * victims, which are killed while they hold something, wait for it, or do neither.
 *
 * In every round the survivors must get done what they were told, or be told why not;
 * the log of a round shows that nobody was inside who should not have been.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  Barrier,
  Condition,
  Event,
  Lock,
  type Process,
  Queue,
  RLock,
  Semaphore,
} from "../../mod.ts";
import {
  CLAIM_WAIT,
  exitcodeOf,
  nextTurn,
  started,
} from "../cpython/helpers/checks.ts";
import { type Arena, randomTurns } from "./items.ts";
import {
  type Kind,
  type Order,
  survivor,
  type Things,
  victim,
} from "./lock_victims.ts";

const SURVIVORS = 2;

/** Most victims of a round. */
const MOST_VICTIMS = 2;

/** One more than there can be victims: so a survivor always gets one in the end. */
const PERMITS = MOST_VICTIMS + 1;

const KINDS: Kind[] = ["lock", "rlock", "semaphore", "condition", "event", "barrier"];

/** Options of an arena. */
export interface ArenaOptions {
  random: () => number;
  /** Where the logs are. */
  directory: string;
  /** Told the process id of each victim. */
  onVictim: (pid: number) => void;
}

interface Victim {
  id: number;
  process: Process;
}

/** The locks, and their survivors. */
export class LockArena implements Arena {
  readonly #options: ArenaOptions;
  readonly #things: Things = {
    lock: Lock(),
    rlock: RLock(),
    semaphore: Semaphore(PERMITS),
    condition: Condition(),
    event: Event(),
    // So many never come: it is broken, or aborted by us.
    barrier: Barrier(SURVIVORS + MOST_VICTIMS + 1),
  };
  readonly #orders: Queue<Order | null> = Queue();
  readonly #reports: Queue<unknown> = Queue();
  readonly #hello: Queue<number> = Queue();
  readonly #survivors: Process[] = [];
  /** Numbers of victims: all of them are dead when a round's log is read. */
  readonly #victims = new Set<number>();
  /** Those that have said that they run. */
  readonly #greeted = new Set<number>();
  #lastId = SURVIVORS;

  constructor(options: ArenaOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    for (let id = 1; id <= SURVIVORS; id++) {
      const args = [this.#things, id, this.#orders, this.#reports] as const;
      this.#survivors.push(await started(survivor, args));
    }
  }

  async close(): Promise<void> {
    for (const _ of this.#survivors) await this.#orders.put(null);
    for (const p of this.#survivors) strictEqual(await exitcodeOf(p), 0);
  }

  async round(round: number): Promise<void> {
    const { random, directory } = this.#options;
    const kind = KINDS[Math.floor(random() * KINDS.length)]!;
    const log = join(directory, `${round}`);
    writeFileSync(log, "");
    this.#victims.clear();
    const count = Math.floor(random() * 20);
    const tellSurvivors = async () => {
      for (const _ of this.#survivors) await this.#orders.put({ kind, count, log });
    };
    const early = kind === "condition" || random() < 0.5;
    if (early) await tellSurvivors();
    const number = random() < 0.7 ? 1 : MOST_VICTIMS;
    if (kind === "condition") await this.#untilAllSleep();
    const victims = await Promise.all(
      Array.from({ length: number }, () => this.#start(kind, log)),
    );
    if (!early) await tellSurvivors();
    if (kind === "condition") await this.#kill(victims, () => this.#notify());
    else await this.#kill(victims);
    await this.#end(kind, () => readFileSync(log, "utf8").split("\n").slice(0, -1));
    rmSync(log);
  }

  async #start(kind: Kind, log: string): Promise<Victim> {
    const id = ++this.#lastId;
    this.#victims.add(id);
    const process = await started(victim, [this.#things, kind, id, log, this.#hello]);
    this.#options.onVictim(process.pid!);
    return { id, process };
  }

  /** Lets them be for a random while, which may be none, and kills them one by one. */
  async #kill(victims: Victim[], meanwhile = async () => {}): Promise<void> {
    const { random } = this.#options;
    for (const { id, process } of victims) {
      if (random() < 0.9) {
        while (!this.#greeted.has(id)) {
          this.#greeted.add(await this.#hello.get(true, CLAIM_WAIT));
        }
      }
      await randomTurns(random);
      const done = meanwhile();
      if (random() < 0.5) await randomTurns(random);
      process.kill();
      strictEqual(await exitcodeOf(process), -9);
      await done;
    }
  }

  async #end(kind: Kind, lines: () => string[]): Promise<void> {
    const { lock, rlock, semaphore, event, barrier } = this.#things;
    switch (kind) {
      case "lock":
      case "rlock": {
        await this.#expect("done");
        ok(await this.#things[kind].acquire(true, CLAIM_WAIT), `${kind} is never free`);
        await (kind === "lock" ? lock : rlock).release();
        return this.#checkExclusion(lines());
      }
      case "semaphore": {
        await this.#expect("done");
        this.#checkLimit(lines());
        // What the dead had acquired is missing for good.
        const missing = PERMITS - await semaphore.get_value();
        ok(missing >= 0 && missing <= this.#victims.size, `${missing} are missing`);
        for (let n = 0; n < missing; n++) await semaphore.release();
        return;
      }
      case "condition":
        return await this.#endCondition(lines);
      case "event":
        await event.set();
        await this.#expect(true);
        return await event.clear();
      case "barrier":
        if (!await barrier.broken) await barrier.abort();
        await this.#expect("BrokenBarrierError");
        await barrier.reset();
        strictEqual(await barrier.n_waiting, 0);
    }
  }

  /** Every survivor reports this. */
  async #expect(report: unknown): Promise<void> {
    for (const _ of this.#survivors) {
      deepStrictEqual(await this.#reports.get(true, CLAIM_WAIT), report);
    }
  }

  #sleepers(): number {
    return Number(/, (\d+)\)>$/.exec(String(this.#things.condition))![1]);
  }

  async #untilAllSleep(): Promise<void> {
    while (this.#sleepers() < SURVIVORS) await nextTurn();
  }

  async #notify(): Promise<void> {
    await this.#things.condition.with(() => this.#things.condition.notify());
  }

  /** Every wake-up has reached a survivor, or a victim that has written it down. */
  async #endCondition(lines: () => string[]): Promise<void> {
    const { condition } = this.#things;
    const wakeUps = this.#victims.size;
    await condition.acquire(); // all that were woken have had the lock before
    const awake = SURVIVORS - this.#sleepers();
    ok(awake >= wakeUps - lines().length, "a wake-up is lost");
    ok(awake <= wakeUps, "a wake-up is doubled");
    await condition.notify_all();
    await condition.release();
    await this.#expect(true);
  }

  /** Nobody was inside with another one, and no dead one came back. */
  #checkExclusion(lines: string[]): void {
    let inside: number | undefined;
    const dead = new Set<number>();
    for (const line of lines) {
      const id = Number(line.slice(2));
      ok(!dead.has(id), `${id} was still inside when another one came`);
      if (line.startsWith("E")) {
        if (inside !== undefined) {
          ok(this.#victims.has(inside), `${id} came while ${inside} was inside`);
          dead.add(inside);
        }
        inside = id;
      } else {
        strictEqual(inside, id);
        inside = undefined;
      }
    }
  }

  /** Never were there more inside than may be. */
  #checkLimit(lines: string[]): void {
    let inside = 0;
    for (const line of lines) {
      inside += line.startsWith("E") ? 1 : -1;
      ok(inside <= PERMITS, "too many inside");
    }
  }
}
