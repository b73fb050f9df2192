/**
 * Mirrors `SharedMemoryManager` of `multiprocessing/managers.py`: a manager whose server
 * unlinks at its end all shared memory that was made by the manager.
 *
 * @module
 */
import { isUint8Array } from "../runtime/brands.ts";
import { parseArguments, REQUIRED, signature } from "../python/arguments.ts";
import { debug } from "../python/util.ts";
import { runtime } from "../runtime/mod.ts";
import type {
  ShareableList,
  ShareableValue,
  Widened,
} from "../shared_memory/shareable_list.ts";
import type { SharedMemory } from "../shared_memory/shared_memory.ts";
import { BaseManager } from "./manager.ts";
import type { ManagerOptions, RegisteredType } from "./options.ts";
import type { Channel } from "./protocol/channel.ts";
import { loadShared } from "./run_server.ts";
import type { ServerKind } from "./server_process.ts";

const SHARED_MEMORY = signature<{ size: unknown }>(
  "SharedMemoryManager.SharedMemory",
  { size: REQUIRED },
);
const SHAREABLE_LIST = signature<{ sequence: unknown }>(
  "SharedMemoryManager.ShareableList",
  { sequence: REQUIRED },
);

/** What a manager makes. */
type Made = SharedMemory | ShareableList;

type Shared = Awaited<ReturnType<typeof loadShared>>;

/**
 * Makes shared memory that is unlinked when the manager shuts down, at the latest when the
 * process that has started it has ended, in whatever way. CPython:
 * `multiprocessing.managers.SharedMemoryManager`; the constructor is that of
 * {@linkcode BaseManager}.
 *
 * What differs: both methods are awaited. The server ends with the process that has started
 * it, also where that is killed. Shared memory that was unlinked by hand is no error at
 * `shutdown`. A program that only connects to the manager removes nothing of what the
 * manager keeps at its own end.
 *
 * @example
 * ```ts
 * import { is_main } from "@pystd/multiprocessing";
 * import { SharedMemoryManager } from "@pystd/multiprocessing/managers";
 * if (is_main(import.meta)) {
 *   await using smm = new SharedMemoryManager();
 *   await smm.start();
 *   const shm = await smm.SharedMemory(128);
 *   shm.buf[0] = 42;
 *   const list = await smm.ShareableList(["alpha", 1.5]);
 *   console.log(list[0]); // alpha
 * }
 * ```
 */
export class SharedMemoryManager extends BaseManager {
  /** The registered types: none, to begin with. */
  static override _registry: Map<string, RegisteredType> = new Map();

  /** The name of the servers' class. */
  static override readonly _Server: ServerKind = "SharedMemoryServer";

  /**
   * Neither started nor connected yet; see {@linkcode BaseManager}.
   *
   * @param options See {@linkcode ManagerOptions}.
   * @throws {TypeError} if the key is not bytes
   * @throws {KeyError} for a serializer other than `pickle` and `cbor`
   */
  constructor(options?: ManagerOptions);
  /** The same in Python's order. */
  constructor(
    address?: ManagerOptions["address"],
    authkey?: Uint8Array | null,
    serializer?: string,
    ctx?: ManagerOptions["ctx"],
    options?: { shutdown_timeout?: number },
  );
  constructor(...given: unknown[]) {
    super(...given as []);
    debug("%s created by pid %d", this.constructor.name, runtime.pid);
  }

  /**
   * Makes a block of shared memory, which the server keeps. CPython:
   * `SharedMemoryManager.SharedMemory`.
   *
   * @param size How many bytes it has.
   * @returns The block, opened in this process.
   * @throws {ValueError} if the size is not positive, or the manager has no address yet
   * @throws {OSError} if there is no room for it, or no server
   * @throws {RemoteError} if the server cannot keep it
   */
  SharedMemory(size: number | bigint): Promise<SharedMemory>;
  /** The same with the size, in bytes, by name. */
  SharedMemory(options: { size: number | bigint }): Promise<SharedMemory>;
  async SharedMemory(...given: unknown[]): Promise<SharedMemory> {
    const { size } = parseArguments(SHARED_MEMORY, given);
    return await this.#make(({ SharedMemory }) =>
      SharedMemory({ create: true, size: size as number })
    );
  }

  /**
   * Makes a list in shared memory, which the server keeps. CPython:
   * `SharedMemoryManager.ShareableList`.
   *
   * @param sequence The items, as they are now.
   * @returns The list, opened in this process.
   * @throws {KeyError} `<class 'list'>`: an item cannot be held
   * @throws {ValueError} if the manager has no address yet
   * @throws {OSError} if there is no room for it, or no server
   * @throws {RemoteError} if the server cannot keep it
   */
  ShareableList<T extends ShareableValue = ShareableValue>(
    sequence: Iterable<T> | null,
  ): Promise<ShareableList<Widened<T>>>;
  /** The same with the items by name. */
  ShareableList<T extends ShareableValue = ShareableValue>(
    options: { sequence: Iterable<T> | null },
  ): Promise<ShareableList<Widened<T>>>;
  async ShareableList(...given: unknown[]): Promise<ShareableList> {
    const { sequence } = parseArguments(SHAREABLE_LIST, given);
    const items = asItIsNow(sequence);
    return await this.#make(({ ShareableList }) => ShareableList(items as []));
  }

  /** Makes a thing once there is a server, and hands it over. */
  async #make<T extends Made>(make: (shared: Shared) => T): Promise<T> {
    const [channel, shared] = await Promise.all([this._reach(), loadShared()]);
    const made = make(shared);
    const shm = segmentOf(made);
    await handOver(shm, channel);
    shared.unregister(shm.name);
    return made;
  }
}

function segmentOf(made: Made): SharedMemory {
  return "shm" in made ? made.shm : made;
}

/**
 * Has the server keep a segment. From the time when it was made until then it is this
 * program's, so that it is never without an owner.
 */
async function handOver(shm: SharedMemory, channel: Channel): Promise<void> {
  try {
    await channel.ask("track_segment", [shm.name]);
  } catch (error) {
    shm.close();
    shm.unlink();
    throw error;
  }
}

/** The items of a sequence, which may change before the list is made. */
function asItIsNow(sequence: unknown): unknown {
  if (typeof sequence !== "object" || sequence === null) return sequence;
  const isIterator = typeof (sequence as Iterator<unknown>).next === "function";
  if (isIterator || !(Symbol.iterator in sequence)) return sequence;
  return Array.from(
    sequence as Iterable<unknown>,
    (item) => isUint8Array(item) ? item.slice() : item,
  );
}
