import process from "node:process";
import { Process } from "../mod.ts";
export async function f(how: string) {
  if (how == "deno") { for await (const c of (globalThis as any).Deno.stdin.readable) console.log("chunk", c.length); }
  if (how == "node") { for await (const c of process.stdin) console.log("chunk", c.length); }
  if (how == "on") { process.stdin.on("data", (d: any) => console.log("data", d.length)); await new Promise<void>(r => process.stdin.on("end", () => r())); }
  if (how == "bun") { for await (const c of (globalThis as any).Bun.stdin.stream()) console.log("chunk", c.length); }
  if (how == "fs") { const fs = await import("node:fs"); console.log("fs", fs.readFileSync(0).length); }
  if (how == "prompt") { console.log("prompt", prompt("?")); }
  if (how == "text") { console.log("text", (await (globalThis as any).Bun.stdin.text()).length); }
  console.log(how, "done");
}
if (import.meta.main) {
  const p = new Process({ target: f, args: [process.argv[2]!] });
  await p.start(); await p.join(8); console.log(p.exitcode); p.kill(); await p.join();
}
