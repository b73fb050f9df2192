/**
 * The directory that the process was started in: part of `multiprocessing/process.py`.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";

/**
 * The working directory when this module was loaded; null if there was none. CPython:
 * `multiprocessing.process.ORIGINAL_DIR`.
 */
export const ORIGINAL_DIR: string | null = directory();

function directory(): string | null {
  try {
    return runtime.cwd();
  } catch {
    return null; // it has been removed
  }
}
