/**
 * Processes are killed at random instants while they hold locks and the like, or wait for
 * them: nobody else hangs, nobody is inside with another one, no wake-up is lost.
 * `KILL_ROUNDS` and `KILL_SEED` in the environment change how often, and which instants.
 *
 * @module
 */
import { match, ok, strictEqual } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { active_children } from "../../mod.ts";
import { setLogSink } from "../../src/python/util.ts";
import { processExists } from "../cpython/helpers/checks.ts";
import { random } from "./items.ts";
import { runArena } from "./lock_arena.ts";
import { test } from "../suite.ts";

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 300);
const SEED = Number(process.env["KILL_SEED"] ?? 20260502);

/** Arenas side by side. */
const ARENAS = 3;

test(
  "SIGKILL of those who hold locks, or wait for them, at random instants",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "kill-locks-"));
    const victims = new Set<number>();
    const warnings: string[] = [];
    setLogSink((text) => warnings.push(text));
    try {
      await Promise.all(Array.from({ length: ARENAS }, (_, i) => {
        const arena = join(directory, `${i}`);
        mkdirSync(arena);
        return runArena({
          rounds: Math.ceil(ROUNDS / ARENAS),
          random: random(SEED + i),
          directory: arena,
          onVictim: (pid) => void victims.add(pid),
        });
      }));
    } finally {
      setLogSink(undefined);
      rmSync(directory, { recursive: true });
    }
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
