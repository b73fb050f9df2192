// Tidies up until it is interrupted again; with an argument it waits for a child and ends.
import process from "node:process";
import { Event, Process, Queue } from "../../mod.ts";

export async function wait(): Promise<void> {
  process.on("SIGINT", () => {});
  console.log("ready");
  await Event().wait();
}

export async function pause(): Promise<void> {
  console.log("ready");
  await Event().wait(1);
}

if (import.meta.main) {
  const isOnce = process.argv.length > 2;
  const p = new Process({ target: isOnce ? pause : wait });
  p.start();
  try {
    await p.join();
    console.log("done");
  } finally {
    if (!isOnce) {
      console.log("tidying up");
      await Queue().get();
      console.log("never here");
    }
  }
}
