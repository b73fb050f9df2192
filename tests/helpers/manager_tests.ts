/** Tests with a manager of their own. */
import { SyncManager } from "../../src/managers.ts";
import { testsWith } from "../suite.ts";
import { LEAKING } from "./groups.ts";

/** Each is given a manager that has started, and is shut down afterwards. */
export const MANAGER = testsWith<SyncManager>(LEAKING, async (fn) => {
  await using manager = new SyncManager();
  await manager.start();
  await fn(manager);
});
