/**
 * Blocks of memory that processes share: where they lie, and how they travel. The class
 * `Block` does what `BufferWrapper` of `multiprocessing/heap.py` does.
 *
 * Every process gives out blocks of arenas of its own, files in memory, at once and without
 * asking the root. The hub counts the handles of a block in all processes: when the last one
 * is gone, the owner of the arena may use its place again. The other half is hub/arena.ts;
 * where the files are and when they go, runtime/program_folder.ts says.
 *
 * @module
 */
import { Handle, type HandleFields, inherited, rebuildHandle } from "../link/handle.ts";
import { ROOT } from "../hub/ids.ts";
import { watchShared } from "../link/program_end.ts";
import { asOSError, RuntimeError, UnpicklingError } from "../python/errors.ts";
import { info } from "../python/util.ts";
import {
  type DumpContext,
  REDUCE_SHARED,
  registerName,
  registerTransferable,
} from "../reduction/mod.ts";
import { mapFile, type Mapping } from "../runtime/mapping/mod.ts";
import { runtime } from "../runtime/mod.ts";
import { arenaPath } from "../runtime/program_folder.ts";
import { makeTempDir, removeDir } from "../runtime/temp.ts";
import { Kind } from "../wire/message.ts";
import { type Extent, Heap } from "./heap.ts";
import { Memory } from "./memory.ts";

/** An arena that this process gives out blocks of. */
class Arena extends Handle {
  readonly size: number;
  /** Where its file is. */
  readonly path: string;
  /** What goes with it. */
  readonly #folder: string;
  readonly mapping: Mapping;
  readonly memory: Memory;
  /** Whether blocks were given back: what they held is still there. */
  isUsed = false;

  constructor(size: number) {
    info("allocating a new mmap of length %d", size);
    // Before the file is made: whatever happens, the hub knows what is to be removed.
    const name = crypto.getRandomValues(new Uint32Array(1))[0]! * 2 ** 16 + 1;
    super(undefined, "Arena", [name]);
    this.size = size;
    const { path, mapping, folder = path } = this.#make(name);
    this.path = path;
    this.mapping = mapping;
    this.#folder = folder;
    this.memory = new Memory(mapping);
    this._listen((_, message) => {
      if (message[0] === Kind.Freed) freed(message[2]);
    });
  }

  /** In memory, or where temporary files are if there is no such place, or no room. */
  #make(name: number): { path: string; mapping: Mapping; folder?: string } {
    try {
      const path = arenaPath(name);
      if (path !== undefined) {
        const mapping = this.#map(path);
        if (this._peer.id === ROOT) watchShared();
        return { path, mapping };
      }
    } catch {
      // no room, for example; nothing is left there
    }
    const folder = makeTempDir();
    runtime.onExit(() => removeDir(folder));
    const path = `${folder}/arena`;
    try {
      return { path, mapping: this.#map(path), folder };
    } catch (error) {
      removeDir(folder);
      this._peer.drop(this._number);
      throw asOSError(error, path);
    }
  }

  #map(path: string): Mapping {
    return mapFile(path, this.size, { create: true });
  }

  /** Nothing is in it, and nothing will be. */
  discard(): void {
    this.mapping.close();
    removeDir(this.#folder);
    this._peer.drop(this._number);
  }
}

const heap = new Heap<Arena>(
  (size) => new Arena(size),
  (arena) => arena.discard(),
);

/** The blocks of this process's arenas that any process holds, by their number. */
const given = new Map<number, Extent<Arena>>();

/** No process holds a block any more. */
function freed(block: number): void {
  const extent = given.get(block);
  if (extent === undefined) return;
  given.delete(block);
  extent.arena.isUsed = true;
  heap.give(extent);
}

/** What of this process's memory is in use. */
export function heapUse(): { arenas: number; bytes: number; blocks: number } {
  const { arenas } = heap;
  const bytes = arenas.reduce((sum, { size }) => sum + size, 0);
  return { arenas: arenas.length, bytes, blocks: given.size };
}

/** Arenas of other processes that are open here, by their paths. */
const open = new Map<string, { mapping: Mapping; memory: Memory; blocks: number }>();

/** Blocks that are garbage leave the arenas of others. */
const collected = new FinalizationRegistry<string>((path) => {
  const arena = open.get(path)!;
  if (--arena.blocks > 0) return;
  arena.mapping.close();
  open.delete(path);
});

function openArena(path: string, size: number): Memory {
  let arena = open.get(path);
  if (arena === undefined) {
    const mapping = mapFile(path, size, { create: false });
    arena = { mapping, memory: new Memory(mapping), blocks: 0 };
    open.set(path, arena);
  }
  arena.blocks++;
  return arena.memory;
}

interface BlockFields extends HandleFields {
  /** The arena's file and its size. */
  path: string;
  arena: number;
  start: number;
  size: number;
}

/** The kind on the wire. */
const BLOCK = "sharedctypes:block";

/** A block keeps its place as long as any process has a handle of it. */
export class Block extends Handle {
  readonly memory: Memory;
  /** Where it begins in the memory. */
  readonly start: number;
  readonly size: number;
  readonly #path: string;

  /** @param size In bytes, which are all 0. */
  constructor(size = 0) {
    const fields = inherited<BlockFields>(new.target);
    if (fields !== undefined) checkFields(fields);
    const extent = fields === undefined ? heap.take(size) : undefined;
    const owned = extent?.arena;
    super(fields?.id, "Block", owned === undefined ? [] : [owned._number]);
    this.start = fields?.start ?? extent!.start;
    this.size = fields?.size ?? size;
    this.#path = fields?.path ?? owned!.path;
    this.memory = owned?.memory ?? openArena(fields!.path, fields!.arena);
    if (extent === undefined) collected.register(this, this.#path);
    else {
      given.set(this._number, extent);
      if (extent.arena.isUsed) this.memory.clear(this.start, size);
    }
  }

  protected override get _kind(): string {
    return BLOCK;
  }

  /** A process on another host shares no memory with this one. */
  override [REDUCE_SHARED](context: DumpContext): [string, HandleFields] {
    if (context.host) {
      throw new RuntimeError(
        "Value and Array are memory of one machine, which a process on " +
          `${context.host} does not share: a manager's Value, Array or Namespace can be sent there`,
      );
    }
    return super[REDUCE_SHARED](context);
  }

  protected override _fields(): Omit<BlockFields, keyof HandleFields> {
    const { start, size, memory } = this;
    return { path: this.#path, arena: memory.size, start, size };
  }
}

function checkFields({ path, arena, start, size }: BlockFields): void {
  const isValid = typeof path === "string" &&
    [arena, start, size].every((n) => Number.isSafeInteger(n) && n >= 0) &&
    start + size <= arena;
  if (!isValid) throw new UnpicklingError("malformed block of shared memory");
}

registerName("sharedctypes:Block", Block);
registerTransferable<BlockFields>(BLOCK, {
  rebuild: (fields) => rebuildHandle(fields),
  inherited: "Synchronized",
});
