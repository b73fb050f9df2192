/**
 * Nobody gets more permissions than the process that asked for it: generated over Deno's
 * kinds of permissions and the ways in which they are given and given up.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { SimpleQueue } from "../../mod.ts";
import type { PermissionsOption } from "../../src/process/permissions.ts";
import type { Order, Report } from "../children/permissions.ts";
import { withFolder } from "../helpers/folders.ts";
import { programPath, runCommand, type RunResult } from "../helpers/run.ts";
import {
  lie,
  revokeAtOnce,
  runShell,
  sayQueries,
  sneak,
} from "../helpers/permission_targets.ts";
import { runtimeName, test } from "../suite.ts";
import { exitcodeOf, started } from "../cpython/helpers/checks.ts";

const skip = runtimeName !== "deno" && "only Deno has these permissions";

type Kind = Deno.PermissionDescriptor["name"];

/** Parts of each kind: two that are given in lists, one inside the first, one outside. */
const PARTS: Record<Kind, [string, string, string, string]> = {
  read: ["/etc", "/usr/lib", "/etc/hosts", "/var"],
  write: ["/nowhere/a", "/nowhere/b c", "/nowhere/a/x", "/nowhere"],
  net: ["example.com", "*.example.org", "example.com:80", "example.net"],
  env: ["HOME", "AWS_*", "AWS_KEY", "PATH"],
  run: ["/bin/cat", process.execPath, "/bin/cat", "/bin/true"],
  sys: ["hostname", "osRelease", "hostname", "uid"],
  ffi: ["/usr/lib", "/opt/x", "/usr/lib/y.so", "/opt"],
  import: ["example.com:443", "jsr.io:443", "jsr.io:443", "deno.land:443"],
};
const KINDS = Object.keys(PARTS) as Kind[];

function describe(name: Kind, part: string): Deno.PermissionDescriptor {
  const keys: Record<string, string> = { net: "host", import: "host", env: "variable" };
  const key = { run: "command", sys: "kind", ...keys }[name as string] ?? "path";
  const [, rest] = /^\*(\..*)/.exec(part) ?? [];
  return { name, [key]: rest === undefined ? part : `any${rest}` } as never;
}

const ASKED = KINDS.flatMap((name) => [
  { name } as Deno.PermissionDescriptor,
  ...PARTS[name].map((part) => describe(name, part)),
]);

/** `--allow-read=…` for each kind, or some. */
function lists(effect: string, kinds = KINDS, count = 2): string[] {
  return kinds.map((kind) => {
    return `--${effect}-${kind}=${PARTS[kind].slice(0, count)}`;
  });
}

/** All kinds, in lists from which the first part is taken away again. */
const DENIED = KINDS.filter((kind) => kind !== "run");
const RUN = `--allow-run=/bin/cat,/bin/true,${process.execPath}`;

const PROGRAM = "tests/children/permissions.ts";

function run(
  flags: string[],
  order: Partial<Order>,
  { program = programPath(PROGRAM), cwd }: { program?: string; cwd?: string } = {},
): Promise<RunResult> {
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const hasOwn = flags.some((flag) => /^(--config|-P|--permission-set)/.test(flag));
  const words = ["run", "--no-prompt", "--no-check", ...flags];
  if (!hasOwn) words.push(`--config=${config}`);
  const text = JSON.stringify({ asked: ASKED, ...order });
  return runCommand([process.execPath, ...words, program, text], { cwd });
}

async function reports(
  flags: string[],
  order: Partial<Order> = {},
  cwd?: string,
): Promise<Report[]> {
  const { stdout, stderr } = await run(flags, order, { ...cwd && { cwd } });
  ok(stdout !== "", stderr);
  return JSON.parse(stdout);
}

/** That all three hold the same, and that this is something and not everything. */
function checkSame({ root, child, grandchild }: Report): void {
  deepStrictEqual(child, root);
  deepStrictEqual(grandchild, root);
  ok(root.some((line) => line.endsWith(" no")));
  ok(root.some((line) => / granted/.test(line)));
}

const WAYS: Record<string, string[]> = {
  "lists": lists("allow"),
  "all but lists": [
    "--allow-all",
    ...lists("deny", DENIED),
    "--deny-run=/bin/true,cat",
  ],
  "lists but what is in them": [
    ...lists("allow", DENIED),
    ...lists("deny", DENIED, 1),
    RUN,
  ],
  "all but what is ignored": ["-A", ...lists("ignore", ["read", "env"])],
  "lists but what is ignored": [
    ...lists("allow"),
    "--ignore-read=/etc/hosts",
    "--ignore-env=AWS_KEY",
  ],
  "one kind as a whole, in short": ["-RE", "-W=/nowhere/a", RUN],
  "whole kinds denied": [
    ...["--allow-run", "--deny-net", "--deny-read", "--ignore-env", "--deny-import"],
    ...lists("allow", ["read", "write", "sys"]),
  ],
};

for (const [way, flags] of Object.entries(WAYS)) {
  test(`a child and a grandchild hold what the root holds: ${way}`, async () => {
    for (const report of await reports(flags)) checkSame(report);
  }, { skip });
}

test("what the root has given up nobody has", async () => {
  const revoked: Deno.PermissionDescriptor[] = [
    ...DENIED.filter((name) => name !== "sys").map((name) => ({ name })),
  ];
  const all = await reports(["-A"], { revoked });
  strictEqual(all.length, revoked.length);
  all.forEach(checkSame);
  const parts = KINDS.map((name) => describe(name, PARTS[name][0]));
  const last = (await reports(lists("allow"), { revoked: parts })).map((report) => {
    checkSame(report);
    return report;
  }).at(-1)!;
  for (const name of KINDS) {
    const line = JSON.stringify(describe(name, PARTS[name][0]));
    ok(last.grandchild.includes(`${line} no`), line);
  }
}, { skip, timeout: 120 });

test("what a child has given up its child has not", async () => {
  const kinds = KINDS.map((name) => ({ name }));
  const parts = KINDS.map((name) => describe(name, PARTS[name][0]));
  for (const [flags, revoked] of [[["-A"], kinds], [lists("allow"), parts]] as const) {
    const all = await reports([...flags], { revokedByChild: [...revoked] });
    strictEqual(all.length, revoked.length);
    for (const [i, { root, child, grandchild }] of all.entries()) {
      deepStrictEqual(grandchild, child);
      ok(root.includes(`${JSON.stringify(revoked[i])} granted`));
      for (const [k, given] of revoked.entries()) {
        const line = `${JSON.stringify(given)} ${k <= i ? "no" : "granted"}`;
        ok(grandchild.includes(line), line);
      }
    }
  }
}, { skip, timeout: 120 });

/** A folder with a configuration file that has permission sets. */
function withSets(act: (folder: string) => Promise<void>): Promise<void> {
  const base = fileURLToPath(new URL("../../", import.meta.url));
  const { imports } = JSON.parse(
    Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)),
  );
  const list = (kind: Kind) => PARTS[kind].slice(0, 2);
  const config = {
    imports,
    nodeModulesDir: "manual",
    permissions: {
      default: {
        ...Object.fromEntries(KINDS.map((kind) => [kind, list(kind)])),
        read: { allow: ["/etc", "./data"], deny: ["./data/x"], ignore: ["/etc/hosts"] },
      },
      most: { all: true, read: { deny: ["./data"] }, env: { ignore: ["HOME"] } },
    },
  };
  const text = JSON.stringify(config, null, 1).replace(
    '"imports"',
    '// sets\n"imports"',
  );
  return withFolder((folder) => {
    writeFileSync(`${folder}/deno.jsonc`, text);
    Deno.symlinkSync(`${base}node_modules`, `${folder}/node_modules`);
    return act(folder);
  });
}

test(
  "permission sets of the configuration file reach children",
  () =>
    withSets(async (folder) => {
      const asked = [
        ...ASKED,
        ...["data", "data/x", "other"].map((name) =>
          describe("read", `${folder}/${name}`)
        ),
      ];
      for (const flag of ["-P", "-P=most", "--permission-set=most"]) {
        const flags = [flag, `--config=${folder}/deno.jsonc`];
        for (const report of await reports(flags, { asked })) checkSame(report);
        const more = [...flags, "--deny-sys", "--allow-net"];
        for (const report of await reports(more, { asked })) checkSame(report);
      }
    }),
  { skip, timeout: 120 },
);

test("paths mean the same in children, whatever their directory is", async () => {
  await withFolder(async (folder) => {
    const asked = ["a", "a/b", "c", "."].flatMap((name) => [
      describe("read", `${folder}/${name}`),
      describe("write", `${folder}/${name}`),
    ]);
    const flags = ["--allow-read=a,./c/../d", "--deny-read=a/b", "--allow-write", RUN];
    const all = await reports([...flags, "--deny-write=c,a/b"], { asked }, folder);
    all.forEach(checkSame);
  });
}, { skip });

test("where the command line cannot be read, what is denied stays denied", async () => {
  for (
    const flags of [
      ["-A", "--deny-read=/etc/hosts"],
      ["-A", "--ignore-read=/etc/hosts", "--deny-net=example.com", "--deny-env=HOME"],
      ["--allow-run", "--allow-read", "--allow-env", "--deny-env=HOME"],
    ]
  ) {
    const [report] = await reports(flags, { processes: "/nowhere" });
    const { root, child, grandchild } = report!;
    deepStrictEqual(grandchild, child);
    for (const [i, line] of root.entries()) {
      const isPart = / (no|granted in part)$/.test(line);
      // What is held in part for a reason that is not known, is not held.
      if (isPart) ok(child[i]!.endsWith(" no"), line);
    }
    ok(child.includes('{"name":"run"} granted'));
  }
}, { skip });

test("a child that lies about what it may do gets no more for its child", async () => {
  const some = Object.fromEntries(
    KINDS.map((kind) => [kind, [PARTS[kind][kind === "net" ? 0 : 1]]]),
  );
  for (const permissions of [{}, { ...some, env: ["HOME"], read: ["/tmp"] }]) {
    const honest = await said(sayQueries, [ASKED, 0], permissions);
    for (const kind of ["everything", "all lists", "dots"] as const) {
      const lied = await said(lie, [ASKED, kind], permissions);
      for (const [i, line] of lied.entries()) {
        ok(line === honest[i] || line.endsWith(" no"), `${kind}: ${line}`);
      }
      if (kind !== "dots") deepStrictEqual(lied, honest);
    }
  }
}, { skip, timeout: 120 });

test("a child cannot take back by a lie what it has given up", async () => {
  const revoked = KINDS.map((name) => ({ name }));
  const lied = await said(lie, [ASKED, "everything", revoked], "inherit");
  for (const line of lied) ok(line.endsWith(" no"), line);
}, { skip });

/** The report of a process with few permissions, or of its child. */
async function said<A extends unknown[], T>(
  target: (answers: SimpleQueue<T>, ...args: A) => Promise<void>,
  args: A,
  permissions: PermissionsOption,
): Promise<T> {
  const answers = SimpleQueue<T>();
  const p = await started(target, [answers, ...args], { permissions });
  const answer = await answers.get();
  strictEqual(await exitcodeOf(p), 0);
  return answer;
}

const SNEAKED = [
  ...["LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "ld_audit"],
  ...["NODE_OPTIONS", "DENO_PERMISSION_BROKER_PATH", "DENO_COVERAGE_DIR", "DENO_DIR"],
  ...["OTEL_EXPORTER_OTLP_ENDPOINT", "NPM_CONFIG_REGISTRY", "HOME"],
];

test("a child that may not run programs cannot have one load its code", async () => {
  const names = [...SNEAKED, "NODE_ENV", "MY_OWN"];
  for (const run of [false, ["/bin/cat"]]) {
    const answers = await said(sneak, [names], { env: true, run });
    for (const [i, answer] of answers.entries()) {
      const isHarmless = i >= SNEAKED.length;
      match(
        answer,
        isHarmless ? /^started$/ : /^PermissionError: Requires full run permission/,
      );
    }
  }
  for (
    const answer of await said(sneak, [["NODE_OPTIONS"]], { env: true, run: true })
  ) {
    strictEqual(answer, "started"); // it could start any program by itself
  }
  match(await said(runShell, [], {}), /^PermissionError: .* may not run '\/bin\/sh'$/);
}, { skip });

test("a child may give up at once what its link is made with", async () => {
  for (const names of [["write"], ["read"], ["net"], ["read", "write", "net", "env"]]) {
    const [from, to] = [SimpleQueue<number>(), SimpleQueue<number>()];
    const p = await started(revokeAtOnce, [from, to, names as Kind[]]);
    for (const n of [1, 2]) {
      await from.put(n);
      strictEqual(await to.get(), -n);
    }
    await from.put(0);
    strictEqual(await exitcodeOf(p), 0);
  }
}, { skip });
