/** The program: its processes run where there are agents, and here if there are none. */
import process from "node:process";
import { get_context } from "@pystd/multiprocessing/redis";
import { square } from "./work.js";

const { MULTIPROCESSING_REDIS_URL: url, MULTIPROCESSING_AUTHKEY: key } = process.env;
const authkey = key ? new TextEncoder().encode(key) : null;
const mp = get_context("redis", { url, name: "squares", authkey });

const jobs = mp.JoinableQueue({ redeliver: 3 });
const results = mp.Queue();
const workers = [1, 2, 3, 4].map(() =>
  new mp.Process({ target: square, args: [jobs, results] })
);
for (const worker of workers) await worker.start();
for (let x = 1; x <= 20; x++) await jobs.put(x);
let sum = 0;
for (let x = 1; x <= 20; x++) sum += (await results.get()).square;
console.log("the sum of the squares is", sum);
await jobs.join();
await jobs.shutdown(); // ends the loops of the workers
for (const worker of workers) await worker.join();
await mp.shutdown();
