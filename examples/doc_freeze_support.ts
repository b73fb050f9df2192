/**
 * freeze_support() may be called first; it matters to frozen programs only.
 *
 * The same program in Python: `python/doc_freeze_support.py`. Where a line looks
 * different there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { freeze_support, is_main, Process } from "../mod.ts";

/** Says hello. */
export function f(): void {
  console.log("hello world!");
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  await freeze_support();
  new Process({ target: f }).start();
}
