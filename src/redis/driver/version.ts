/**
 * Which servers will do: scripts use commands that came with Redis 6.2. Valkey says which
 * version of Redis it is like.
 *
 * @module
 */
import { NotImplementedError } from "../../python/errors.ts";
import { type Connection, textOf } from "./connection.ts";
import { wordOf } from "./errors.ts";

/**
 * Asks the server which it is.
 *
 * @throws {NotImplementedError} if it is too old
 */
export async function checkServer(connection: Connection): Promise<void> {
  let info: string;
  try {
    info = textOf(await connection.send(["INFO", "server"]));
  } catch (error) {
    if (wordOf(error) === "NOPERM") return; // it may not be asked
    throw error;
  }
  checkVersion(info);
}

/** Checks what `INFO` says. @throws {NotImplementedError} if the server is too old */
export function checkVersion(info: string): void {
  const [, version = "", major, minor] =
    /^redis_version:((\d+)\.(\d+)\S*)/m.exec(info) ??
      [];
  if (major === undefined) return;
  if (Number(major) * 100 + Number(minor) >= 602) return;
  throw new NotImplementedError(
    `the server is Redis ${version}: version 6.2 or later is needed, or Valkey`,
  );
}
