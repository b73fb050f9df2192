/** Agents for the tests, each a program of its own. */
import { strictEqual } from "node:assert/strict";
import process from "node:process";
import type { RedisContext } from "../../src/redis/mod.ts";
import { type RunningProgram, startProgram } from "../helpers/run.ts";
import { type Tests, testsWith } from "../suite.ts";
import { noServer, type Server, until, withServer } from "./server.ts";

/** Seconds of the leases of agents and contexts. */
export const LEASE = 3;

/** Starts an agent of the context `test`, and waits until the server knows it. */
export async function startAgent(
  server: Server,
  args: string[] = [],
  { url = server.url, cwd, env }: {
    url?: string;
    cwd?: string;
    env?: Record<string, string>;
  } = {},
): Promise<RunningProgram> {
  const before = await agentCount(server);
  const options = ["--name", "test", "--lease", String(LEASE), "--verbose", ...args];
  const agent = startProgram("src/redis/agent/program.ts", {
    ...{ args: [url, ...options], cwd, env, timeout: 100 },
  });
  await Promise.race([
    until(async () => await agentCount(server) > before),
    agent.finished.then(({ stderr }) => {
      throw new Error(`the agent has ended: ${stderr}`);
    }),
  ]);
  return agent;
}

/** How many agents take processes. */
export async function agentCount(server: Server): Promise<number> {
  return await server.command("HLEN", "{mp:test}:o:agents:g") as number;
}

/** Has an agent end; it must end well. */
export async function stopAgent(agent: RunningProgram): Promise<void> {
  process.kill(agent.pid, "SIGTERM");
  const { code, stderr } = await agent.finished;
  strictEqual(code, 0, stderr);
}

/** Whether there is a process of this number, which is no zombie. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Settles when there is none any more. */
export function gone(pid: number): Promise<boolean> {
  return until(() =>
    new Promise<boolean>((resolve) => setImmediate(() => resolve(!isThere(pid))))
  );
}

/** What a test of agents is given. */
export interface Given {
  readonly server: Server;
  readonly mp: RedisContext;
}

/** Tests with a server and a context. */
export const WITH_AGENTS: Tests<Given> = testsWith<Given>(
  { skip: noServer, timeout: 120 },
  (fn) =>
    withServer(async (server) => {
      const mp = server.context({ lease: LEASE });
      await fn({ server, mp });
      await mp.unlink(); // what was killed is there until its lease is over
    }),
);
