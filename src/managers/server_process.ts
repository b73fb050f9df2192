/**
 * The process of a manager's server, as the manager sees it: its first word, and its end.
 *
 * Mirrors `BaseManager._finalize_manager` of `multiprocessing/managers.py`.
 *
 * @module
 */
import type { Process } from "../process/classes.ts";
import { EOFError } from "../python/errors.ts";
import { info } from "../python/util.ts";
import type { Queue } from "../queues/queue.ts";
import type { SocketAddress } from "../runtime/sockets.ts";
import { forget, nativeChannel } from "./protocol/channels.ts";
import type { Started } from "./serve.ts";

/** What the server says first. @throws {EOFError} if it ends without a word */
export async function firstWord(
  server: Process,
  started: Queue<Started>,
): Promise<Started> {
  const over = new AbortController();
  const word = started.get({ signal: over.signal });
  const ended = server.join({ signal: over.signal }).then(async () => {
    // What it has said before is here, or will be in a moment.
    return await started.get({ timeout: 1 }).catch(() => {
      throw new EOFError();
    });
  });
  ended.catch(() => {});
  word.catch(() => {});
  try {
    return await Promise.race([word, ended]);
  } finally {
    over.abort();
  }
}

/** Ends a server process. It must not refer to the manager. */
export async function shutDown(
  server: Process,
  address: SocketAddress,
  authkey: Uint8Array,
  timeout: number,
): Promise<void> {
  if (server.is_alive()) {
    info("sending shutdown message to manager");
    try {
      await nativeChannel(address, authkey).ask("shutdown", []);
    } catch {
      // it is gone, or will be
    }
    await server.join(timeout);
    if (server.is_alive()) {
      info("manager still alive");
      info("trying to `terminate()` manager process");
      server.terminate();
      await server.join(timeout);
      if (server.is_alive()) {
        info("manager still alive after terminate");
        server.kill();
        await server.join();
      }
    }
  }
  forget(address, authkey);
}
