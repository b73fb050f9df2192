/** Collects garbage, on any runtime. */
import { ok } from "node:assert/strict";
import { setImmediate } from "node:timers";
import v8 from "node:v8";
import vm from "node:vm";
import { runtimeName } from "../suite.ts";

// deno-lint-ignore no-explicit-any -- no types of Bun's are at hand
const bun = (globalThis as any).Bun;

function findCollector(): () => void {
  if (bun !== undefined) return () => bun.gc(true);
  v8.setFlagsFromString("--expose-gc");
  return vm.runInNewContext("gc");
}

/** Collects garbage until something is so: each time takes a while. */
export async function collectUntil(isSo: () => boolean): Promise<void> {
  const collect = findCollector();
  while (!isSo()) {
    collect();
    // Finalizers run some turns later.
    for (let n = 0; n < 20 && !isSo(); n++) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }
}

/** Lets finalizers of all that is garbage now run, as far as the runtime is willing. */
export async function collectGarbage(): Promise<void> {
  const collect = findCollector();
  for (let n = 0; n < 10; n++) {
    collect();
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

/**
 * Has objects made and forgotten, three times, and checks that they are collected. Bun's
 * collector spares what something on the stack looks like a reference to: one time's there.
 *
 * @param make Makes them and gives references that do not keep them.
 */
export async function checkCollected(
  make: () => Promise<WeakRef<object>[]>,
): Promise<void> {
  const rounds: WeakRef<object>[][] = [];
  for (let round = 0; round < 3; round++) rounds.push(await make());
  await collectGarbage();
  const kept = rounds.map((refs) => refs.filter((ref) => ref.deref() !== undefined));
  const count = kept.filter((refs) => refs.length > 0).length;
  ok(
    count <= (runtimeName === "bun" ? 1 : 0),
    `kept: ${kept.map((refs) => refs.length)}`,
  );
}
