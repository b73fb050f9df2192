/**
 * A program that breaks its own streams before each start of a process or thread, or has
 * threads break them: `processes own`, `threads own`, `threads theirs`. It ends with 0 if
 * all of them do their work.
 */
import process from "node:process";
import { is_main, Process, Queue } from "../../mod.ts";
import * as dummy from "../../src/dummy.ts";
import { breakOwn, breakStream, echo } from "../cpython/helpers/process_targets.ts";

if (is_main(import.meta)) {
  const [kind, whose] = process.argv.slice(2);
  let done = 0;
  for (const stream of ["stdout", "stderr"] as const) {
    for (const action of ["close", "remove"] as const) {
      if (whose === "own") breakOwn(stream, action);
      const q = kind === "threads" ? dummy.Queue<unknown>() : Queue<unknown>();
      const work = whose === "own"
        ? { target: echo, args: [q, action] }
        : { target: breakStream, args: [q, stream, action] };
      const p = kind === "threads"
        ? new dummy.Process(work as never)
        : new Process(work as never);
      await p.start();
      if (await q.get(true, 30) === action) done++;
      await p.join();
      if (p.exitcode !== 0) done = -10;
    }
  }
  process.exitCode = done === 4 ? 0 : 1;
}
