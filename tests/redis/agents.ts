/** Agents for the tests, each a program of its own. */
import { strictEqual } from "node:assert/strict";
import process from "node:process";
import type { RedisContext } from "../../src/redis.ts";
import { type RunningProgram, startProgram } from "../helpers/run.ts";
import { type Tests, testsWith } from "../suite.ts";
import { noServer, type Server, until, withServer } from "./server.ts";

/** Seconds of leases whose end a test waits for. On a busy machine others get longer ones. */
export const LEASE = 4;

/** Starts an agent of the context `test`, and waits until the server knows it. */
export async function startAgent(
  server: Server,
  args: string[] = [],
  { url = server.url, lease = 10, timeout = 100, env }: {
    url?: string;
    lease?: number;
    timeout?: number;
    env?: Record<string, string>;
  } = {},
): Promise<RunningProgram> {
  const before = await agentCount(server);
  const options = ["--name", "test", "--lease", String(lease), "--verbose", ...args];
  const agent = startProgram("tests/children/redis_agent.ts", {
    ...{ args: [url, ...options], env, timeout },
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

function withLeases(lease: number): Tests<Given> {
  return testsWith<Given>(
    { skip: noServer, timeout: 120 },
    (fn) =>
      withServer(async (server) => {
        const mp = server.context({ lease });
        await fn({ server, mp });
        await mp.unlink(); // what was killed is there until its lease is over
      }),
  );
}

/** Tests with a server and a context. */
export const WITH_AGENTS: Tests<Given> = withLeases(10);

/** The same, with a context whose lease ends soon. */
export const WITH_SHORT_LEASES: Tests<Given> = withLeases(LEASE);
