/** Collects garbage, on any runtime. */
import { setImmediate } from "node:timers";
import v8 from "node:v8";
import vm from "node:vm";

// deno-lint-ignore no-explicit-any -- no types of Bun's are at hand
const bun = (globalThis as any).Bun;

function findCollector(): () => void {
  if (bun !== undefined) return () => bun.gc(true);
  v8.setFlagsFromString("--expose-gc");
  return vm.runInNewContext("gc");
}

/** Lets finalizers of all that is garbage now run, as far as the runtime is willing. */
export async function collectGarbage(): Promise<void> {
  const collect = findCollector();
  for (let n = 0; n < 10; n++) {
    collect();
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}
