/** What processes run in the tests of `SharedMemoryManager`. */
import { Manager, type Queue } from "../../mod.ts";
import { knownGlobal } from "../../src/functions/references.ts";
import type { SocketAddress } from "../../src/runtime/sockets.ts";

// Imports nothing that would load the managers' parts: see whatIsLoaded.
async function connect(address: SocketAddress, authkey: Uint8Array) {
  const { SharedMemoryManager } = await import("../../src/managers.ts");
  const manager = new SharedMemoryManager({ address, authkey });
  await manager.connect();
  return manager;
}

/** Makes a list and a block by a manager that others have started. */
export async function makeByAddress(
  address: SocketAddress,
  authkey: Uint8Array,
  names: Queue<string>,
): Promise<void> {
  const manager = await connect(address, authkey);
  const list = await manager.ShareableList([1, "two", null]);
  await names.put(list.shm.name);
  list.shm.close();
  const shm = await manager.SharedMemory({ size: 16 });
  await names.put(shm.name);
  shm.close();
}

/** Makes blocks until it is killed; tells the first one. */
export async function makeAndDie(
  address: SocketAddress,
  authkey: Uint8Array,
  names: Queue<string>,
): Promise<void> {
  const manager = await connect(address, authkey);
  for (let count = 0; count < 500; count++) {
    const shm = await manager.SharedMemory(8);
    if (count === 3) await names.put(shm.name);
    shm.close();
  }
}

/** Tells whether shared memory is loaded: with a manager, with all of them, with its own. */
export async function whatIsLoaded(said: Queue<boolean[]>): Promise<void> {
  const seen: boolean[] = [];
  const look = () => seen.push(knownGlobal("shared_memory:SharedMemory") !== undefined);
  await using manager = Manager();
  await manager.list([1]);
  look();
  const { SharedMemoryManager } = await import("../../src/managers.ts");
  look();
  await using own = new SharedMemoryManager();
  await own.start();
  (await own.SharedMemory(8)).close();
  look();
  await said.put(seen);
}
