/**
 * The end of a program's shared memory: what is left of it goes with the root, as CPython's
 * `resource_tracker` has it. As long as there is any, the root listens to the signals that
 * would end it without another word. Where it is killed, its children remove what is left.
 *
 * @module
 */
import { repr } from "../python/repr.ts";
import { runtime } from "../runtime/mod.ts";
import { hasShared, removeShared } from "../runtime/program_folder.ts";
import { complain } from "./exit.ts";
import { listenWhileOpen } from "./waiting.ts";

/** Ends the listening. */
let stop: (() => void) | undefined;

/** In the root, when something is shared, or nothing any more: listens, or ends that. */
export function watchShared(): void {
  if (!hasShared()) {
    stop?.();
    stop = undefined;
  } else if (stop === undefined) {
    stop = listenWhileOpen();
    runtime.onExit(endShared);
  }
}

/** Removes what is left, and says which segments that are. */
export function endShared(): void {
  const names = removeShared();
  if (names.length === 0) return;
  complain(
    "UserWarning: resource_tracker: There appear to be " +
      `${names.length} leaked shared_memory objects to clean up at shutdown: ` +
      `${repr(new Set(names.map((name) => `/${name}`)))}\n`,
  );
}
