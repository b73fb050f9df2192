/** Programs with a pool; the argument chooses one. */
import process from "node:process";
import { is_main, Pool, Process, Queue } from "../../mod.ts";
import { endOf } from "../cpython/helpers/checks.ts";
import { testTraceback } from "../cpython/helpers/pool_targets.ts";
import { failToStart, openPoolForEver, square } from "../helpers/pool_work.ts";

let problem: { pool: Pool } | undefined;

export function negative(_x: number): never {
  throw new TypeError("negative");
}

const PROGRAMS: Record<string, () => Promise<void>> = {
  /** Callbacks throw, at once and later. */
  async callbacks() {
    const pool = Pool(1);
    const throws = () => {
      throw new RangeError("no thanks");
    };
    const results = [
      pool.apply_async(square, [1], { callback: throws }),
      pool.apply_async(square, [2], {
        callback: () => Promise.reject(new RangeError("later")),
      }),
      pool.apply_async(square, [3]),
    ];
    const failing = pool.apply_async(negative, [-1], {
      error_callback() {
        throw new TypeError("oh");
      },
    });
    await failing.wait();
    const values = await Promise.all(results.map((result) => result.get()));
    console.log(...values, await pool.apply(square, [4]));
    await pool.terminate();
  },

  /** Nothing catches a worker's error. */
  async uncaught() {
    await using pool = Pool(1);
    await pool.apply(testTraceback);
  },

  /** A worker that idles for long, which nothing waits for. */
  async idle() {
    console.log(await Pool({ max: 2, idle: 1e6 }).apply(square, [3]));
  },

  /** The initializer fails. */
  async initializer() {
    const pool = Pool(2, failToStart);
    await pool.map_async(square, [1, 2, 3]).get().catch((error) => {
      console.log(String(error));
      console.log("cause:", (error.cause as Error).stack);
    });
    try {
      pool.apply_async(square, [1]);
    } catch (error) {
      console.log(String(error));
    }
    await pool.join();
  },

  /** A child that has a pool is killed; ends when the pool's worker has. */
  async orphan() {
    const q = Queue<number>();
    const p = new Process({ target: openPoolForEver, args: [q] });
    await p.start();
    const pid = await q.get();
    p.kill();
    await p.join();
    await endOf(pid);
    console.log("gone");
  },

  /** A pool is left open in a global variable. */
  async open() {
    problem = { pool: Pool({ processes: 1 }) };
    console.log((await problem.pool.map(square, [0, 1, 2, 3])).join());
  },
};

if (is_main(import.meta)) await PROGRAMS[process.argv[2]!]!();
