/**
 * The end of a program's shared memory: what was not unlinked goes with the root, as
 * CPython's `resource_tracker` has it. As long as there is any, the root listens to the
 * signals that would end it without another word.
 *
 * @module
 */
import { repr } from "../python/repr.ts";
import { runtime } from "../runtime/mod.ts";
import { hasSegments, removeSegments } from "../runtime/segments.ts";
import { complain } from "./exit.ts";
import { listenWhileOpen } from "./waiting.ts";

/** Ends the listening. */
let stop: (() => void) | undefined;

/** In the root, when there may be segments, or none any more: listens, or ends that. */
export function watchSegments(): void {
  if (!hasSegments()) {
    stop?.();
    stop = undefined;
  } else if (stop === undefined) {
    stop = listenWhileOpen();
    runtime.onExit(endSegments);
  }
}

/** Removes the segments that are left, and says which. */
export function endSegments(): void {
  const names = removeSegments();
  if (names.length === 0) return;
  complain(
    "UserWarning: resource_tracker: There appear to be " +
      `${names.length} leaked shared_memory objects to clean up at shutdown: ` +
      `${repr(new Set(names.map((name) => `/${name}`)))}\n`,
  );
}
