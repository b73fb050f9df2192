/**
 * The program that the package brings, `multiprocessing agent`, as it is installed from the
 * tarball: on Node and on Bun.
 */
import { match, strictEqual } from "node:assert/strict";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import process from "node:process";
import { packOnce } from "../../scripts/pack.ts";
import { rangeOf } from "../../scripts/package_json.ts";
import { mustRun } from "../../scripts/project.ts";
import { findRuntime } from "../../scripts/runtimes.ts";
import { installed } from "../../scripts/tool_cache.ts";
import { withFolder } from "../helpers/folders.ts";
import { startCommand } from "../helpers/run.ts";
import { noServer, until, withServer } from "../redis/server.ts";
import { test } from "../suite.ts";

/** Where a context keeps which agents it has. */
const AGENTS = "{mp:test}:o:agents:g";

/** A module that the agent may run. */
const WORK = `
export async function wait(begun, go, text) {
  console.log("runs");
  await begun.put(process.pid);
  await go.wait();
  console.log(text);
}
`;

/** A program that has an agent run that. */
const PROGRAM = `
import { is_main } from "@pystd/multiprocessing";
import { get_context } from "@pystd/multiprocessing/redis";
import { wait } from "./work.mjs";

if (is_main(import.meta)) {
  const mp = get_context("redis", { url: process.argv[2], name: "test" });
  const begun = mp.Queue(), go = mp.Event({ name: "go" });
  const p = new mp.Process({ target: wait, args: [begun, go, "ends"], where: "there" });
  await p.start();
  console.log(await begun.get() === p.pid && p.pid !== process.pid);
  await p.join();
  console.log(p.exitcode, p.host);
}
`;

/** Gives a project that has the package and a client of the server, as npm installs them. */
function withProject(use: (project: string) => Promise<void>): Promise<void> {
  const library = "@redis/client";
  return withFolder(async (folder) => {
    const project = realpathSync(folder);
    writeFileSync(`${project}/package.json`, '{ "type": "module" }');
    const flags = ["--no-audit", "--no-fund", "--no-package-lock", "--offline"];
    const tarball = await packOnce(`${project}/packed`);
    await mustRun(["npm", "install", ...flags, tarball], { cwd: project });
    const range = rangeOf(library);
    const client = await installed(`redis-client-${range}`, { [library]: range });
    mkdirSync(`${project}/node_modules/@redis`);
    symlinkSync(
      `${client}/node_modules/${library}`,
      `${project}/node_modules/${library}`,
    );
    writeFileSync(`${project}/work.mjs`, WORK);
    writeFileSync(`${project}/program.mjs`, PROGRAM);
    await use(project);
  });
}

test(
  "the installed agent runs a process, and drains on SIGTERM",
  () =>
    withProject(async (project) => {
      for (const name of ["node24", "bun"] as const) {
        const runtime = await findRuntime(name);
        await withServer(async (server) => {
          const start = (...args: string[]) =>
            startCommand([runtime, ...args], { cwd: project, timeout: 100 });
          const agent = start(
            ...["node_modules/.bin/multiprocessing", "agent", server.url, "--verbose"],
            ...["--name", "test", "--host", "box", "--where", "there"],
            ...["--modules", "./work.mjs"],
          );
          const count = () => server.command("HLEN", AGENTS);
          await Promise.race([
            until(async () => await count() === 1),
            agent.finished.then(({ stderr }) => Promise.reject(new Error(stderr))),
          ]);
          const program = start("program.mjs", server.url);
          await program.waitForOutput("true\n");
          process.kill(agent.pid, "SIGTERM");
          await until(async () => await count() === 0); // it takes no more
          await server.context().Event({ name: "go" }).set();
          const { code, stdout, stderr } = await program.finished;
          strictEqual(stdout, "runs\ntrue\nends\n0 box\n", stderr);
          strictEqual(code, 0);
          const ended = await agent.finished;
          strictEqual(ended.code, 0, ended.stderr);
          match(ended.stderr, /takes no more processes, and waits for 1\n/);
          await server.context().unlink();
        });
      }
    }),
  { skip: noServer, timeout: 250 },
);
