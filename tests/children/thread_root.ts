// Has a thread be the root of processes, and prints what it says.
import { Worker as NodeWorker } from "node:worker_threads";

const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
const program = new URL(`../helpers/thread_program${extension}`, import.meta.url);

if (typeof Worker === "undefined") {
  new NodeWorker(program).on("message", (text) => console.log(text));
} else {
  const thread = new Worker(program, { type: "module" });
  thread.addEventListener("message", ({ data }) => {
    console.log(data);
    thread.terminate();
  });
}
