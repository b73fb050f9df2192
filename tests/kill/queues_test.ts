/**
 * Processes are killed at random instants, and nothing else happens: no item is lost or
 * doubled, nobody hangs, nothing is left behind. `KILL_ROUNDS` and `KILL_SEED` in the
 * environment change how often, and which instants.
 */
import { ok, strictEqual } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { active_children, Process, Queue } from "../../mod.ts";
import { muchUse } from "../../src/hub/claims.ts";
import { endOf, exitcodeOf, raises, runToEnd } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import { QueueArena } from "./queue_arena.ts";
import { random, runRounds } from "./items.ts";
import { endAtOnce } from "./queue_victims.ts";
import { waitFor } from "../cpython/helpers/process_targets.ts";
import { filesLeftOpen, openFiles } from "../helpers/open_files.ts";
import { startProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 300);
const SEED = Number(process.env["KILL_SEED"] ?? 20260501);

const { entries } = muchUse;

/** Items are claimed in files for long, or in mapped memory as soon as can be. */
const ARENAS = (["root", "children"] as const).flatMap((partners) =>
  ["files", "memory"].map((claims) => ({ partners, claims }))
);

for (const { partners, claims } of ARENAS) {
  test(
    `SIGKILL at random instants, partners in ${partners}, claims in ${claims}`,
    () =>
      withFolder(async (folder) => {
        // Spares Node most of the time that it takes to start a process from TypeScript.
        process.env["NODE_COMPILE_CACHE"] ??= folder;
        // Opens the files that stay open for good, and fills that cache.
        await runToEnd(new Process({ target: endAtOnce }));
        const before = openFiles();
        muchUse.entries = claims === "memory" ? 1 : entries;
        try {
          await Promise.all([0, 3].map((maxsize, i) => {
            const seed = random(SEED + 2 * i + (partners === "root" ? 0 : 1));
            const directory = join(folder, `${i}`);
            mkdirSync(directory);
            const arena = new QueueArena({
              maxsize,
              partners,
              random: seed,
              directory,
            });
            return runRounds(arena, Math.ceil(ROUNDS / 8));
          }));
        } finally {
          muchUse.entries = entries;
          if (process.env["NODE_COMPILE_CACHE"] === folder) {
            delete process.env["NODE_COMPILE_CACHE"];
          }
        }
        strictEqual(active_children().length, 0);
        const left = await filesLeftOpen(before);
        ok(left <= before, `${left} open files, before it were ${before}`);
      }),
    { timeout: 600 },
  );
}

test("a consumer that is killed while it waits takes nothing with it", async () => {
  const q = Queue<number>();
  const victims = Array.from(
    { length: 3 },
    () => new Process({ target: waitFor, args: [q] }),
  );
  for (const p of victims) await p.start();
  for (const p of victims) p.kill();
  await q.put(1);
  for (const p of victims) strictEqual(await exitcodeOf(p), -9);
  strictEqual(await q.get(true, 40), 1);
  await raises(() => q.get_nowait(), "Empty");
});

test("SIGKILL of the root ends all of its descendants", async () => {
  const program = startProgram("tests/children/root_with_children.ts");
  await program.waitForOutput("ready\n");
  const pids = program.stdout.split("\n")[0]!.split(" ").map(Number);
  strictEqual(pids.length, 5);
  const start = performance.now();
  program.kill("SIGKILL");
  // All have inherited stderr: its end is the end of the last of them.
  const { code } = await program.finished;
  ok(performance.now() - start < 2000, `took ${performance.now() - start} ms`);
  strictEqual(code, -9);
  for (const pid of pids) await endOf(pid);
});
