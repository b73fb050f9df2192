/** Targets with few permissions, which report what they may do. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { Process, set_executable, type SimpleQueue } from "../../mod.ts";
import { allGrants, type Grants } from "../../src/runtime/permissions/grants.ts";
import { runtime } from "../../src/runtime/mod.ts";

/** The state of a permission on Deno, where "denied" and "prompt" are the same. */
export function query(descriptor: Deno.PermissionDescriptor): string {
  const { state, partial } = Deno.permissions.querySync(descriptor);
  return state === "granted" ? `granted${partial ? " in part" : ""}` : "no";
}

/** The states of several permissions. */
export function queries(asked: Deno.PermissionDescriptor[]): string[] {
  return asked.map((descriptor) =>
    `${JSON.stringify(descriptor)} ${query(descriptor)}`
  );
}

/** The outcome of each attempt. */
export interface Deeds {
  read: string;
  readOther: string;
  list: string;
  write: string;
  run: string;
  env: string;
}

/** Tries it all: a file, another one, a folder, a file to write, a program, a variable. */
export function deeds([file, other, folder, written]: string[]): Deeds {
  return {
    read: attempt(() => readFileSync(file!, "utf8")),
    readOther: attempt(() => readFileSync(other!)),
    list: attempt(() => readdirSync(folder!)),
    write: attempt(() => writeFileSync(written!, "x")),
    run: attempt(() => {
      const { error } = spawnSync(process.execPath, ["--version"]);
      if (error) throw error;
    }),
    env: attempt(() => {
      if (process.env["PYSTD_SECRET"] === undefined) throw new TypeError("not there");
    }),
  };
}

/** "done", or "refused" if it throws. */
export function attempt(act: () => unknown): string {
  try {
    act();
    return "done";
  } catch {
    return "refused";
  }
}

/** Says what it could do, and has a process of its own say it too. */
export async function sayDeeds(
  answers: SimpleQueue<Deeds>,
  paths: string[],
  depth: number,
): Promise<void> {
  await answers.put(deeds(paths));
  if (depth === 0) return;
  const p = new Process({ target: sayDeeds, args: [answers, paths, depth - 1] });
  await p.start();
  await p.join();
}

/** Whether a module can be imported. */
export async function importFrom(
  answers: SimpleQueue<string>,
  url: string,
): Promise<void> {
  const result = await import(url).then(() => "done", () => "refused");
  await answers.put(result);
}

/** Gives up one thing after the other, and has a process of its own say what is left. */
export async function giveUp(
  answers: SimpleQueue<string[]>,
  asked: Deno.PermissionDescriptor[],
  revoked: Deno.PermissionDescriptor[],
): Promise<void> {
  for (const [i, descriptor] of revoked.entries()) {
    if (i % 2 === 0) Deno.permissions.revokeSync(descriptor);
    else await Deno.permissions.revoke(descriptor);
    await sayQueries(answers, asked, 1);
  }
}

/** Says what it may do, and has a process of its own say it too. */
export async function sayQueries(
  answers: SimpleQueue<string[]>,
  asked: Deno.PermissionDescriptor[],
  depth: number,
): Promise<void> {
  await answers.put(queries(asked));
  if (depth === 0) return;
  const p = new Process({ target: sayQueries, args: [answers, asked, depth - 1] });
  await p.start();
  await p.join();
}

/** The way in which a process lies about its permissions. */
export type Lie = "everything" | "all lists" | "dots";

/** As `sayQueries`, but says that it may do more than it may, or has given up before. */
export async function lie(
  answers: SimpleQueue<string[]>,
  asked: Deno.PermissionDescriptor[],
  kind: Lie,
  revoked: Deno.PermissionDescriptor[] = [],
): Promise<void> {
  for (const descriptor of revoked) Deno.permissions.revokeSync(descriptor);
  runtime.permissions.held = () => falseGrants(kind);
  const p = new Process({ target: sayQueries, args: [answers, asked, 0] });
  await p.start();
  await p.join();
}

function falseGrants(kind: Lie): Grants | undefined {
  if (kind === "everything") return undefined;
  const grants = allGrants(true);
  if (kind === "all lists") grants.isOffline = true; // not quite everything
  if (kind === "dots") {
    grants.read.allow = ["/tmp/../etc", "/tmp/./x/../../etc", "/etc", "/"];
    grants.env.allow = ["*"];
  }
  return grants;
}

/** Has each of the variables, as it says its own, handed to a process; what came of it. */
export async function sneak(
  answers: SimpleQueue<string[]>,
  names: string[],
): Promise<void> {
  const found: string[] = [];
  for (const name of names) {
    runtime.env = () => ({ ...process.env as Record<string, string>, [name]: "/x" });
    const p = new Process({ target: nothing });
    try {
      await p.start();
      await p.join();
      found.push("started");
    } catch (error) {
      found.push(String(error));
    }
  }
  await answers.put(found);
}

/** Has another program than the root's run in the place of a child; what came of it. */
export async function runShell(answers: SimpleQueue<string>): Promise<void> {
  set_executable("/bin/sh");
  try {
    await new Process({ target: nothing }).start();
    await answers.put("started");
  } catch (error) {
    await answers.put(String(error));
  }
}

export function nothing(): void {}

/** Gives up what a child of Deno uses to talk to the root, and then talks to it. */
export async function revokeAtOnce(
  from: SimpleQueue<number>,
  to: SimpleQueue<number>,
  names: Deno.PermissionDescriptor["name"][],
): Promise<void> {
  for (const name of names) Deno.permissions.revokeSync({ name });
  for (let n = await from.get(); n > 0; n = await from.get()) await to.put(-n);
}
