/**
 * The program as its own child: see runtime/as_child.ts. When an entry of this package is
 * loaded, the process takes the identity of the child, as `spawn_main` of
 * `multiprocessing/spawn.py` does for frozen programs. The program's modules are evaluated as
 * in any child, where `is_main` is false; then the work runs.
 *
 * The entries of this package import this file. In the root it has what the environment asks
 * for of a program listened to from the beginning on.
 *
 * @module
 */
import "./deferred.ts";
import { runChild } from "./child_program.ts";
import { listenForDumps } from "../link/watched.ts";
import { identity } from "../process/identity.ts";
import { beginEvaluation } from "../runtime/evaluation_context.ts";
import { runtime } from "../runtime/mod.ts";
import { takeChildArgument } from "../runtime/as_child.ts";

/** Settles when the program's modules have been evaluated. */
async function evaluated(): Promise<void> {
  await new Promise<void>((resolve) => runtime.nextTurn(resolve));
  const main = runtime.mainModule;
  if (main === undefined || main.endsWith(".cjs")) return;
  try {
    // It is loaded already, but may await something.
    await import(main);
  } catch {
    // The runtime tells, and ends the process; or the program is no file.
  }
}

const isOwnProgram = identity.parent === null && takeChildArgument();
if (isOwnProgram) {
  runChild(
    new Promise((resolve) => {
      identity.freeze = () => resolve(true);
      // Not at once: what awaits this belongs to the evaluation, the work does not.
      runtime.nextTurn(() => void evaluated().then(() => resolve(false)));
    }),
  );
}
if (identity.parent === null && !isOwnProgram) listenForDumps();
beginEvaluation(isOwnProgram);
