/**
 * The folders of arenas, and who takes them away: the root, when nobody holds anything of
 * an arena any more, and all that are left at its end. Where the root is killed, those that
 * hear of it take away their own, and the next program the rest.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";
import { removeSharedDir } from "../runtime/shared_file.ts";

/** How each is taken away. In the root: of all processes; in a child: of its own. */
const kept = new Map<string, (folder: string) => void>();
let removesAtExit = false;

/**
 * A folder that is there, or will be, and goes with this process at the latest. Called in
 * the root for all processes, and elsewhere for what the root cannot find.
 */
export function keepArena(folder: string, remove = removeSharedDir): void {
  kept.set(folder, remove);
  if (removesAtExit) return;
  removesAtExit = true;
  runtime.onExit(removeArenas);
}

/** A folder of this process, which outlives it if others use it: the root knows of it. */
export function ownArena(folder: string): void {
  kept.set(folder, removeSharedDir);
}

/** Nobody uses it any more. */
export function removeArena(folder: string): void {
  const remove = kept.get(folder);
  kept.delete(folder);
  try {
    remove?.(folder);
  } catch {
    // the system does not let go of what is open, or somebody else was quicker
  }
}

/** Nobody uses any of them any more. */
export function removeArenas(): void {
  for (const folder of [...kept.keys()]) removeArena(folder);
}
