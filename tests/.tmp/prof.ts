import { dumps } from "../../src/reduction.ts";
import { candidates, sourceOf, findNow } from "../../src/reduction/find.ts";
import { callingModules } from "../../src/reduction/call_stack.ts";
import { knownReference } from "../../src/reduction/references.ts";
import { runtime } from "../../src/runtime/mod.ts";
export function work(a: number) { return a; }
const T = (n: string, f: () => unknown) => { const t = performance.now(); const r = f(); console.log(n, (performance.now() - t).toFixed(2)); return r; };
T("known", () => knownReference(work));
T("stack", () => callingModules());
T("stack", () => callingModules());
T("main", () => runtime.mainModule);
const u = T("candidates", () => candidates()) as string[];
T("text", () => runtime.moduleSource(u[0]!));
T("source", () => sourceOf(u[0]!));
T("find", () => findNow(work, () => u));
T("dumps", () => dumps(work));
await 0;
