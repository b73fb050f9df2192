/**
 * The programs of `examples/` for many machines: they print what they print on one, where
 * nothing else is there, and with agents. Their text is that of the others but for one line.
 */
import { match, ok, strictEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { runProgram, startProgram } from "../helpers/run.ts";
import { stopAgent } from "../redis/agents.ts";
import { noServer, Server, until } from "../redis/server.ts";
import { test } from "../suite.ts";
import { TWICE } from "./redis_examples.ts";
import { check, type Example } from "./support.ts";

/** The programs, by the names of those for one machine. */
const OF: Record<string, string> = {
  pool_basics: "redis_pool",
  producers_consumers: "redis_producers_consumers",
};

/** Where a context keeps which agents it has. */
const AGENTS = "{mp:multiprocessing}:o:agents:g";

async function withServer(fn: (server: Server) => Promise<void>): Promise<void> {
  const server = await Server.start();
  try {
    await fn(server);
  } finally {
    await server.stop();
  }
}

async function run(example: Example, server: Server): Promise<void> {
  const program = `examples/${OF[example.name]}.ts`;
  check(example, await runProgram(program, { env: { REDIS_URL: server.url } }));
}

async function runByAgents(example: Example, server: Server): Promise<void> {
  const agents = ["one", "two"].map((host) =>
    startProgram("tests/children/redis_agent.ts", {
      args: [server.url, "--host", host, "--processes", "3", "--verbose"],
      timeout: 100,
    })
  );
  try {
    await Promise.race([
      until(async () => await server.command("HLEN", AGENTS) === agents.length),
      ...agents.map(({ finished }) => finished.then(({ stderr }) => ok(false, stderr))),
    ]);
    await run(example, server);
    for (const agent of agents) {
      await stopAgent(agent);
      match(agent.stderr, /has started RedisProcess-/);
    }
  } finally {
    for (const { kill } of agents) kill("SIGKILL");
  }
}

/** What a program does when it is the main module; undefined if it is compiled. */
function mainOf(name: string): string[] | undefined {
  const url = new URL(`../../examples/${name}.ts`, import.meta.url);
  if (!existsSync(url)) return undefined;
  const text = readFileSync(url, "utf8");
  return text.slice(text.indexOf("if (is_main")).split("\n");
}

for (const example of TWICE) {
  const name = OF[example.name]!;
  test(
    `examples/${name}.ts prints what it prints on one machine`,
    () => withServer((server) => run(example, server)),
    { skip: noServer },
  );

  test(`examples/${name}.ts differs from the other in the line of its context`, () => {
    const [one, many] = [mainOf(example.name), mainOf(name)];
    if (one === undefined || many === undefined) return;
    const added = many.filter((line) => !one.includes(line));
    strictEqual(added.length, 2, added.join("\n")); // and the address
    ok(one.every((line) => many.includes(line)));
  });
}

test(
  "examples/redis_producers_consumers.ts prints the same if agents run it",
  () =>
    withServer(async (server) => {
      const example = TWICE.find(({ name }) => name === "producers_consumers")!;
      await runByAgents(example, server);
    }),
  { skip: noServer },
);
