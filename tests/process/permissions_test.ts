/** The option `permissions`, on each runtime. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { Pool, Process, SimpleQueue } from "../../mod.ts";
import { asWanted, type PermissionsOption } from "../../src/process/permissions.ts";
import { withFolder } from "../helpers/folders.ts";
import {
  attempt,
  type Deeds,
  deeds,
  importFrom,
  nothing,
  sayDeeds,
  sayQueries,
} from "../helpers/permission_targets.ts";
import { programPath, runProgram } from "../helpers/run.ts";
import { DENO } from "../helpers/groups.ts";
import { runtimeName, test, testsWith } from "../suite.ts";
import { exitcodeOf, started } from "../cpython/helpers/checks.ts";

const DENO_ONLY = {
  skip: runtimeName !== "deno" && "only Deno can keep a process from all of it",
};
const NODE = testsWith({
  skip: runtimeName !== "node" && "about what only Node cannot limit",
});
const notBun = { skip: runtimeName === "bun" && "Bun has no permissions" };
const NOT_BUN = testsWith(notBun);
const FILES = testsWith({ ...notBun, timeout: 120 }, withFiles);

/** What Node cannot limit must be said. */
const REST = runtimeName === "node" ? { net: true, sys: true } : {};

const NOTHING: Deeds = {
  read: "refused",
  readOther: "refused",
  list: "refused",
  write: "refused",
  run: "refused",
  env: "refused",
};

/** A file, another one, the folder of both, and one that is not there. */
function withFiles(act: (paths: string[]) => void | Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const paths = [`${folder}/a`, `${folder}/b`, folder, `${folder}/c`];
    for (const path of paths.slice(0, 2)) writeFileSync(path, "text");
    process.env["PYSTD_SECRET"] = "x";
    try {
      await act(paths);
    } finally {
      delete process.env["PYSTD_SECRET"];
    }
  });
}

/** What a child, and a child of its own, could do. */
async function deedsOf(
  paths: string[],
  permissions: PermissionsOption,
): Promise<Deeds> {
  const answers = SimpleQueue<Deeds>();
  const p = await started(sayDeeds, [answers, paths, 1], { permissions });
  const [child, grandchild] = [await answers.get(), await answers.get()];
  strictEqual(await exitcodeOf(p), 0);
  deepStrictEqual(grandchild, child);
  return child;
}

test("'inherit' gives all there is, everywhere", () =>
  withFiles(async (paths) => {
    const all = Object.fromEntries(Object.keys(NOTHING).map((key) => [key, "done"]));
    deepStrictEqual(await deedsOf(paths, "inherit"), all);
  }));

FILES.test(
  "'none': a child runs its target, and can do nothing else",
  async (paths) => {
    deepStrictEqual(await deedsOf(paths, "none"), NOTHING);
    const answers = SimpleQueue<string[]>();
    const asked = (["read", "write", "net", "env", "run", "sys", "ffi"] as const)
      .map((name) => ({ name }));
    const p = await started(sayQueries, [answers, asked, 0], { permissions: "none" });
    for (const line of await answers.get()) ok(line.endsWith(" no"), line);
    await p.join();
  },
  DENO_ONLY,
);

FILES.test(
  "an object of lists gives what it lists, and nothing else",
  async (paths) => {
    const [file, , folder, written] = paths;
    deepStrictEqual(await deedsOf(paths, { ...REST }), NOTHING);
    const cases: [PermissionsOption, Partial<Deeds>][] = [
      [{ read: [file!] }, { read: "done" }],
      [{ read: [pathToFileURL(folder!)], write: false }, {
        read: "done",
        readOther: "done",
        list: "done",
      }],
      [{ read: true, write: [written!], env: ["PYSTD_SECRET"] }, {
        ...{ read: "done", readOther: "done", list: "done", write: "done" },
        env: "done",
      }],
      [{ run: true, env: "inherit" }, { run: "done", env: "done" }],
    ];
    for (const [permissions, done] of cases) {
      const found = await deedsOf(paths, { ...REST, ...permissions as object });
      deepStrictEqual(found, { ...NOTHING, ...done });
    }
  },
);

FILES.test("a pool's workers may do what its option says", async (paths) => {
  const permissions = { ...REST, read: [paths[0]!] };
  const pool = Pool(2, { permissions });
  try {
    deepStrictEqual(await pool.map(deeds, [paths, paths, paths]), [
      ...Array(3).fill({ ...NOTHING, read: "done" }),
    ]);
  } finally {
    pool.terminate();
    await pool.join();
  }
});

NOT_BUN.test("a limited child imports its program's modules, and no other", () =>
  withFolder(async (folder) => {
    writeFileSync(`${folder}/other.mjs`, "export const x = 1;\n");
    const url = pathToFileURL(`${folder}/other.mjs`).href;
    const own = new URL("../helpers/alive.ts", import.meta.url).href;
    for (
      const [wanted, read, expected] of [
        [url, false, "refused"],
        [url, [folder], "done"],
        // Not imported here, but by what this imports.
        [new URL("./run.ts", own).href, false, "done"],
      ] as const
    ) {
      const answers = SimpleQueue<string>();
      const p = await started(importFrom, [answers, wanted], {
        permissions: { ...REST, read },
      });
      strictEqual(await answers.get(), expected, wanted);
      await p.join();
    }
  }));

DENO.test("a child that may fetch no modules fetches none", async () => {
  let requests = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    requests++;
    return new Response("export {}", {
      headers: { "content-type": "text/javascript" },
    });
  });
  try {
    const url = `http://127.0.0.1:${server.addr.port}/x.js`;
    for (const permissions of ["none", { import: ["a.b"] }] as const) {
      const answers = SimpleQueue<string>();
      const p = await started(importFrom, [answers, url], { permissions });
      strictEqual(await answers.get(), "refused");
      await p.join();
    }
    strictEqual(requests, 0);
  } finally {
    await server.shutdown();
  }
});

const SANDBOX = "tests/children/sandbox.ts";

DENO.test("the sandbox of the documentation holds", async () => {
  const { stdout, stderr } = await runProgram(SANDBOX);
  deepStrictEqual(stdout.trimEnd().split("\n").map((line) => line.split(" ").at(-1)), [
    "42",
    ...Array(4).fill("NotCapable"),
    "TimeoutError",
  ], stderr);
});

const PAGE = programPath("docs/permissions.md");

test("the sandbox of the documentation is the one that is run", () => {
  const program = readFileSync(programPath(SANDBOX), "utf8").trimEnd();
  const page = readFileSync(PAGE, "utf8");
  ok(page.includes(program.replace('"../../mod.ts"', '"@pystd/multiprocessing"')));
}, { skip: !existsSync(PAGE) && "the compiled tests are without the documentation" });

test("Bun says that it cannot limit anything", () => {
  for (const permissions of ["none", {}, { read: true }] as const) {
    const p = new Process({ target: nothing, permissions });
    throws(() => p.start(), { name: "NotImplementedError" });
    throws(() => Pool(1, { permissions }), { name: "NotImplementedError" });
  }
}, { skip: runtimeName !== "bun" && "about Bun" });

NODE.test("Node says what it cannot limit, and what to say instead", () => {
  const cases: [PermissionsOption, RegExp][] = [
    ["none", /^Node [\d.]+ cannot limit .*'sys' \(say sys: true\)$/],
    [{ net: true }, /: 'sys' \(say sys: true\)$/],
    [{ ...REST, run: ["/bin/cat"] }, /'run' to a list \(say run: true or false\)$/],
    [{ ...REST, net: ["localhost"] }, /'net'/],
  ];
  for (const [permissions, message] of cases) {
    const p = new Process({ target: nothing, permissions });
    throws(() => p.start(), { name: "NotImplementedError", message });
  }
});

NOT_BUN.test(
  "what a process does not hold it cannot give, and says so at the call",
  async () => {
    const flags = runtimeName === "deno"
      ? [
        "--no-prompt",
        "--allow-run",
        "--allow-read",
        "--deny-write",
        "--allow-env=HOME",
      ]
      : [
        ...process.version.startsWith("v20") ? ["--experimental-permission"] : [],
        ...process.version.startsWith("v20") ? [] : ["--permission"],
        ...["--allow-fs-read=*", "--allow-child-process", "--no-warnings"],
      ];
    const { stdout, stderr, code } = await runProgram(
      "tests/children/asks_too_much.ts",
      {
        flags,
      },
    );
    strictEqual(code, 0, stderr);
    const found: Record<string, string> = JSON.parse(stdout);
    for (const [permissions, error] of Object.entries(found)) {
      const expected = /write/.test(permissions)
        ? "PermissionError: a process may not have permissions that this one does not hold"
        : "none";
      strictEqual(error.split(":").slice(0, 2).join(":"), expected, permissions);
    }
    strictEqual(Object.keys(found).length, 5);
  },
);

test("malformed permissions raise ValueError, when the process is made", async () => {
  const wrong: [unknown, RegExp][] = [
    ["all", /^permissions must be "inherit", "none" or an object of lists, not 'all'$/],
    [true, /must be "inherit"/],
    [["read"], /must be "inherit"/],
    [{ reed: true }, /^unknown permission 'reed': there are read, write/],
    [{ read: "/tmp" }, /^permission 'read' must be a boolean, "inherit" or a list/],
    [{ read: 1 }, /must be a boolean/],
    [{ read: [""] }, /^permission 'read' has '' in its list$/],
    [{ read: ["a\0b"] }, /in its list/],
    [{ net: [5] }, /^permission 'net' has 5 in its list$/],
    [{ net: [new URL("file:///x")] }, /in its list/],
    [{ read: [new URL("http://x")] }, /in its list/],
    [{ net: ["no host"] }, /in its list/],
    [{ import: ["a,b"] }, /in its list/],
    [{ env: ["A=b"] }, /in its list/],
    [{ sys: ["no such thing"] }, /in its list/],
  ];
  for (const [permissions, message] of wrong) {
    const options = { target: nothing, permissions: permissions as PermissionsOption };
    throws(() => new Process(options), { name: "ValueError", message });
    throws(() => Pool(1, { permissions: options.permissions }), { name: "ValueError" });
  }
  strictEqual(asWanted("inherit"), undefined);
  strictEqual(asWanted(null), undefined);
  const p = await started(nothing, [], { permissions: null });
  await p.join();
  for (
    const host of ["a.b:80", "*.a.b", "10.0.0.0/8", "[::1]:80", "::1", "unix:/a b"]
  ) {
    deepStrictEqual(asWanted({ net: [host] })!.net, [host]);
  }
});

DENO.test("Deno cannot be told of a path with a comma, and that is said", () => {
  const p = new Process({ target: nothing, permissions: { read: ["/a,b"] } });
  throws(() => p.start(), { name: "ValueError", message: /no comma in it: \/a,b$/ });
});

test("attempt() tells what is refused from what is done", () => {
  strictEqual(attempt(() => 1), "done");
  strictEqual(attempt(() => JSON.parse("{")), "refused");
});
