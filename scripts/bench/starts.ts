/**
 * The starts of processes, by each start method.
 *
 * @module
 */
import process from "node:process";
import { get_context, is_main, type Pool, set_start_method } from "../../mod.ts";
import { ensure_running, set_forkserver_preload } from "../../src/forkserver.ts";
import { rate, reportMedians } from "./report.ts";
import { echo, nothing, pidOf } from "./starts_work.ts";

/** How often each case is measured. */
const TIMES = 9;
/** Processes of a burst. */
const BURST = 20;
/** Milliseconds in which processes are started ahead. */
const PAUSE = 700;

type Context = ReturnType<typeof get_context>;

const spawn = get_context("spawn");
const ahead = get_context("forkserver");

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

async function startAndJoin(ctx: Context): Promise<number> {
  await pause();
  return rate(1, async () => {
    const p = new ctx.Process({ target: nothing });
    p.start();
    await p.join();
  });
}

async function burst(ctx: Context): Promise<number> {
  await pause();
  return rate(BURST, async () => {
    const all = Array.from(
      { length: BURST },
      () => new ctx.Process({ target: nothing }),
    );
    for (const p of all) p.start();
    for (const p of all) await p.join();
  });
}

/** From the making of a pool to its first result. */
async function firstResult(ctx: Context): Promise<number> {
  await pause();
  let pool: Pool | undefined;
  const speed = await rate(1, async () => {
    pool = ctx.Pool(1);
    await pool.apply(echo, [1]);
  });
  pool!.close();
  await pool!.join();
  return speed;
}

/** From the end of a pool's only worker, which is killed, to the next result. */
async function replacement(ctx: Context): Promise<number> {
  const pool = ctx.Pool(1);
  const pid = await pool.apply(pidOf);
  await pause();
  const speed = await rate(1, async () => {
    process.kill(pid, "SIGKILL");
    await pool.apply(pidOf).catch(() => pool.apply(pidOf));
  });
  pool.close();
  await pool.join();
  return speed;
}

if (is_main(import.meta)) {
  set_start_method("spawn");
  set_forkserver_preload([new URL("./starts_work.ts", import.meta.url).href]);
  ensure_running();
  await reportMedians({
    startSpawn: () => startAndJoin(spawn),
    startForkserver: () => startAndJoin(ahead),
    startForkserverOrFork: () => startAndJoin(ahead),
    burstSpawn: () => burst(spawn),
    burstForkserver: () => burst(ahead),
    firstResultSpawn: () => firstResult(spawn),
    firstResultForkserver: () => firstResult(ahead),
    replacementSpawn: () => replacement(spawn),
    replacementForkserver: () => replacement(ahead),
  }, TIMES);
}
