/** Tests of src/runtime/permissions/deno_flags.ts. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  flagsFor,
  permissionFlags,
} from "../../../src/runtime/permissions/deno_flags.ts";
import { allGrants } from "../../../src/runtime/permissions/grants.ts";
import { runProgram } from "../../helpers/run.ts";
import { DENO } from "../../helpers/groups.ts";
import { test } from "../../suite.ts";

async function flagsUnder(flags: string[], args: string[] = []): Promise<string[]> {
  const program = "tests/children/deno_flags.ts";
  const { stdout, stderr } = await runProgram(program, { flags, args });
  ok(stdout !== "", stderr);
  return JSON.parse(stdout);
}

function permissions(flags: string[]): string[] {
  return flags.filter((flag) => /^--(allow|deny|ignore)/.test(flag)).sort();
}

DENO.test("flags() hands on everything that is allowed", async () => {
  const flags = await flagsUnder(["-A", "--v8-flags=--max-old-space-size=500"]);
  deepStrictEqual(permissions(flags), ["--allow-all"]);
  ok(flags.includes("--no-prompt"));
  ok(flags.includes("--v8-flags=--max-old-space-size=500"));
  ok(flags.some((flag) => flag.startsWith("--config=")));
});

DENO.test("flags() hands on parts of permissions, and what is denied", async () => {
  const flags = await flagsUnder([
    ...["--no-prompt", "--allow-run", "--allow-read"],
    ...[
      "--allow-net=localhost:80,example.org",
      "--allow-env=HOME",
      "--deny-env=SECRET",
    ],
  ]);
  deepStrictEqual(permissions(flags), [
    "--allow-env=HOME",
    "--allow-net=localhost:80,example.org",
    "--allow-read",
    "--allow-run",
    "--deny-env=SECRET",
  ]);
});

DENO.test("flags() hands on nothing that was revoked meanwhile", async () => {
  const given = ["--no-prompt", "--allow-run", "--allow-read", "--allow-net"];
  const flags = await flagsUnder(given);
  deepStrictEqual(permissions(flags), ["--allow-net", "--allow-read", "--allow-run"]);
  const left = await flagsUnder(given, ["revoke"]);
  deepStrictEqual(permissions(left), ["--allow-read", "--allow-run"]);
});

test("permissionFlags(): lists, exceptions, and nothing that a comma would widen", () => {
  const none = allGrants(false);
  deepStrictEqual(permissionFlags(undefined), ["--allow-all"]);
  // Without a flag modules might be fetched from some hosts.
  deepStrictEqual(permissionFlags(none), ["--allow-import=none.invalid:1"]);
  const flags = permissionFlags({
    ...none,
    read: { allow: ["/a", "/b,c"], deny: ["/a/x"], ignore: true },
    write: { allow: true, deny: ["/d,e"], ignore: [] },
    import: { allow: true, deny: [], ignore: [] },
    isOffline: true,
  });
  deepStrictEqual(flags, [
    ...["--allow-read=/a", "--deny-read=/a/x", "--ignore-read"],
    ...["--allow-write", "--deny-write", "--allow-import", "--cached-only"],
  ]);
});

DENO.test(
  "flagsFor(): a child that may not read everything has our program in its own",
  () => {
    const entry = "file:///p/child.ts";
    const preloads = (grants: Parameters<typeof flagsFor>[0]) =>
      flagsFor(grants, entry).filter((flag) => flag.startsWith("--preload="));
    deepStrictEqual(preloads(undefined), []);
    deepStrictEqual(preloads(allGrants(true)), []);
    const [preload] = preloads(allGrants(false));
    const [head, code] = decodeURIComponent(preload!).split(",");
    strictEqual(head, "--preload=data:text/javascript");
    strictEqual(code, `()=>import(${JSON.stringify(Deno.mainModule)})`);
  },
);
