/**
 * Records a trace of what it makes up, and ends as its second argument says. The first one
 * is the file's path.
 */
import process from "node:process";
import { recordIntoFile } from "../../src/inspect/trace_file.ts";
import { is_main, Process } from "../../mod.ts";
import type { Snapshot } from "../../src/inspect/snapshot.ts";

export async function forever(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1e9));
}

function snapshot(): Snapshot {
  return {
    ...{ version: 1, at: Date.now(), program: "trace_file.ts" },
    processes: [{
      ...{ number: 0, pid: process.pid, parent: null, name: "MainProcess" },
      ...{ role: "main", daemon: false, host: null, runtime: "any", state: "running" },
      ...{ age: 0.5, cpu: 0.5, memory: 1, silence: 0, isAlive: null, waits: [] },
      ...{ holds: [], tasks: [] },
    }],
    ...{ objects: [], pools: [], output: [], deadlocks: [], inversions: [] },
  } as unknown as Snapshot;
}

if (is_main(import.meta)) {
  const [path, end] = process.argv.slice(2);
  const looks = {
    onLook: new Set<() => void>(),
    cursor: () => 0,
    snapshotNow: snapshot,
  };
  recordIntoFile(path!, looks);
  for (const tell of looks.onLook) tell();
  switch (end) {
    case "exit":
      process.exit(3);
      break;
    case "throw":
      throw new Error("as it must");
    case "chdir":
      process.chdir("/");
      break;
    case "child": { // is signalled while a child runs
      const child = new Process({ target: forever });
      await child.start();
      console.log("ready");
      await child.join();
      break;
    }
    case "wait": // is signalled without any child
      console.log("ready");
      await forever();
  }
}
