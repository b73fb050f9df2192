/** Which flags a child gets: of the process that starts it, and its own. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  groupFlags,
  inheritedFlags,
  refusal,
  type Start,
  startFlags,
  takeInspection,
  withoutBunInspector,
  withoutInspector,
} from "../../src/runtime/flags.ts";
import { test } from "../suite.ts";

const CWD = "/some/place";
const inherited = (runtime: "node" | "bun", words: string[]) =>
  inheritedFlags(runtime, words, () => CWD);

/** A flag and its value, in the forms that runtimes take. */
function forms(flag: string, value: string): string[][] {
  return flag.startsWith("--")
    ? [[flag, value], [`${flag}=${value}`]]
    : [[flag, value]];
}

/** Flags that no child may have, with a value each; null for those that have none. */
const DROPPED: Record<"node" | "bun", [string, string | null][]> = {
  node: [
    ["-e", "CODE"],
    ["--eval", "CODE"],
    ["-p", "CODE"],
    ["--print", "CODE"],
    ["-pe", "CODE"],
    ["-c", null],
    ["--check", null],
    ["-i", null],
    ["--interactive", null],
    ["--input-type", "module"],
    ["--test", null],
    ["--test-reporter", "spec"],
    ["--test-reporter-destination", "stdout"],
    ["--test-name-pattern", "x"],
    ["--test-isolation", "none"],
    ["--experimental-test-coverage", null],
    ["--watch", null],
    ["--watch-path", "./src"],
    ["--watch-preserve-output", null],
    ["--inspect", null],
    ["--inspect-brk", null],
    ["--inspect-wait", null],
    ["--inspect-port", "9444"],
    ["--debug-port", "9444"],
    ["--inspect-publish-uid", "http"],
    ["--run", "task"],
    ["--env-file", ".env"],
    ["--env-file-if-exists", ".env"],
    ["--entry-url", null],
  ],
  bun: [
    ["-e", "CODE"],
    ["--eval", "CODE"],
    ["-p", "CODE"],
    ["--print", "CODE"],
    ["--hot", null],
    ["--watch", null],
    ["--inspect", null],
    ["--inspect-brk", null],
    ["--cwd", "sub"],
    ["--env-file", ".env"],
    ["-t", "x"],
    ["--test-name-pattern", "x"],
  ],
};

/** Flags that each child shares. */
const KEPT: Record<"node" | "bun", [string, string | null][]> = {
  node: [
    ["--no-warnings", null],
    ["--conditions", "dev"],
    ["-C", "dev"],
    ["--import", "tsx"],
    ["-r", "/x/y.cjs"],
    ["--max-old-space-size", "100"],
    ["--title", "x"],
    ["--enable-source-maps", null],
  ],
  bun: [
    ["--smol", null],
    ["--preload", "/x/y.ts"],
    ["-r", "/x/y.ts"],
    ["-d", "A:1"],
    ["--define", "A:1"],
    ["--conditions", "dev"],
    ["-c", "/x/bunfig.toml"],
  ],
};

test("a flag and its value go together, whichever stand beside them", () => {
  for (const runtime of ["node", "bun"] as const) {
    for (const [flag, value] of DROPPED[runtime]) {
      for (const dropped of value === null ? [[flag]] : forms(flag, value)) {
        deepStrictEqual(inherited(runtime, dropped), [], dropped.join(" "));
        for (const [name, text] of KEPT[runtime]) {
          for (const kept of text === null ? [[name]] : forms(name, text)) {
            deepStrictEqual(inherited(runtime, [...dropped, ...kept]), kept);
            deepStrictEqual(inherited(runtime, [...kept, ...dropped]), kept);
            const twice = [...kept, ...dropped, ...kept];
            deepStrictEqual(inherited(runtime, twice), [...kept, ...kept]);
          }
        }
      }
    }
  }
});

test("a subcommand before the flags is none of them", () => {
  deepStrictEqual(inherited("bun", ["run", "--smol"]), ["--smol"]);
  deepStrictEqual(groupFlags(["test", "-t", "x", "--bail"]), [["-t", "x"], ["--bail"]]);
});

test("what is relative to the directory of the start becomes a whole path", () => {
  for (const name of ["--import", "--require", "-r", "--loader"]) {
    for (
      const [path, whole] of [["./x.mjs", "/some/place/x.mjs"], ["../x", "/some/x"]]
    ) {
      deepStrictEqual(inherited("node", [name, path!]), [name, whole]);
      if (name === "-r") continue;
      deepStrictEqual(inherited("node", [`${name}=${path}`]), [`${name}=${whole}`]);
    }
    for (
      const other of ["tsx", "/x/y.mjs", "data:text/javascript,1", "file:///x.mjs"]
    ) {
      deepStrictEqual(inherited("node", [name, other]), [name, other]);
    }
  }
  deepStrictEqual(inherited("node", ["--title", "./x"]), ["--title", "./x"]);
});

test("flags that cannot be a child's are refused, and say why", () => {
  for (const runtime of ["node", "bun", "deno"] as const) {
    for (const word of ["-A", "--allow-net", "--allow-fs-read=*", "--deny-run", "-P"]) {
      strictEqual(
        refusal(runtime, ["--x", word]),
        `'${word}' is given by the option permissions`,
      );
    }
    for (const word of ["--", "-", "-h", "--help", "--version"]) {
      strictEqual(
        refusal(runtime, [word]),
        `'${word}' would keep the process from running its target`,
      );
    }
    strictEqual(refusal(runtime, ["x"]), "'x' is no flag");
    strictEqual(refusal(runtime, ["--x=1", "x"]), "'x' is no flag");
    strictEqual(refusal(runtime, ["--x", "1", "x"]), "'x' is no flag");
    strictEqual(refusal(runtime, ["--x", "1", "--y=2", "-z"]), undefined);
  }
  for (const word of ["-e", "--eval=1", "-p", "--test", "--watch", "-c", "--run=x"]) {
    strictEqual(typeof refusal("node", [word]), "string", word);
  }
  strictEqual(refusal("bun", ["-c", "bunfig.toml"]), undefined);
});

test("the flags for a debugger are taken out, in all their forms", () => {
  const local = { host: "127.0.0.1", from: 9229 };
  for (const flag of ["--inspect", "--inspect-brk", "--inspect-wait"]) {
    const table: [string[], { host: string; from: number }][] = [
      [[flag], local],
      [[`${flag}=9333`], { ...local, from: 9333 }],
      [[`${flag}=0`], { ...local, from: 0 }],
      [[`${flag}=0.0.0.0:9333`], { host: "0.0.0.0", from: 9333 }],
      [[`${flag}=localhost`], { ...local, host: "localhost" }],
      [[`${flag}=[::1]:9333`], { host: "[::1]", from: 9333 }],
      [[flag, "--inspect-port", "9444"], { ...local, from: 9444 }],
      [["--debug-port=9444", flag], { ...local, from: 9444 }],
    ];
    for (const [words, place] of table) {
      deepStrictEqual(takeInspection(["--a", "1", ...words, "--b"]), {
        flags: ["--a", "1", "--b"],
        inspection: { flag, ...place },
      }, words.join(" "));
    }
  }
  const { inspection } = takeInspection(["--inspect-port=9444"]);
  strictEqual(inspection, undefined);
});

test("the variables of Node and Bun give no child a debugger", () => {
  deepStrictEqual(withoutInspector(undefined), []);
  deepStrictEqual(withoutInspector("--import ./inspect.js --inspector"), []);
  deepStrictEqual(withoutInspector("--inspect"), ["--no-inspect"]);
  deepStrictEqual(
    withoutInspector("--a --inspect=9333 --inspect-brk=1 --inspect-wait --inspect-brk"),
    ["--no-inspect", "--no-inspect-brk", "--no-inspect-wait"],
  );
  const own = { A: "1", BUN_INSPECT: "ws://x", BUN_INSPECT_NOTIFY: "y" };
  deepStrictEqual(withoutBunInspector(own), { A: "1" });
  deepStrictEqual(withoutBunInspector({ BUN_OPTIONS: "--inspect=9 --smol" }), {
    BUN_OPTIONS: "--smol",
  });
  deepStrictEqual(withoutBunInspector({ BUN_OPTIONS: "--inspect-brk" }), {});
});

test("each child has a port of its own", () => {
  const start = (more: Partial<Start>): Start => ({
    executable: undefined,
    execArgv: undefined,
    inspect: undefined,
    env: {},
    ...more,
  });
  const plusOne = (from: number) => from + 1;
  const node = startFlags("node", start({ execArgv: ["--x"], inspect: 9300 }), plusOne);
  deepStrictEqual(node, {
    flags: ["--x", "--inspect=127.0.0.1:9301"],
    env: {},
    port: 9301,
    address: "127.0.0.1:9301",
  });
  // The option's port, the flag's manner.
  const both = startFlags(
    "deno",
    start({ execArgv: ["--inspect-brk=1.2.3.4:5"], inspect: 9300 }),
    plusOne,
  );
  deepStrictEqual(both.flags, ["--inspect-brk=1.2.3.4:9301"]);
  const env = { NODE_OPTIONS: "--inspect=9333" };
  const none = startFlags("node", start({ execArgv: [], env }), plusOne);
  deepStrictEqual([none.flags, none.port], [["--no-inspect"], undefined]);
  const some = startFlags("node", start({ execArgv: [], env, inspect: 0 }), plusOne);
  deepStrictEqual(some.flags, ["--inspect=127.0.0.1:1"]);
  const bun = startFlags("bun", start({ execArgv: [], inspect: 7 }), plusOne);
  deepStrictEqual(bun.address, "ws://127.0.0.1:8/debug");
  deepStrictEqual(bun.flags, ["--inspect=127.0.0.1:8/debug"]);
});
