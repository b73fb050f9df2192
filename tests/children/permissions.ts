/**
 * Prints as JSON, on Deno, what it may do itself, and what its child and grandchild say.
 * Its argument says what is asked, what is given up before that, and by whom.
 */
import { Process, SimpleQueue } from "../../mod.ts";
import { lie, queries, sayQueries, sneak } from "../helpers/permission_targets.ts";
import { setProcesses } from "../../src/runtime/deno_command_line.ts";
import type { PermissionsOption } from "../../src/permissions.ts";

export { lie, sayQueries, sneak };

export interface Order {
  asked: Deno.PermissionDescriptor[];
  /** One after the other; after each, a child is started. */
  revoked?: Deno.PermissionDescriptor[];
  /** The same, but each child does one of them itself. */
  revokedByChild?: Deno.PermissionDescriptor[];
  permissions?: PermissionsOption;
  /** Where processes are seen, if not in `/proc`. */
  processes?: string;
}

export interface Report {
  root: string[];
  child: string[];
  grandchild: string[];
}

async function report(
  { asked, permissions }: Order,
  revoked: Deno.PermissionDescriptor[],
): Promise<Report> {
  const answers = SimpleQueue<string[]>();
  const p = new Process({
    target: sayQueries,
    args: [answers, asked, 1, revoked],
    permissions: permissions ?? null,
  });
  await p.start();
  const [child, grandchild] = [await answers.get(), await answers.get()];
  await p.join();
  return { root: queries(asked), child, grandchild };
}

async function main(order: Order): Promise<void> {
  if (order.processes !== undefined) setProcesses(order.processes);
  const reports: Report[] = [];
  for (const descriptor of order.revoked ?? []) {
    await Deno.permissions.revoke(descriptor);
    reports.push(await report(order, []));
  }
  for (const descriptor of order.revokedByChild ?? []) {
    reports.push(await report(order, [descriptor]));
  }
  if (reports.length === 0) reports.push(await report(order, []));
  console.log(JSON.stringify(reports));
}

// Not awaited: without permission to read, functions are found once main is evaluated.
if (import.meta.main) void main(JSON.parse(Deno.args[0]!));
