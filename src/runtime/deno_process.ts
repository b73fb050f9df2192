/**
 * Deno's part of Node, which it loads when a program first asks for `process`: that takes
 * milliseconds, so nothing here is the first to ask.
 *
 * @module
 */
import { fileUrl } from "./paths.ts";

/** The global `process`, on the other runtimes too. */
// deno-lint-ignore no-explicit-any -- Node's types are not at hand here
export function processOfNode(): any {
  // deno-lint-ignore no-explicit-any -- as above
  return (globalThis as any).process;
}

/** Whether the program has loaded Deno's part of Node; reading `process` loads it. */
export function hasProcess(): boolean {
  // deno-lint-ignore no-explicit-any -- what Deno keeps for itself
  const { internal } = Deno as any;
  // deno-lint-ignore no-explicit-any -- as above
  return Boolean((Deno as any)[internal]?.__nodeProcessBootstrapped);
}

/** The frame of a stack, after that of a getter, which tells that Deno's part of Node asks. */
const ASKED_BY_NODE = /^[^\n]*\n[^\n]*\n[^\n]*\(node:process:/;

/**
 * Sets `process.argv[1]`. Deno's part of Node takes that from `Deno.mainModule`, when it is
 * loaded or each time: so that is another one to Node, and the same as before to all others,
 * who ask it what really runs.
 *
 * @param script A path, or the URL of what is no file.
 */
export function setArgvScript(script: string): void {
  if (hasProcess()) {
    processOfNode().argv[1] = script;
    return;
  }
  const own = Object.getOwnPropertyDescriptor(Deno, "mainModule")!;
  const url = /^\w+:\/\//.test(script) ? script : fileUrl(script);
  Object.defineProperty(Deno, "mainModule", {
    ...own,
    get() {
      const { stack } = new Error();
      return ASKED_BY_NODE.test(String(stack)) ? url : own.get!.call(Deno);
    },
  });
}
