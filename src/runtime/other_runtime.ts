/**
 * Children on another runtime than this process's own: `set_executable` names a program, and
 * its file's name tells which runtime that is. They get none of this process's flags, which
 * that runtime would not understand, and so all that the user may do. Flags that are given
 * for them are theirs.
 *
 * @module
 */
import { pathOf } from "./paths.ts";
import type { Runtime, SpawnOptions } from "./types.ts";

type Name = Runtime["name"];

/** Which runtime a program is, by the name of its file; undefined if that does not tell. */
export function runtimeOf(executable: string): Name | undefined {
  return /(?:^|[/\\])(deno|bun|node)[^/\\]*$/i.exec(executable)?.[1]?.toLowerCase() as
    | Name
    | undefined;
}

/**
 * What stands before the child's own arguments where the program is another runtime;
 * undefined where it is `own`, or not known.
 *
 * @throws {Error} if the child is to have less than all permissions
 */
export function argumentsForOther(
  own: Name,
  { executable, grants, entry, flags = [], command }: SpawnOptions,
): string[] | undefined {
  if (command !== undefined) return command.slice(1);
  const other = executable === undefined ? own : runtimeOf(executable) ?? own;
  if (other === own && entry !== null) return undefined;
  if (grants !== undefined) {
    const runner = entry === null ? "an executable" : other;
    const text = `${own} cannot limit the permissions of a process that ${runner} runs`;
    throw Object.assign(new Error(text), { code: "EPERM" });
  }
  if (entry === null) return [];
  return runtimeArguments(other, flags, entry);
}

/** The arguments by which a runtime runs a module, by its URL, with all permissions. */
export function runtimeArguments(
  name: Name,
  flags: readonly string[],
  entry: string,
): string[] {
  if (name === "deno") return ["run", "-A", ...flags, entry];
  return [...flags, entry.startsWith("file:") ? pathOf(entry) : entry];
}
