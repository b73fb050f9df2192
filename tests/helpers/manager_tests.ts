/** Tests with a manager of their own, which has started and is shut down afterwards. */
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

export const MANAGER: Tests<SyncManager> = testsWithManager(() => new SyncManager());

export const MEMORY_MANAGER: Tests<SharedMemoryManager> = testsWithManager(() =>
  new SharedMemoryManager()
);
