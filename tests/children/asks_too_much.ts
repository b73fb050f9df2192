/** Prints what came of asking for permissions, of which some are not held here. */
import process from "node:process";
import { Process } from "../../mod.ts";
import { nothing } from "../helpers/permission_targets.ts";
import type { PermissionsOption } from "../../src/process/permissions.ts";

const isNode = !("Deno" in globalThis);
const rest = isNode ? { net: true, sys: true } : {};

async function main(): Promise<void> {
  const found: Record<string, string> = {};
  const asked: PermissionsOption[] = [
    "inherit",
    { ...rest, read: ["/etc"] },
    { ...rest, read: true },
    { ...rest, write: true },
    { ...rest, read: ["/etc"], write: ["/tmp/x"] },
  ];
  for (const permissions of asked) {
    const p = new Process({ target: nothing, permissions });
    try {
      const started = p.start();
      await started;
      await p.join();
      found[JSON.stringify(permissions)] = "none";
    } catch (error) {
      found[JSON.stringify(permissions)] = String(error);
    }
  }
  console.log(JSON.stringify(found));
}

if (process.argv[1] !== undefined) void main();
