// Prints as JSON what a child finds around itself, and what it found in a grandchild.
import { mkdtempSync, realpathSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Process, SimpleQueue } from "../../mod.ts";
import { describe, type Surroundings } from "../cpython/helpers/environment_targets.ts";

if (import.meta.main) {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "cwd-")));
  process.chdir(directory);
  process.env["SET_BEFORE_START"] = "yes";
  const q = SimpleQueue<Surroundings>();
  const p = new Process({ target: describe, args: [q, 2] });
  await p.start();
  const found = [await q.get(), await q.get()];
  await p.join();
  process.chdir(tmpdir());
  rmdirSync(directory);
  const [, script] = process.argv;
  console.log(JSON.stringify({ script, directory, found, exitcode: p.exitcode }));
}
