/** The options `execArgv`, `env`, `cwd` and `inspect` of processes and pools. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { Pool, Process, SimpleQueue } from "../../mod.ts";
import type { StartOptions } from "../../src/process/start_options.ts";
import { checkLaunch, readLaunchConfig } from "../../src/link/launch.ts";
import { allGrants } from "../../src/runtime/permissions/grants.ts";
import { identity } from "../../src/process/identity.ts";
import { launchConfigs } from "../../src/process/popen.ts";
import { asStart } from "../../src/process/start_options.ts";
import { withFolder } from "../helpers/folders.ts";
import { programPath, runCommand, startProgram } from "../helpers/run.ts";
import { type Found, look, lookFrom, tell } from "../helpers/start_targets.ts";
import { runtimeName, test } from "../suite.ts";

/** A flag of each runtime, and whether a child has it. */
const FLAG = { node: "--expose-gc", deno: "--v8-flags=--expose-gc", bun: "--smol" };
const hasFlag = ({ hasGc, flags }: Found) =>
  runtimeName === "bun" ? flags.includes("--smol") : hasGc;

async function found(options: StartOptions): Promise<Found> {
  const q = SimpleQueue<Found>();
  const p = new Process({ target: tell, args: [q], ...options });
  p.start();
  const result = await q.get();
  await p.join();
  strictEqual(p.exitcode, 0);
  return result;
}

test("a process gets flags, variables and a directory of its own", async () => {
  process.env["PYSTD_REMOVED"] = "here";
  try {
    await withFolder(async (folder) => {
      const all = await found({
        execArgv: [FLAG[runtimeName]],
        env: { PYSTD_ADDED: "x=\n ü", PYSTD_REMOVED: undefined },
        cwd: folder,
      });
      ok(hasFlag(all));
      deepStrictEqual([all.cwd, all.added, all.removed], [
        folder,
        "x=\n ü",
        undefined,
      ]);
      mkdirSync(`${folder}/a b`);
      strictEqual(
        (await found({ cwd: pathToFileURL(`${folder}/a b`) })).cwd,
        `${folder}/a b`,
      );
    });
    const none = await found({ execArgv: null, env: {}, cwd: null, inspect: false });
    ok(!hasFlag(none));
    deepStrictEqual([none.cwd, none.added, none.removed], [
      process.cwd(),
      undefined,
      "here",
    ]);
  } finally {
    delete process.env["PYSTD_REMOVED"];
  }
});

test("the workers of a pool get them, and those that replace others", async () => {
  await withFolder(async (folder) => {
    await using pool = Pool({
      processes: 1,
      maxtasksperchild: 1,
      execArgv: [FLAG[runtimeName]],
      env: { PYSTD_ADDED: "yes" },
      cwd: folder,
    });
    const results = await pool.map(lookFrom, [1, 2], { chunksize: 1 });
    strictEqual(new Set(results.map(([pid]) => pid)).size, 2);
    for (const [, result] of results) {
      ok(hasFlag(result));
      deepStrictEqual([result.cwd, result.added], [folder, "yes"]);
    }
  });
});

test("a directory that is none is told at start(), by its name", async () => {
  await withFolder((folder) => {
    const p = new Process({ target: look, cwd: `${folder}/none` });
    throws(() => p.start(), {
      name: "FileNotFoundError",
      message: `[Errno 2] No such file or directory: '${folder}/none'`,
    });
    mkdirSync(`${folder}/none`);
    rmdirSync(`${folder}/none`);
    writeFileSync(`${folder}/file`, "");
    throws(() => new Process({ target: look, cwd: `${folder}/file` }).start(), {
      message: new RegExp(`'${folder}/file'`),
    });
  });
});

test("a relative directory is one below that of this process", () => {
  const config = (cwd: string) => {
    const adapt = asStart({ execArgv: null, env: null, inspect: null, cwd })!;
    const child = identity.current.child("Process", "p");
    return readLaunchConfig(launchConfigs(child, { adapt }).launch);
  };
  strictEqual(config("./a/../b").cwd, `${process.cwd()}/b`);
  strictEqual(config("/a").cwd, "/a");
});

test("what is malformed raises at the call", () => {
  const table: [StartOptions | Record<string, unknown>, string, RegExp][] = [
    [{ execArgv: "--x" }, "TypeError", /^execArgv must be a list, not str$/],
    [{ execArgv: [1] }, "TypeError", /^execArgv has 1, which is no string$/],
    [{ execArgv: ["x.ts"] }, "ValueError", /^execArgv: 'x.ts' is no flag$/],
    [{ execArgv: ["--help"] }, "ValueError", /keep the process from running/],
    [{ execArgv: ["--allow-net"] }, "ValueError", /by the option permissions$/],
    [{ execArgv: ["--a\0"] }, "ValueError", /^embedded null byte$/],
    [{ env: [] }, "TypeError", /^env must be an object, not list$/],
    [{ env: "A=1" }, "TypeError", /^env must be an object, not str$/],
    [{ env: { A: 1 } }, "TypeError", /^env has 1 for A, which is no string$/],
    [{ env: { A: null } }, "TypeError", /^env has None for A, which is no string$/],
    [{ env: { "": "x" } }, "ValueError", /^illegal environment variable name$/],
    [{ env: { "A=B": "x" } }, "ValueError", /^illegal environment variable name$/],
    [{ env: { A: "\0" } }, "ValueError", /^embedded null byte$/],
    [{ cwd: 1 }, "TypeError", /^cwd must be a path or a file's URL, not int$/],
    [{ cwd: new URL("http://x/") }, "TypeError", /not 'http:\/\/x\/'$/],
    [{ cwd: "" }, "ValueError", /^cwd must not be empty$/],
    [{ cwd: "a\0" }, "ValueError", /^embedded null byte$/],
    [{ inspect: "9229" }, "TypeError", /^inspect must be a boolean or a port/],
    [{ inspect: -1 }, "ValueError", /^inspect must be a port from 0 to 65535$/],
    [{ inspect: 65536 }, "ValueError", /^inspect must be a port from 0 to 65535$/],
    [{ inspect: 1.5 }, "ValueError", /^inspect must be a port from 0 to 65535$/],
  ];
  for (const [wrong, name, message] of table) {
    const options = wrong as StartOptions;
    throws(() => new Process({ target: look, ...options }), { name, message });
    throws(() => Pool({ processes: 1, ...options }), { name, message });
  }
});

test("a process with limited permissions cannot have flags or a debugger", () => {
  const grants = allGrants(true);
  grants.run.allow = [];
  const start = (options: StartOptions) => {
    const none = { execArgv: null, env: null, cwd: null, inspect: null };
    const adapt = asStart({ ...none, ...options });
    const child = identity.current.child("Process", "p");
    const config = readLaunchConfig(launchConfigs(child, { adapt }).launch);
    checkLaunch(config, grants, null);
  };
  start({ cwd: "/" });
  for (const options of [{ execArgv: [] }, { inspect: true }, { inspect: 9000 }]) {
    throws(() => start(options), {
      name: "PermissionError",
      message:
        "Requires full run permission to start a process with flags or a debugger",
    });
  }
});

test("each process that can be debugged says at which port of its own", async () => {
  const program = startProgram("tests/children/inspected.ts");
  try {
    await program.waitForOutput("ready 4");
    const told = [...program.stderr.matchAll(
      /^(\S+) \(pid \d+\) can be debugged at (?:ws:\/\/)?([\d.]+):(\d+)/gm,
    )];
    deepStrictEqual(told.map(([, name]) => name), [
      "Process-1",
      "Process-2",
      "SpawnPoolWorker-4",
    ]);
    strictEqual(new Set(told.map(([, , , port]) => port)).size, 3);
    for (const [, , host, port] of told) {
      const socket = connect(Number(port), host!);
      await once(socket, "connect");
      socket.destroy();
    }
  } finally {
    program.kill();
    await program.finished;
  }
}, { leaks: "sockets of Deno's Node part are closed in a later turn" });

test("programs of a flag use the functions of other modules", async () => {
  const { href } = pathToFileURL(programPath("tests/helpers/start_targets.ts"));
  const code = `import { lookFrom, Pool } from ${JSON.stringify(href)};
    const pool = Pool(1);
    console.log((await pool.map(lookFrom, [1, 2])).length);
    pool.close();
    await pool.join();`;
  const ways = {
    deno: [["eval", code, "x"], ["eval", "--ext=ts", code]],
    bun: [["-e", code, "x"], ["--smol", "--eval", code]],
    node: [
      ["--input-type=module", "-e", code, programPath("tests/children/inspected.ts")],
      ["--no-warnings", "--input-type", "module", "--title", "x", "--eval", code],
    ],
  };
  for (const way of ways[runtimeName]) {
    const { stdout, stderr, code } = await runCommand([process.execPath, ...way]);
    deepStrictEqual([stdout.trim(), code], ["2", 0], stderr);
  }
});

/** Variables by which a runtime listens to a debugger; on Deno there are none. */
const VARIABLES: Record<string, string>[] = {
  node: ["--inspect=0", "--no-warnings --inspect-brk=0", "--inspect-wait=0"]
    .map((NODE_OPTIONS) => ({ NODE_OPTIONS })),
  bun: [{ BUN_OPTIONS: "--inspect-wait=127.0.0.1:0" }, {
    BUN_INSPECT: "ws://127.0.0.1:1/x",
  }],
  deno: [],
}[runtimeName];

test("a child has no debugger by a variable of the environment", async () => {
  for (const env of VARIABLES) {
    // With one that it waits for, it would not end.
    const { flags } = await found({ env });
    ok(!flags.some((flag) => flag.startsWith("--inspect")), flags.join(" "));
  }
}, { skip: runtimeName === "deno" && "Deno reads no such variable" });
