/** A module that does something when it is loaded, and the same when it is called. */
import { isBootstrapping } from "../../src/runtime/evaluation.ts";

export async function call(): Promise<string[]> {
  const seen: string[] = [];
  const look = (name: string) => void seen.push(`${name}: ${isBootstrapping()}`);
  look("sync");
  await new Promise<void>((resolve) =>
    queueMicrotask(() => {
      look("microtask");
      setTimeout(() => {
        look("timer");
        resolve();
      }, 1);
    })
  );
  look("after an await");
  return seen;
}

export const later: Promise<string[]> = call();
