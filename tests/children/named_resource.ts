/** A semaphore at the top level of a main module, which a child loads too. */
import { is_main, Process, Semaphore } from "../../mod.ts";

export const globalResource = Semaphore();

/** Has loaded this module. */
export function submain(): void {}

if (is_main(import.meta)) {
  const p = new Process({ target: submain });
  await p.start();
  await p.join();
  console.log("exitcode", p.exitcode);
}
