import { deepStrictEqual, doesNotThrow, rejects, throws } from "node:assert/strict";
import process from "node:process";
import { type OSError, Process, set_executable } from "../../mod.ts";
import {
  checkLaunch,
  type LaunchConfig,
  readLaunchConfig,
} from "../../src/link/launch.ts";
import { identity } from "../../src/process/identity.ts";
import { asHost } from "../../src/process/hosts.ts";
import { launchConfigs } from "../../src/process/popen.ts";
import { ProtocolError } from "../../src/python/errors.ts";
import { allGrants, type Grants } from "../../src/runtime/permissions/grants.ts";
import { decode, encode } from "../../src/codec/codec.ts";
import { nothing } from "../children/basics.ts";
import { test } from "../suite.ts";

test("a program that is not there raises at start()", async () => {
  set_executable("/no/such/program");
  try {
    const p = new Process({ target: nothing });
    throws(() => p.start(), (error) => {
      deepStrictEqual([(error as OSError).name, (error as OSError).errno], [
        "FileNotFoundError",
        2,
      ]);
      return true;
    });
    await rejects(async () => await p.join(), { name: "AssertionError" });
  } finally {
    set_executable(null);
  }
});

test("readLaunchConfig() takes what launchConfigs() makes, and nothing else", () => {
  const { launch: made } = launchConfigs(identity.current.child("Process", "p"));
  const config = decode(made) as Record<string, unknown>;
  deepStrictEqual(readLaunchConfig(made), config);
  const hostile = [
    null,
    undefined,
    1,
    NaN,
    true,
    "x",
    [],
    [1],
    {},
    { a: 1 },
    new Map(),
  ];
  for (const [name, right] of Object.entries(config)) {
    const { [name]: _, ...less } = config;
    throws(() => readLaunchConfig(encode(less)), ProtocolError);
    for (const value of [...hostile, new Uint8Array(1)]) {
      const isRight = typeof value === typeof right &&
          (typeof right !== "object" || right instanceof Uint8Array ===
              value instanceof Uint8Array) ||
        value === null && ["executable", "env"].includes(name) ||
        name === "executable" && value === "x";
      if (isRight) continue;
      throws(
        () => readLaunchConfig(encode({ ...config, [name]: value })),
        ProtocolError,
        `${name}: ${value}`,
      );
    }
  }
  for (const args of [[1], [null], [["x"]]]) {
    throws(() => readLaunchConfig(encode({ ...config, args })), ProtocolError);
  }
  for (const env of [{ a: 1 }, { a: null }, [], "x"]) {
    throws(() => readLaunchConfig(encode({ ...config, env })), ProtocolError);
  }
  for (const value of hostile) {
    throws(() => readLaunchConfig(encode(value)), ProtocolError);
  }
  const host = asHost({ command: ["x"], folders: { "/a": "/b" } }, "host");
  deepStrictEqual(readLaunchConfig(encode({ ...config, host })).host, host);
  const wrong = {
    name: 1,
    command: [],
    folders: [["/a"]],
    executable: 1,
    cwd: 1,
    quote: 1,
  };
  for (const [name, value] of Object.entries(wrong)) {
    const bad = { ...config, host: { ...host, [name]: value } };
    throws(() => readLaunchConfig(encode(bad)), ProtocolError, name);
  }
  throws(() => readLaunchConfig(encode({ ...config, needsCwd: 1 })), ProtocolError);
});

// How a child tries to get more than it may, is in security_permissions_test.ts.

function launch(some: Partial<LaunchConfig>): LaunchConfig {
  return {
    name: "Process-1:1",
    executable: null,
    args: [],
    cwd: "/",
    env: null,
    keepsStderr: false,
    grants: null,
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
  for (const grants of FREE) doesNotThrow(() => checkLaunch(asked, grants, null));
});

test("another one may run nothing but children, without variables that load code", () => {
  for (const grants of BOUND) {
    throws(() => checkLaunch(launch({ executable: "/bin/sh" }), grants, null), {
      name: "PermissionError",
      message: "Process-1:1 may not run '/bin/sh'",
    });
    for (const name of ["LD_X", "ld_x", " LD_X", "DYLD_X", "DENO_X", "NODE_OPTIONS"]) {
      throws(() => checkLaunch(launch({ env: { [name]: "x" } }), grants, null), {
        name: "PermissionError",
        message: /^Requires full run permission .* LD_X$| ?\w+$/i,
      });
    }
    const HOME = process.env["HOME"] ?? "";
    const harmless = { NODE_ENV: "x", OLD_X: "x", ...HOME !== "" && { HOME } };
    doesNotThrow(() => checkLaunch(launch({ env: harmless }), grants, null));
    doesNotThrow(() => checkLaunch(launch({}), grants, null));
    // The root's own program is what children run anyhow.
    const host = asHost(["ssh", "worker1"], "host");
    throws(() => checkLaunch(launch({ host }), grants, null), {
      name: "PermissionError",
      message: "Process-1:1 may not run on worker1",
    });
    const own = launch({ executable: "/bin/own" });
    doesNotThrow(() => checkLaunch(own, grants, "/bin/own"));
    throws(() => checkLaunch(own, grants, "/bin/other"), { name: "PermissionError" });
  }
});
