/** Tests of src/runtime/permissions/node.ts. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import {
  allGrants,
  type Grants,
  KINDS,
} from "../../../src/runtime/permissions/grants.ts";
import {
  nodePermissions,
  programFiles,
  startOptions,
} from "../../../src/runtime/permissions/node.ts";
import { programPath } from "../../helpers/run.ts";
import { runtimeName, testsWith } from "../../suite.ts";

const NODE = testsWith({ skip: runtimeName !== "node" && "only Node has these flags" });

const none = () => [];

function limited(some: Partial<Grants>): Grants {
  const all = allGrants(true);
  return { ...allGrants(false), net: all.net, sys: all.sys, ...some };
}

NODE.test("startOptions(): nothing, if nothing is limited", () => {
  const env = { A: "1" };
  for (const grants of [undefined, allGrants(true)]) {
    deepStrictEqual(startOptions(grants, ["--x", "--permission"], env, none), {
      flags: ["--x", "--permission"],
      env,
    });
  }
});

NODE.test(
  "startOptions(): flags for files, programs and native code; the rest of the environment",
  () => {
    const { flags, env } = startOptions(
      limited({
        read: { allow: ["/a", "/b c"], deny: [], ignore: [] },
        env: { allow: ["A", "B_*"], deny: [], ignore: [] },
      }),
      ["--allow-fs-read=/", "--stack-size=900", "--allow-worker"],
      { A: "1", B_C: "2", AB: "3" },
      () => ["/program.js", "/a"],
    );
    deepStrictEqual(env, { A: "1", B_C: "2" });
    const [first, second, ...rest] = flags;
    strictEqual(first, "--stack-size=900");
    ok(/^--(experimental-)?permission$/.test(second!));
    deepStrictEqual(
      rest,
      ["/a", "/b c", "/program.js"].map((path) => `--allow-fs-read=${path}`),
    );
    const { write, run, ffi } = allGrants(true);
    const { flags: [, ...more] } = startOptions(
      limited({ write, run, ffi }),
      [],
      {},
      none,
    );
    deepStrictEqual(more, [
      ...["--allow-fs-write=*", "--allow-child-process", "--allow-worker"],
      ...["--allow-addons", "--allow-wasi"],
    ]);
  },
);

NODE.test(
  "startOptions(): permissions in NODE_OPTIONS do not add to those of the flags",
  () => {
    process.env["NODE_OPTIONS"] = '--permission --allow-fs-read=/ --title="a b"';
    try {
      const { env } = startOptions(limited({}), [], {
        NODE_OPTIONS: "--allow-fs-read=/",
      }, none);
      deepStrictEqual(env, { NODE_OPTIONS: '--title="a b"' });
      ok(nodePermissions.isHandedOn("NODE_OPTIONS", '--title="a b"'));
      ok(nodePermissions.isHandedOn("NODE_OPTIONS", process.env["NODE_OPTIONS"]));
      ok(!nodePermissions.isHandedOn("NODE_OPTIONS", "--allow-fs-read=/"));
    } finally {
      delete process.env["NODE_OPTIONS"];
    }
  },
);

NODE.test(
  "limit(): kinds that Node cannot limit are told, each with what to say",
  () => {
    const wants = (some: object) =>
      nodePermissions.limit({
        ...Object.fromEntries(KINDS.map((kind) => [kind, []])),
        ...some,
      } as never);
    ok(wants({}).unable.includes("'sys' (say sys: true)"));
    deepStrictEqual(wants({ net: true, sys: true }).unable, []);
    deepStrictEqual(wants({ net: "inherit", sys: "inherit" }).unable, []);
    deepStrictEqual(wants({ net: true, sys: true, ffi: ["/x"] }).unable, [
      "'ffi' to a list (say ffi: true or false)",
    ]);
    deepStrictEqual(
      wants({ net: true, sys: true, read: ["x/.."] }).grants.read.allow,
      [process.cwd()],
    );
  },
);

NODE.test("programFiles(): the main module and what it imports, and packages", () => {
  const main = programPath("tests/process/permissions_test.ts");
  const entry = programPath("src/child.ts");
  const files = programFiles(main, entry);
  const wants = [
    "tests/process/permissions_test.ts",
    "tests/helpers/permission_targets.ts",
  ];
  for (const path of wants) ok(files.includes(programPath(path)), path);
  ok(files.some((file) => file.endsWith("node_modules")));
  ok(!files.includes(programPath("tests/pool_test.ts")));
  strictEqual(programFiles(main, entry), files); // read once
  ok(programFiles(undefined, entry).length > 0);
});
