/**
 * The permission to use the network. Deno and Node refuse to listen in a later turn, where
 * the error cannot be caught and ends the process, so the permission is checked before.
 *
 * @module
 */
import { isError } from "./brands.ts";
import { builtin, nodeProcess } from "./posix.ts";

/** @throws an error with the code `EACCES`, or that of looking up the host */
export async function checkListening(
  address: string | readonly [host: string, port: number],
): Promise<void> {
  if (typeof address === "string") return; // for paths the runtimes fail at once
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
  const { permission, allowedNodeEnvironmentFlags } = nodeProcess;
  // Without such a flag Node does not restrict the network.
  return permission === undefined || permission.has("net") ||
    !allowedNodeEnvironmentFlags.has("--allow-net");
}

/** Gives the runtimes' own refusals the code of the system's. */
export function withDenial(error: unknown): unknown {
  if (!isError(error)) return error;
  const { name, code } = error as { name: string; code?: unknown };
  const isDenial = name === "NotCapable" || code === "ERR_ACCESS_DENIED";
  return isDenial ? denied(error.message, error) : error;
}

function denied(message: string, cause?: Error): Error {
  return Object.assign(new Error(message, cause && { cause }), { code: "EACCES" });
}
