/**
 * What a program that comes with this package, as the agent, needs of the system: what any
 * program of a user could do by itself.
 *
 * @module
 */
import { builtin } from "./posix.ts";
import type { SignalName } from "./types.ts";

/**
 * Listens to a signal as the program does that a user writes: then nothing else becomes of it.
 * The result ends that.
 */
export function listenAsProgram(name: SignalName, handler: () => void): () => void {
  if ("Deno" in globalThis) {
    Deno.addSignalListener(name as Deno.Signal, handler);
    return () => Deno.removeSignalListener(name as Deno.Signal, handler);
  }
  const process = builtin("node:process");
  process.on(name, handler);
  return () => process.off(name, handler);
}

/** What the system calls this machine. */
export function hostName(): string {
  return builtin("node:os").hostname();
}

/** The path of a folder or file as it is without links. @throws the system's own error */
export function realPath(path: string): string {
  return builtin("node:fs").realpathSync(path);
}

/** The bytes of a file. @throws the system's own error */
export function readBytes(path: string): Uint8Array {
  return new Uint8Array(builtin("node:fs").readFileSync(path));
}
