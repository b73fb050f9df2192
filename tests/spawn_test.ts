import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { type OSError, Process, set_executable } from "../mod.ts";
import { ProtocolError } from "../src/python/errors.ts";
import { get_executable, launchConfig, readLaunchConfig } from "../src/spawn.ts";
import { decode, encode } from "../src/wire/codec.ts";
import { nothing } from "./children/basics.ts";
import { test } from "./suite.ts";

test("set_executable() takes a path, a file URL or null", () => {
  set_executable("/a b");
  strictEqual(get_executable(), "/a b");
  set_executable(new URL("file:///a%20b"));
  strictEqual(get_executable(), "/a b");
  set_executable(null);
  strictEqual(get_executable(), null);
  throws(() => set_executable(5 as never), TypeError);
});

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

test("readLaunchConfig() takes what launchConfig() makes, and nothing else", () => {
  const made = launchConfig("p", {} as never);
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
});
