/**
 * Prints as JSON, on Deno, what it may do itself, and what its child and grandchild say.
 * Its argument says what is asked, what is given up before that, and by whom.
 */
import { Process, SimpleQueue } from "../../mod.ts";
import { giveUp, queries, sayQueries } from "../helpers/permission_targets.ts";
import { setProcesses } from "../../src/runtime/permissions/deno_command_line.ts";

export { giveUp, sayQueries };

export interface Order {
  asked: Deno.PermissionDescriptor[];
  /** One after the other; after each, a child is started, which is the last. */
  revoked?: Deno.PermissionDescriptor[];
  /** The same, but the child gives it up, and it is the grandchild that is started. */
  revokedByChild?: Deno.PermissionDescriptor[];
  /** Where processes are seen, if not in `/proc`. */
  processes?: string;
}

export interface Report {
  root: string[];
  child: string[];
  grandchild: string[];
}

/** What children say of which each, but the last of `depth`, has one of its own. */
async function ask(asked: Order["asked"], depth: number): Promise<string[][]> {
  const answers = SimpleQueue<string[]>();
  const p = new Process({ target: sayQueries, args: [answers, asked, depth] });
  await p.start();
  const said: string[][] = [];
  while (said.length <= depth) said.push(await answers.get());
  await p.join();
  return said;
}

async function askOne(
  asked: Order["asked"],
  revoked: Deno.PermissionDescriptor[],
): Promise<Report[]> {
  const answers = SimpleQueue<string[]>();
  const p = new Process({ target: giveUp, args: [answers, asked, revoked] });
  await p.start();
  const reports: Report[] = [];
  while (reports.length < revoked.length) {
    const [child, grandchild] = [await answers.get(), await answers.get()];
    reports.push({ root: queries(asked), child, grandchild });
  }
  await p.join();
  return reports;
}

async function main(order: Order): Promise<void> {
  const { asked, processes, revoked, revokedByChild } = order;
  if (processes !== undefined) setProcesses(processes);
  const reports: Report[] = [];
  for (const descriptor of revoked ?? []) {
    await Deno.permissions.revoke(descriptor);
    const [child] = await ask(asked, 0);
    reports.push({ root: queries(asked), child: child!, grandchild: child! });
  }
  if (revokedByChild) reports.push(...await askOne(asked, revokedByChild));
  if (reports.length === 0) {
    const [child, grandchild] = await ask(asked, 1);
    reports.push({ root: queries(asked), child: child!, grandchild: grandchild! });
  }
  console.log(JSON.stringify(reports));
}

// Not awaited: without permission to read, functions are found once main is evaluated.
if (import.meta.main) void main(JSON.parse(Deno.args[0]!));
