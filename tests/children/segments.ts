/**
 * Makes segments of shared memory and ends in several ways: how, the name, and whether it
 * is tracked are the arguments.
 */
import process from "node:process";
import { is_main, Process } from "../../mod.ts";
import { SharedMemory } from "../../src/shared_memory.ts";
import { Array as SharedArray, Value } from "../../src/sharedctypes.ts";
import { makeSegment } from "../helpers/shared_memory_targets.ts";
import { addTo } from "../sharedctypes/targets.ts";

/** Keeps a process. */
export async function stay(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

if (is_main(import.meta)) {
  const [how, name, track] = process.argv.slice(2) as [string, string, string?];
  const isTracked = track !== "untracked";
  if (how.startsWith("child")) {
    const child = new Process({ target: makeSegment, args: [name, isTracked] });
    await child.start();
    await child.join();
    console.log("exists", SharedMemory(name).buf[0]);
  } else if (how.startsWith("values")) {
    const value = Value("i", 7), array = SharedArray("d", 4000);
    const child = new Process({ target: addTo, args: [value, 35] });
    await child.start();
    await child.join();
    console.log("value", value.value, array[3999]);
  } else if (how.startsWith("attach")) {
    console.log("exists", SharedMemory(name, { track: isTracked }).buf[0]);
  } else {
    const shm = SharedMemory(name, true, 16, { track: isTracked });
    shm.buf[0] = 7;
    if (how === "unlink") shm.unlink();
    if (how.startsWith("two")) SharedMemory(`${name}_two`, true, 16);
    console.log("exists", shm.buf[0]);
  }
  if (how.endsWith("with_child")) {
    await new Process({ target: stay }).start();
    console.log("ready");
    await stay();
  }
  if (how.endsWith("stay")) {
    console.log("ready");
    await stay();
  }
  if (how.endsWith("throw")) throw new Error("as it happens");
  if (how.endsWith("exit")) process.exit(3);
}
