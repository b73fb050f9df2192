/**
 * Tells of deadlocks on the channel `pystd.multiprocessing:deadlock`, to whoever listens.
 *
 * @module
 */
import { channelsSoon } from "../runtime/channels.ts";
import type { Deadlock } from "./snapshot.ts";

/** Tells of a deadlock that was found: once for each, by whoever has found it. */
export async function announceDeadlock(deadlock: Deadlock): Promise<void> {
  const channels = await channelsSoon();
  channels.tell("deadlock", () => deadlock);
}
