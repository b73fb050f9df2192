/**
 * Processes are killed at random instants while they hold locks and the like, or wait for
 * them: nobody else hangs, nobody is inside with another one, no wake-up is lost.
 * `KILL_ROUNDS` and `KILL_SEED` in the environment change how often, and which instants.
 */
import { match, ok, strictEqual } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { active_children } from "../../mod.ts";
import { setLogSink } from "../../src/python/util.ts";
import { processExists } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import { random, runRounds } from "./items.ts";
import { LockArena } from "./lock_arena.ts";
import { test } from "../suite.ts";

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 300);
const SEED = Number(process.env["KILL_SEED"] ?? 20260502);

/** Arenas side by side. */
const ARENAS = 3;

test(
  "SIGKILL of those who hold locks, or wait for them, at random instants",
  async () => {
    const victims = new Set<number>();
    const warnings: string[] = [];
    setLogSink((text) => warnings.push(text));
    const onVictim = (pid: number) => void victims.add(pid);
    const run = (folder: string, i: number) => {
      const directory = join(folder, `${i}`);
      mkdirSync(directory);
      const arena = new LockArena({ random: random(SEED + i), directory, onVictim });
      return runRounds(arena, Math.ceil(ROUNDS / ARENAS));
    };
    await withFolder((folder) =>
      Promise.all(Array.from({ length: ARENAS }, (_, i) => run(folder, i)))
    ).finally(() => setLogSink(undefined));
    strictEqual(active_children().length, 0);
    for (const pid of victims) ok(!processExists(pid));
    // Each of them was a victim's death, and none was reported twice.
    const named = warnings.map((line) => {
      match(line, /^Process-\d+ \(pid \d+\) has ended while it held a lock, which is/);
      return Number(/pid (\d+)/.exec(line)![1]);
    });
    ok(named.every((pid) => victims.has(pid)));
    strictEqual(new Set(named).size, named.length);
  },
  { timeout: 240 },
);
