// What every runner runs: a name for each cell, and what it does. A cell passes or throws.
import { bound, JoinableQueue, Pool, Process, Queue } from "@pystd/multiprocessing";
import ms from "ms";
import { appendFileSync } from "node:fs";

function equal(actual, expected) {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`${a} is not ${b}`);
}

/** How children are started. */
const flags = process.env.CHILD_FLAGS;
const options = flags === undefined ? {} : { execArgv: flags.split(" ") };

async function withPool(fn) {
  const pool = Pool({ processes: 1, ...options });
  try {
    await fn(pool);
    pool.close();
    await pool.join();
  } finally {
    pool.terminate();
  }
}

/** The cells over the functions of one work module. */
export function cellsOf({ Box, fail, fill, grow, half, kinds, square }) {
  return {
    async "function"() {
      await withPool(async (pool) => {
        equal(await pool.map(square, [1, 2, 3]), [1, 4, 9]);
        equal(await pool.apply(half, [5]), 2.5);
      });
    },
    async process() {
      const queue = Queue();
      const process = new Process({
        target: fill,
        args: [queue, [1, "two", null]],
        ...options,
      });
      process.start();
      equal((await queue.get()).value, [1, "two", null]);
      await process.join();
      equal(process.exitcode, 0);
      const joinable = JoinableQueue();
      await joinable.put(1);
      equal(await joinable.get(), 1);
      await joinable.task_done();
    },
    async method() {
      await withPool(async (pool) => {
        equal(await pool.apply(bound(new Box(4), "twice")), 8);
        equal((await pool.apply(bound(Box, "filled"), [3])).n, 3);
      });
    },
    async instance() {
      await withPool(async (pool) => {
        const grown = await pool.apply(grow, [new Box(1)]);
        equal(grown instanceof Box, true);
        equal(grown.twice(), 4);
      });
    },
    async builtin() {
      await withPool(async (pool) => {
        equal(await pool.map(Math.sqrt, [4, 9]), [2, 3]);
      });
    },
    async "npm function"() {
      await withPool(async (pool) => {
        equal(await pool.apply(ms, ["2 days"]), 172800000);
      });
    },
    async error() {
      await withPool(async (pool) => {
        const error = await pool.apply(fail, ["outer"]).then(() => {}, (e) => e);
        equal(error instanceof RangeError, true);
        equal([error.name, error.message], ["RangeError", "outer"]);
        const { cause } = error;
        for (const word of ["fail", "inner"]) {
          equal(String(cause?.stack).includes(word), true);
        }
      });
    },
    async values() {
      await withPool(async (pool) => {
        const values = [
          new Map([["a", 1]]),
          new Date(5),
          new Uint8Array(3),
          new Set([1, 2]),
        ];
        equal(await pool.apply(kinds, values), [1, 5, 3, 2]);
        const back = await pool.apply(structuredClone, [values[0]]);
        equal(back instanceof Map, true);
      });
    },
  };
}

/** Runs a cell, and notes how it went: the runner itself sees no cell fail. */
async function note(name, cell) {
  let text = "";
  try {
    await cell();
  } catch (error) {
    text = `${error.name}: ${error.message}`;
  }
  appendFileSync(process.env.CELLS_FILE, `${JSON.stringify([name, text])}\n`);
}

/**
 * Registers the cells by a runner's `test`.
 *
 * @param more Functions that another process may not be able to have, by the cell's name.
 */
export function register(test, work, more = {}) {
  const cells = cellsOf(work);
  for (const [name, func] of Object.entries(more)) {
    cells[name] = () =>
      withPool(async (pool) => equal(await pool.apply(func, [3]), 27));
  }
  const language = work.language === "ts" ? "typed " : "";
  for (const [name, cell] of Object.entries(cells)) {
    test(language + name, () => note(language + name, cell));
  }
}
