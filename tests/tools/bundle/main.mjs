// A program to be bundled. It writes a line to a file each time that it is evaluated; the
// second argument says what it does.
import { appendFileSync } from "node:fs";
import process from "node:process";
import {
  bound,
  freeze_support,
  is_main,
  Pool,
  Process,
  Queue,
} from "@pystd/multiprocessing";
import { clamp } from "numbers-of";
import { Box, fail, grow, put, square } from "./work.mjs";

const [file, what] = process.argv.slice(2);
appendFileSync(file, `${process.pid}\n`);

const CALLS = {
  "function": [square, 3],
  "method": [bound(new Box(2), "add"), 5],
  "class instance": [grow, new Box(4)],
  "builtin": [Math.abs, -6],
  "function of an npm package": [clamp, 11],
};

function told(value) {
  return value instanceof Box ? `Box ${value.size}` : value;
}

async function inPool() {
  const pool = Pool(2);
  const answers = {};
  for (const [name, [func, argument]] of Object.entries(CALLS)) {
    answers[name] = told(await pool.apply(func, [argument]));
  }
  try {
    await pool.apply(fail);
  } catch (error) {
    const cause = /caused by: (.*)/.exec(error.cause.stack);
    answers.error = `${error.name} ${error.message}, ${cause?.[1]}`;
  }
  await pool.terminate();
  return answers;
}

async function inProcesses() {
  const queue = Queue();
  const answers = {};
  for (const [name, [func, argument]] of Object.entries(CALLS)) {
    const p = new Process({ target: put, args: [queue, func, argument] });
    await p.start();
    answers[name] = told(await queue.get());
    await p.join();
  }
  const p = new Process({ target: fail });
  await p.start();
  await p.join();
  answers.error = p.exitcode;
  return answers;
}

async function whole() {
  console.log(JSON.stringify([await inPool(), await inProcesses()]));
}

/** Starts a pool, as a program without a guard does each time that it is evaluated. */
async function start(way) {
  try {
    const pool = Pool(2);
    console.log(way, ...await pool.map(square, [1, 2]));
    await pool.terminate();
  } catch (error) {
    console.log(error.name, String(error).split("\n")[1]?.trim());
  }
}

if (what === "unguarded") {
  void start("at once");
  setTimeout(start, 1, "timer");
  setImmediate(start, "immediate");
  void Promise.resolve().then(() => new Promise((resolve) => setTimeout(resolve, 2)))
    .then(() => start("after an await"));
} else if (what === "frozen") {
  void freeze_support().then(whole);
} else if (is_main(import.meta)) {
  void whole();
}
