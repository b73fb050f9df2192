/** Keeps the process alive until a promise settles: the package's own timers do not. */
import { runtime } from "../../src/runtime/mod.ts";

export async function alive<T>(promise: T | Promise<T>): Promise<T> {
  runtime.keepAlive(true);
  try {
    return await promise;
  } finally {
    runtime.keepAlive(false);
  }
}
