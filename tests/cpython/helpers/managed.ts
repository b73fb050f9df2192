/**
 * A test with a manager of its own, and how its proxies are counted with.
 *
 * @module
 */
import { Process } from "../../../mod.ts";
import { type QueueProxy, SyncManager } from "../../../src/managers.ts";
import type { Target } from "../../../src/process.ts";
import { test } from "../../suite.ts";
import { exitcodeOf } from "./checks.ts";

/** Why Deno's checks for leaks are off where managers are used. */
export const LEAKS = "sockets of managers are closed in their own time";

/**
 * Registers a test that is given a manager, which is shut down afterwards.
 *
 * @param initializer What the server runs first. It loads the module of that, and so what
 * clients may name; otherwise it would load the test file.
 */
export function managed(
  name: string,
  fn: (manager: SyncManager) => Promise<void>,
  timeout?: number,
  initializer: (() => void) | null = null,
): void {
  test(name, async () => {
    const manager = new SyncManager();
    await manager.start(initializer);
    try {
      await fn(manager);
    } finally {
      await manager.shutdown();
    }
  }, { leaks: LEAKS, timeout });
}

/** Starts daemons that run a function, and gives them. */
export async function startAll(
  count: number,
  // deno-lint-ignore no-explicit-any -- any target with its own arguments
  target: (...args: any[]) => unknown,
  args: unknown[],
): Promise<Process[]> {
  const processes = Array.from({ length: count }, () => {
    return new Process({ target: target as Target, args, daemon: true });
  });
  for (const p of processes) await p.start();
  return processes;
}

/** Waits for processes that are to end well. @throws {Error} if one does not */
export async function endAll(processes: readonly Process[]): Promise<void> {
  for (const p of processes) {
    const exitcode = await exitcodeOf(p);
    if (exitcode !== 0) throw new Error(`${p.name} ended with ${exitcode}`);
  }
}

/** All that is in a queue now. */
export async function drain<T>(queue: QueueProxy<T>): Promise<T[]> {
  const items: T[] = [];
  while (!await queue.empty()) items.push(await queue.get());
  return items;
}
