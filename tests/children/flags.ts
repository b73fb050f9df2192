/**
 * Prints as JSON with which flags this process and its child run: the words themselves, and
 * on Deno, which does not tell them, what they allow.
 */
import process from "node:process";
import { is_main, Process, Queue } from "../../mod.ts";

const KINDS = ["read", "write", "net", "env", "run", "sys", "ffi", "import"] as const;

/** The flags of this process. */
function flags(): string[] {
  if (!("Deno" in globalThis)) return process.execArgv;
  return KINDS.map((name) => `${name} ${Deno.permissions.querySync({ name }).state}`);
}

/** Tells the flags. */
export async function tellFlags(q: Queue<string[]>): Promise<void> {
  await q.put(flags());
}

if (is_main(import.meta)) {
  const q = Queue<string[]>();
  const p = new Process({ target: tellFlags, args: [q] });
  await p.start();
  console.log(JSON.stringify([flags(), await q.get()]));
  await p.join();
}
