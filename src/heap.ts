/**
 * Mirrors the public part of `multiprocessing/heap.py`: blocks of memory that processes
 * share.
 *
 * What differs: the files that blocks lie in, and which parts of them are free, are the
 * package's own matter, so `Arena` and `Heap` are missing. New programs take `RawArray` or
 * `SharedMemory`.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export { BufferWrapper } from "./sharedctypes/buffer_wrapper.ts";
