/** What the agents run: they are told of this file by `--modules`. */
import { hostname } from "node:os";

export async function square(jobs, results) {
  for await (const x of jobs) {
    await results.put({ x, square: x * x, host: hostname() });
    await jobs.task_done();
  }
}
