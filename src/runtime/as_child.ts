/**
 * The program as its own child. In a bundle this package has no files, and an executable runs
 * nothing but its own program: there is no child entry that could be run. Then a child is the
 * program itself, started with one more argument, as CPython's frozen programs are.
 *
 * @module
 */
import { runtime } from "./mod.ts";
import { builtin } from "./posix.ts";

/** The argument that tells a program that it is a child. It is CPython's. */
export const AS_CHILD = "--multiprocessing-fork";

/** What a child is started with; see `SpawnOptions`. */
export interface ChildProgram {
  entry: string | null;
  args: string[];
}

/**
 * What a child is started with: the child entry, if it is there, or else the program itself;
 * undefined if that is no file.
 *
 * @param executable The program that the user has set to run children with, or null.
 * @param args The arguments that the child's modules are to see.
 */
export function childProgram(
  entry: string,
  executable: string | null,
  args: string[],
): ChildProgram | undefined {
  const again = [AS_CHILD, ...args];
  if (executable === null && isExecutable()) return { entry: null, args: again };
  if (isThere(entry)) return { entry, args };
  const { mainModule } = runtime;
  return mainModule === undefined ? undefined : { entry: mainModule, args: again };
}

/** Whether the program is an executable that holds its modules, and runs nothing else. */
export function isExecutable(): boolean {
  if (runtime.name === "deno") return Deno.build.standalone;
  if (runtime.name === "node") return builtin("node:sea")?.isSea() ?? false;
  // deno-lint-ignore no-explicit-any -- Bun's types are not on the other runtimes
  const { isStandaloneExecutable, main } = (globalThis as any).Bun;
  return isStandaloneExecutable ?? /^(\/\$bunfs|B:[\\/]~BUN)[\\/]/.test(main);
}

/** Whether a module is there, as far as can be told. */
export function isThere(url: string): boolean {
  if (!url.startsWith("file:")) return url !== "";
  const path = new URL(url);
  try {
    if (!("Deno" in globalThis)) builtin("node:fs").statSync(path);
    // Else Deno might ask the user.
    else if (Deno.permissions.querySync({ name: "read", path }).state === "granted") {
      Deno.statSync(path);
    }
    return true;
  } catch (error) {
    const { name, code } = error as { name: string; code?: string };
    return name !== "NotFound" && code !== "ENOENT";
  }
}

/** Takes the argument away, if this program has been started with it; whether it has. */
export function takeChildArgument(): boolean {
  if ("Deno" in globalThis) {
    if (Deno.args[0] !== AS_CHILD) return false;
    Object.defineProperty(Deno, "args", { value: Object.freeze(Deno.args.slice(1)) });
  }
  // Deno has these, too.
  // deno-lint-ignore no-explicit-any -- not in Deno's types
  const { argv } = (globalThis as any).process;
  if (argv[2] !== AS_CHILD) return false;
  argv.splice(2, 1);
  return true;
}

/** Whether this code is in a file, by its URL, where it cannot know its own. */
export function isInFile(url: string | undefined): boolean {
  const { stack } = new Error();
  if (url === undefined || typeof stack !== "string") return false;
  return stack.includes(url) || stack.includes(builtin("node:url").fileURLToPath(url));
}
