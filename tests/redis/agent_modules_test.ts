/** Agents: which functions they run, and for whom. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { raises } from "../cpython/helpers/checks.ts";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";
import { startAgent, stopAgent, WITH_AGENTS } from "./agents.ts";
import * as targets from "./process_targets.ts";
import { until } from "./server.ts";

/** A folder of modules that tell which folder they are in. */
function folder(text: string): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "pystd-agent-")));
  for (const name of ["work", "other"]) {
    writeFileSync(
      join(path, `${name}.mjs`),
      `export async function tell(q) { await q.put("${name} ${text}"); }\n`,
    );
  }
  return path;
}

async function withFolders(fn: (here: string, there: string) => Promise<void>) {
  const folders = [folder("here"), folder("there")] as const;
  try {
    await fn(...folders);
  } finally {
    for (const path of folders) rmSync(path, { recursive: true });
  }
}

function load(path: string, name: string): Promise<{ tell(...args: unknown[]): void }> {
  return import(pathToFileURL(join(path, name)).href);
}

WITH_AGENTS.test("functions are found in the program's folder there", ({ server }) =>
  withFolders(async (here, there) => {
    const agent = await startAgent(server, ["--root", there]);
    const mp = server.context({ root: here });
    const q = mp.Queue<unknown>();
    const { tell } = await load(here, "work.mjs");
    const p = new mp.Process({ target: tell, args: [q] });
    await p.start();
    strictEqual(await q.get(), "work there");
    await p.join();
    strictEqual(p.exitcode, 0);
    // What is elsewhere it does not load.
    const outside = new mp.Process({ target: targets.exit, args: [0] });
    await raises(
      () => outside.start(),
      "PicklingError",
      /<function exit>: its module file:.* is not in the folder of the program, file:.*`root`/,
    );
    strictEqual(outside.pid, null);
    await stopAgent(agent);
  }));

WITH_AGENTS.test("an agent may be told which modules it runs", ({ server }) =>
  withFolders(async (here, there) => {
    const module = join(there, "work.mjs");
    const agent = await startAgent(server, ["--root", there, "--modules", module]);
    const mp = server.context({ root: here });
    const q = mp.Queue<unknown>();
    const run = async (name: string) => {
      const { tell } = await load(here, name);
      const p = new mp.Process({ target: tell, args: [q] });
      await p.start();
      await p.join();
      return p.exitcode;
    };
    strictEqual(await run("work.mjs"), 0);
    strictEqual(await q.get(), "work there");
    strictEqual(await run("other.mjs"), 1);
    strictEqual(await q.qsize(), 0);
    await stopAgent(agent);
  }));

WITH_AGENTS.test("requests are signed with the key", async ({ server }) => {
  const env = { MULTIPROCESSING_AUTHKEY: "secret" };
  const agent = await startAgent(server, [], { env });
  const start = async (authkey: string | null) => {
    const key = authkey === null ? null : new TextEncoder().encode(authkey);
    const mp = server.context({ authkey: key });
    const q = mp.Queue<unknown>();
    const p = new mp.Process({ target: targets.tell, args: [q, 1], name: "P" });
    await p.start();
    const got = await q.get();
    await p.join();
    return got;
  };
  deepStrictEqual((await start("secret") as unknown[]).at(-1), 1);
  for (const wrong of ["wrong", null]) {
    await raises(
      () => start(wrong),
      "AuthenticationError",
      /agent has another authkey/,
    );
  }
  await stopAgent(agent);
});

WITH_AGENTS.test("malformed requests do an agent no harm", async ({ server, mp }) => {
  const agent = await startAgent(server);
  const { agentsOf } = await import("../../src/redis/process/agents.ts");
  const { Base } = await import("../../src/redis/base.ts");
  const { settingsOf } = await import("../../src/redis/settings.ts");
  const { VERSION } = await import("../../src/runtime/package.ts");
  const base = new Base(settingsOf({
    ...{ url: server.url, name: "test", client: null, authkey: null, root: null },
    ...{ lease: 3, expire: 60, reconnect: 1 },
  }));
  const agents = agentsOf(base);
  const need = { version: VERSION, where: [] };
  const failed = new Set<string>();
  agents.listen({
    received: ({ what, process }) => void (what === "failed" && failed.add(process)),
    ended() {},
  });
  const requests = ["", "x", "\xa0", "\x80", "{}"];
  for (const [at, text] of requests.entries()) {
    await agents.submit(`bad${at}`, new TextEncoder().encode(text), need, true);
  }
  await until(() => server.command("PING").then(() => failed.size === requests.length));
  const p = new mp.Process({ target: targets.exit, args: [5] });
  await p.start();
  await p.join();
  strictEqual(p.exitcode, 5);
  await base.shutdown();
  base.close();
  await stopAgent(agent);
});

const AGENT = "tests/children/redis_agent.ts";

test("its command line is checked", async () => {
  const { parseCommandLine } = await import("../../src/redis/agent/arguments.ts");
  const line = parseCommandLine([
    "redis://x",
    "--where=a",
    "--where",
    "b",
    "--verbose",
  ]);
  deepStrictEqual(line.urls, ["redis://x"]);
  deepStrictEqual(line.values, { where: ["a", "b"] });
  strictEqual(line.flags.has("verbose"), true);
  await raises(() => parseCommandLine(["--wher", "x"]), "ValueError", /mean --where/);
  await raises(() => parseCommandLine(["--name"]), "ValueError", /needs a value/);
  await raises(() => parseCommandLine(["--name=a", "--name=b"]), "ValueError", /twice/);
});

test("it says what is wrong, and ends", async () => {
  const run = (...args: string[]) => runProgram(AGENT, { args });
  const help = await run("agent", "--help");
  strictEqual(help.code, 0);
  match(help.stdout, /npx @pystd\/multiprocessing agent redis:\/\/HOST/);
  const wrong = await run("agent", "redis://127.0.0.1", "--processes", "0");
  strictEqual(wrong.code, 2);
  match(wrong.stderr, /--processes must be a whole number/);
  const nowhere = await run("redis://127.0.0.1:1");
  strictEqual(nowhere.code, 1);
  match(nowhere.stderr, /^agent: ConnectionRefusedError/);
});
