import { bound, dumps, PendingPayload, loads, dumpError, loadError } from "../../src/reduction.ts";
import { helper, Point as P2, default as dd } from "./tasks.ts";
import * as tasks from "./tasks.ts";
import { writeFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import process from "node:process";
export async function work<T>(x: T, n: number = 1): Promise<string> { return `${x}${n}`; }
export const arrow = (a: number, b?: string): number => a * 2;
export class Point { x: number; #secret = 1; constructor(x: number) { this.x = x; } norm(): number { return this.x; } }
export class MyError extends TypeError { extra = 5; }
export default function () { return "default!"; }
function inner() { return "renamed"; }
export { inner as outer };
function notExported() {}
const anon = tasks.makeAnon();

async function send(label: string, v: unknown) {
  const t = performance.now();
  let p: Uint8Array;
  let kind = "sync";
  try {
    const d = dumps(v, { handles: [] });
    if (d instanceof PendingPayload) { kind = "pending"; p = await d.resolve(); } else p = d;
  } catch (e) { console.log(label, "->", kind, (performance.now() - t).toFixed(1) + "ms", (e as Error).name, (e as Error).message); return; }
  const ms = (performance.now() - t).toFixed(1);
  const f = `${process.env.TMPDIR ?? "/tmp"}/mp_payload_${process.pid}`;
  writeFileSync(f, p);
  const bin = process.execPath;
  const r = spawnSync(bin, [...("Deno" in globalThis ? ["run", "-A"] : []), new URL("./child.ts", import.meta.url).pathname, f], { encoding: "utf8" });
  console.log(label, "->", kind, ms + "ms", r.stdout.trim(), r.stderr.trim().split("\n").slice(0, 3).join("|"));
  rmSync(f);
}
if (process.argv[1]?.endsWith("main.ts") || (import.meta as any).main) {
  await send("work", work);
  await send("arrow", arrow);
  await send("Point", new Point(3));
  await send("bound", bound(new Point(4), "norm"));
  await send("outer", inner);
  await send("helper", helper);
  await send("P2", new P2());
  await send("dd", dd);
  await send("reexported", tasks.deep);
  await send("Math.max", Math.max);
  await send("console.log", console.log);
  await send("error", new MyError("boom", { cause: new RangeError("x") }));
  await send("notExported", notExported);
  await send("lambda", () => 1);
  await send("anon", anon);
  await send("promise", Promise.resolve());
  await send("symbol", [Symbol("x")]);
  await send("viaDynamic", (await import("./dyn.ts")).dyn);
  const back = loads(dumps(new Point(1)) as Uint8Array); console.log(back instanceof Point);
  const e = await dumpError(new MyError("remote")); const e2: any = await loadError(e, { withTraceback: true }); console.log(e2 instanceof MyError, e2.extra, e2.cause?.name, e2.message);
}
