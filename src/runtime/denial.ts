/**
 * Whether this process may use the network: Deno and Node refuse to listen in a later
 * turn, where nobody can catch it and the process ends. So it is asked before.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/** @throws an error with the code `EACCES`, or that of looking up the host */
export async function checkListening(
  address: string | readonly [host: string, port: number],
): Promise<void> {
  if (typeof address === "string") return; // of paths the runtimes tell at once
  const [host, port] = address;
  const isAllowed = "Deno" in globalThis
    ? await mayListenOnDeno(host, port)
    : mayUseNetOnNode();
  if (isAllowed) return;
  throw denied(`Requires net access to "${host}:${port}", see --allow-net`);
}

async function mayListenOnDeno(host: string, port: number): Promise<boolean> {
  const { permissions } = Deno;
  if (permissions.querySync({ name: "net" }).state === "granted") return true;
  // Deno looks at the address, not at the name.
  const { address, family } = await builtin("node:dns").promises.lookup(host);
  const place = `${family === 6 ? `[${address}]` : address}:${port}`;
  const { state } = await permissions.request({ name: "net", host: place });
  return state === "granted";
}

function mayUseNetOnNode(): boolean {
  // deno-lint-ignore no-explicit-any -- the types of Node are not at hand here
  const { permission, allowedNodeEnvironmentFlags } = (globalThis as any).process;
  // Where there is no such flag, the network is free.
  return permission === undefined || permission.has("net") ||
    !allowedNodeEnvironmentFlags.has("--allow-net");
}

/** Gives the runtimes' own refusals the code of the system's. */
export function withDenial(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, code } = error as { name: string; code?: unknown };
  const isDenial = name === "NotCapable" || code === "ERR_ACCESS_DENIED";
  return isDenial ? denied(error.message, error) : error;
}

function denied(message: string, cause?: Error): Error {
  return Object.assign(new Error(message, cause && { cause }), { code: "EACCES" });
}
