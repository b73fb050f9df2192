/** What the root refuses to a child; how a child tries, is in security_permissions_test.ts. */
import { doesNotThrow, throws } from "node:assert/strict";
import process from "node:process";
import { checkLaunch } from "../src/permitted.ts";
import { allGrants, type Grants } from "../src/runtime/grants.ts";
import type { LaunchConfig } from "../src/spawn.ts";
import { test } from "./suite.ts";

function launch(some: Partial<LaunchConfig>): LaunchConfig {
  return {
    name: "Process-1:1",
    executable: null,
    args: [],
    cwd: "/",
    env: null,
    keepsStderr: false,
    grants: null,
    init: new Uint8Array(),
    ...some,
  };
}

const FREE: (Grants | undefined)[] = [
  undefined,
  allGrants(true),
  { ...allGrants(false), run: allGrants(true).run },
];
const BOUND: Grants[] = [
  allGrants(false),
  { ...allGrants(true), run: { allow: ["/bin/cat"], deny: [], ignore: [] } },
  { ...allGrants(true), run: { allow: true, deny: ["/bin/cat"], ignore: [] } },
];

test("a process that may run every program may have the root run it", () => {
  const asked = launch({ executable: "/bin/sh", env: { LD_PRELOAD: "/x.so" } });
  for (const grants of FREE) doesNotThrow(() => checkLaunch(asked, grants));
});

test("another one may run nothing but children, without variables that load code", () => {
  for (const grants of BOUND) {
    throws(() => checkLaunch(launch({ executable: "/bin/sh" }), grants), {
      name: "PermissionError",
      message: "Process-1:1 may not run '/bin/sh'",
    });
    for (const name of ["LD_X", "ld_x", " LD_X", "DYLD_X", "DENO_X", "NODE_OPTIONS"]) {
      throws(() => checkLaunch(launch({ env: { [name]: "x" } }), grants), {
        name: "PermissionError",
        message: /^Requires full run permission .* LD_X$| ?\w+$/i,
      });
    }
    const HOME = process.env["HOME"] ?? "";
    const harmless = { NODE_ENV: "x", OLD_X: "x", ...HOME !== "" && { HOME } };
    doesNotThrow(() => checkLaunch(launch({ env: harmless }), grants));
    doesNotThrow(() => checkLaunch(launch({}), grants));
  }
});
