// Ends as a process with children does, once without and once with promises.
import process from "node:process";
import { log_to_stderr } from "../../src/python/log.ts";
import * as util from "../../src/python/util.ts";

const slow = process.argv[2] === "slow";
const result = () => slow ? Promise.resolve() : undefined;
let children = ["Process-1", "Process-2"].map((name, index) => ({
  name,
  daemon: index === 0,
  terminate: () => console.error(`terminate ${name}`),
  join() {
    children = children.filter((child) => child.name !== name);
    console.error(`join ${name}`);
    return result();
  },
}));

log_to_stderr("DEBUG");
for (const exitpriority of [-5, 10]) {
  const say = () => (console.error(`priority ${exitpriority}`), result());
  new util.Finalize(null, say, { exitpriority });
}
const done = util._exit_function(() => children);
console.error(`returned, exiting: ${util.is_exiting()}`);
await done;
await util._exit_function(() => children);
