/**
 * Processes that take a lock in a word of shared memory are killed at random instants: inside,
 * while they wait, right after they were granted it, between freeing it and telling so.
 * Exclusion holds, and the others go on. `KILL_ROUNDS` and `KILL_SEED` in the environment
 * change how often, and which instants.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { active_children, Lock, type Process, Queue, RLock } from "../../mod.ts";
import { setLogSink } from "../../src/python/util.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";
import { switches } from "../../src/runtime/switches.ts";
import { CLAIM_WAIT, exitcodeOf, started } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import type { Acquirable } from "../helpers/word_targets.ts";
import { test } from "../suite.ts";
import { type Arena, random, randomTurns, runRounds } from "./items.ts";
import { survivor, victim } from "./word_victims.ts";

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 150);
const SEED = Number(process.env["KILL_SEED"] ?? 20260611);

const SURVIVORS = 2;
const MOST_VICTIMS = 2;

/** Visits of each survivor in a round, at most. */
const MOST_VISITS = 300;

/** Whether processes have words here: else all is done by the hub. */
const hasWords = switches.words && canMap();

/** A lock, two processes that survive, and round after round of victims. */
class WordArena implements Arena {
  readonly #lock: Acquirable;
  readonly #path: string;
  readonly #random: () => number;
  readonly #orders = Queue<number>();
  readonly #reports = Queue<number[] | string>();
  readonly #survivors: Process[] = [];
  readonly #dead = new Set<number>();
  #lastId = SURVIVORS;

  constructor(lock: Acquirable, path: string, seed: number) {
    this.#lock = lock;
    this.#path = path;
    this.#random = random(seed);
    writeFileSync(path, new Uint8Array(8));
  }

  async open(): Promise<void> {
    for (let id = 1; id <= SURVIVORS; id++) {
      const args = [this.#lock, this.#path, id, this.#orders, this.#reports] as const;
      this.#survivors.push(await started(survivor, args));
    }
  }

  async close(): Promise<void> {
    for (const _ of this.#survivors) await this.#orders.put(-1);
    for (const p of this.#survivors) strictEqual(await exitcodeOf(p), 0);
    ok(await this.#lock.acquire(true, CLAIM_WAIT), "it is never free");
    await this.#lock.release();
  }

  async round(): Promise<void> {
    const next = this.#random;
    const hello = Queue<boolean>();
    const count = next() < 0.7 ? 1 : MOST_VICTIMS;
    const victims: [id: number, process: Process][] = [];
    for (let i = 0; i < count; i++) {
      const id = ++this.#lastId;
      victims.push([id, await started(victim, [this.#lock, this.#path, id, hello])]);
    }
    const isEarly = next() < 0.5;
    const visits = Math.floor(next() * MOST_VISITS);
    const tell = async () => {
      for (const _ of this.#survivors) await this.#orders.put(visits);
    };
    for (const _ of victims) {
      if (next() < 0.9) strictEqual(await hello.get(true, CLAIM_WAIT), hasWords);
    }
    if (isEarly) await tell();
    for (const [id, p] of victims) {
      await randomTurns(next);
      this.#dead.add(id);
      p.kill();
      strictEqual(await exitcodeOf(p), -9);
    }
    if (!isEarly) await tell();
    for (const _ of this.#survivors) await this.#checkReport();
  }

  async #checkReport(): Promise<void> {
    const report = await this.#reports.get(true, CLAIM_WAIT);
    ok(typeof report !== "string", `${report}`);
    for (const id of report) {
      ok(
        this.#dead.delete(id),
        `${id} was found inside, and lives or was found before`,
      );
    }
  }
}

test(
  "SIGKILL of those who have a lock's word, at random instants",
  async () => {
    const warned: string[] = [];
    setLogSink((text) => warned.push(text));
    const locks = [Lock(), RLock()];
    await withFolder((folder) =>
      Promise.all(locks.map((lock, i) => {
        const arena = new WordArena(lock, join(folder, `${i}`), SEED + i);
        return runRounds(arena, Math.ceil(ROUNDS / locks.length));
      }))
    ).finally(() => setLogSink(undefined));
    deepStrictEqual(active_children(), []);
    const pids = warned.map((line) => /pid (\d+)/.exec(line)?.[1]);
    strictEqual(new Set(pids).size, pids.length, "a death was reported twice");
    if (ROUNDS >= 50) ok(warned.length > 0, "no holder was killed");
  },
  { timeout: 240 },
);
