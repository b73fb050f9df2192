/** Tests with a manager of their own, which has started and is shut down afterwards. */
import { Process } from "../../mod.ts";
import { SharedMemoryManager, SyncManager } from "../../src/managers.ts";
import { type Tests, testsWith } from "../suite.ts";
import { LEAKING } from "./groups.ts";

function testsWithManager<M extends SyncManager | SharedMemoryManager>(
  make: () => M,
): Tests<M> {
  return testsWith<M>(LEAKING, async (fn) => {
    await using manager = make();
    await manager.start();
    await fn(manager);
  });
}

const OWN: Tests<SyncManager> = testsWithManager(() => new SyncManager());

/** A kind of managers that stands in for the package's own. */
export interface StandInManager extends Tests<SyncManager> {
  /** Makes a process that can use the manager's objects. */
  Process(target: Any, args: unknown[]): Process;
}

// deno-lint-ignore no-explicit-any -- any function with its own arguments
type Any = (...args: any[]) => unknown;

let standIn: StandInManager | undefined;

/** From now on, all cases with a manager are bound to this kind alone. */
export function bindManagersInstead(kind: StandInManager): void {
  standIn = kind;
}

/** Cases with a manager, of the package's own or the kind that stands in. */
export const MANAGER: Tests<SyncManager> = {
  test: (...given) => (standIn ?? OWN).test(...given),
};

/** A process that can use the objects of the manager. */
export function processFor(target: Any, args: unknown[]): Process {
  return standIn?.Process(target, args) ??
    new Process({ target, args: args as never });
}

export const MEMORY_MANAGER: Tests<SharedMemoryManager> = testsWithManager(() =>
  new SharedMemoryManager()
);
