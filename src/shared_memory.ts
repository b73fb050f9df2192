/**
 * Mirrors `multiprocessing/shared_memory.py`: `SharedMemory`, `ShareableList`.
 *
 * On Linux a segment is that of POSIX, which any program opens by its name. Where a
 * runtime maps memory, `buf` is the memory itself; elsewhere it is read and written as a
 * file: see runtime/mapping/mod.ts.
 *
 * What differs: space is reserved when a segment is made; a program removes at its end
 * the segments that it has made, and no others; a negative index below `-length` raises.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export {
  type Indexed,
  ShareableList,
  type ShareableListClass,
  type ShareableListConstructor,
  type ShareableValue,
  type Widened,
} from "./shared_memory/shareable_list.ts";
export {
  SharedMemory,
  type SharedMemoryClass,
  type SharedMemoryConstructor,
  type SharedMemoryOptions,
} from "./shared_memory/shared_memory.ts";
