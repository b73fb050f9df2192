/**
 * What the root does for every process that it starts, wherever that is.
 *
 * @module
 */
import { asOSError, PermissionError, RuntimeError } from "../python/errors.ts";
import { type ChildProgram, childProgram } from "../runtime/as_child.ts";
import { isFolder } from "../runtime/program_folder.ts";
import { type Child, runtime, type SpawnOptions } from "../runtime/mod.ts";
import { type LaunchConfig, launching } from "./launch.ts";

/** Why no child can be started, in `node -e CODE` for instance. */
const NO_PROGRAM = "this package is part of a bundle, whose children run the program " +
  "again: but the program is no file";

/** What begins a child's frames: random. */
export function newMark(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/** What a child runs. @throws {RuntimeError} if there is nothing */
export function programOf({ executable, args }: LaunchConfig): ChildProgram {
  const program = childProgram(launching.entry, executable, args);
  if (program === undefined) throw new RuntimeError(NO_PROGRAM);
  return program;
}

/** Starts a program. @throws {PermissionError | OSError} */
export function spawnChild(options: SpawnOptions): Child {
  try {
    return runtime.spawn(options);
  } catch (error) {
    if ((error as Error).name === "NotCapable") {
      throw new PermissionError((error as Error).message, { cause: error });
    }
    const { executable, cwd, command } = options;
    const program = executable ?? command?.[0];
    throw asOSError(error, cwd === undefined || isFolder(cwd) ? program : cwd);
  }
}
