import { loads } from "../../src/reduction.ts";
import { readFileSync } from "node:fs";
import process from "node:process";
const v: any = await loads(readFileSync(process.argv[2]!), { mayImport: true });
console.log(typeof v, v?.name ?? "", v?.constructor?.name, typeof v === "function" ? (() => { try { return String(v(1)) } catch (e) { return String(e) } })() : JSON.stringify(v), v instanceof Error ? [v.message, String(v.cause)] : "");
