/**
 * A port of this machine that is free now, found without waiting: the flags of a child that
 * is started at once name it. Only the root needs this file.
 *
 * @module
 */
import { builtin } from "./posix.ts";

/** Where debuggers are listened to. */
const HOST = "127.0.0.1";

/** The last port there is. */
const LAST = 65535;

/**
 * The first free port.
 *
 * @param from The first that is tried; 0 for any.
 * @param taken Ports that are not free, whether or not something listens there by now.
 * @throws {Error} with the code `EADDRINUSE`, if there is none
 */
export function freePort(from: number, taken: ReadonlySet<number>): number {
  for (let port = from; port <= LAST;) {
    const found = taken.has(port) ? undefined : tryPort(port);
    if (found !== undefined && !taken.has(found)) return found;
    if (from !== 0) port++;
  }
  const text = `no port from ${from} on is free`;
  throw Object.assign(new Error(text), { code: "EADDRINUSE" });
}

/** The port, or that which the system gives for 0; undefined if it is not free. */
function tryPort(port: number): number | undefined {
  return "Deno" in globalThis
    ? tryOnDeno(port)
    : "Bun" in globalThis
    ? tryOnBun(port)
    : tryOnNode(port);
}

function tryOnDeno(port: number): number | undefined {
  try {
    const listener = Deno.listen({ hostname: HOST, port });
    const { port: found } = listener.addr as Deno.NetAddr;
    listener.close();
    return found;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    // There is no permission to try: then the child will tell.
    if (port !== 0) return port;
    throw error;
  }
}

function tryOnBun(port: number): number | undefined {
  // deno-lint-ignore no-explicit-any -- no types of Bun's are at hand
  const { Bun } = globalThis as any;
  try {
    const listener = Bun.listen({ hostname: HOST, port, socket: { data() {} } });
    const { port: found } = listener;
    listener.stop(true);
    return found;
  } catch {
    return undefined;
  }
}

/** Node binds at once where it need not look up a host's name, and tells of it later. */
function tryOnNode(port: number): number | undefined {
  const server = builtin("node:net").createServer();
  server.on("error", () => {}).unref();
  server.listen({ port, exclusive: true });
  const found = server.address()?.port;
  server.close();
  return found;
}
