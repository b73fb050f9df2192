/** Tests of src/runtime/permissions/deno_command_line.ts. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  claims,
  type CommandLine,
  flagWords,
  IMPORT_HOSTS,
  read,
  readCommandLine,
  setProcesses,
} from "../../../src/runtime/permissions/deno_command_line.ts";
import type { GrantKind, Grants } from "../../../src/runtime/permissions/grants.ts";
import { DENO } from "../../helpers/groups.ts";
import { test } from "../../suite.ts";

function claim(words: string[], text = ""): Grants {
  const line: CommandLine = {
    words: ["deno", "run", ...words, "main.ts"],
    config: "/x/deno.json",
    text,
    path: "",
  };
  return claims(line);
}

/** The grants that these words change. */
function said(words: string[], text?: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const none = claim([]);
  for (const [kind, grant] of Object.entries(claim(words, text))) {
    for (const [effect, extent] of Object.entries(grant as Grants[GrantKind])) {
      const before = none[kind as GrantKind][effect as "allow"];
      if (String(before) !== String(extent)) found[`${effect} ${kind}`] = extent;
    }
  }
  return found;
}

test("flagWords(): what stands before the script, each with its value", () => {
  const words = "deno run -A -c d.json --seed 1 -- --allow-net".split(" ");
  deepStrictEqual(flagWords(words), ["-A", "--config=d.json", "--seed=1"]);
  deepStrictEqual(flagWords(["deno", "--quiet", "x.ts", "-A"]), ["--quiet"]);
  deepStrictEqual(flagWords([]), []);
});

test("claims(): flags of each form", () => {
  const cases: [words: string[], expected: Record<string, unknown>][] = [
    [["--allow-read"], { "allow read": true }],
    [["--allow-read=/a,b", "--allow-read=c"], { "allow read": ["/a", "b", "c"] }],
    // Deno counts the list alone.
    [["--allow-read", "--allow-read=/a"], { "allow read": ["/a"] }],
    [["-RW=/a"], { "allow read": ["/a"], "allow write": ["/a"] }],
    [["-NE"], { "allow net": true, "allow env": true }],
    [["-S=uid", "-I=a.b"], { "allow sys": ["uid"], "allow import": ["a.b"] }],
    [["--deny-run", "--deny-run=/x"], { "deny run": true }],
    [["--ignore-env=A", "--ignore-env=B"], { "ignore env": ["A", "B"] }],
    [["--allow-net=,a.b,"], { "allow net": ["a.b"] }],
    [["--allow-nothing=x", "--denyread", "--quiet"], {}],
  ];
  for (const [words, expected] of cases) deepStrictEqual(said(words), expected);
  deepStrictEqual(claim([]).import.allow, IMPORT_HOSTS);
  for (const grant of Object.values(claim(["-A"]))) {
    strictEqual((grant as Grants["read"]).allow, true);
  }
});

const SETS = `{ // a comment, with "quotes"
  "permissions": {
    /* the first */ "default": {
      "read": { "allow": ["./a", "/b"], "deny": ["c//d"], "ignore": [], },
      "env": ["A", "//B"], "net": true, "run": ["git", "./tool"], "write": false,
    },
    "most": { "all": true, "sys": { "deny": true } },
    "odd": { "read": 5, "net": null, "env": { "allow": "x" }, "run": [1, ""] },
  },
}`;

test("claims(): sets of the configuration file, whose paths are seen from there", () => {
  deepStrictEqual(said(["-P"], SETS), {
    "allow read": ["/x/./a", "/b"],
    "deny read": ["/x/c//d"],
    "allow env": ["A", "//B"],
    "allow net": true,
    "allow run": ["git", "/x/./tool"],
  });
  const most = claim(["--permission-set=most", "--deny-env=A"], SETS);
  strictEqual(most.read.allow, true);
  deepStrictEqual([most.sys.deny, most.env.deny], [true, ["A"]]);
  deepStrictEqual(said(["-P=odd"], SETS), {});
  deepStrictEqual(said(["-P=none"], SETS), {});
  deepStrictEqual(said(["-P"], "{ not JSON"), {});
  deepStrictEqual(said(["-P"], ""), {});
});

DENO.test("readCommandLine(): the words, the configuration file, and PATH", () => {
  const { words, config, text, path } = readCommandLine(true);
  strictEqual(words[1], "test");
  ok(config!.endsWith("/deno.json") && text.includes('"permissions"') === false);
  strictEqual(path, Deno.env.get("PATH"));
  // Another process reads the same.
  deepStrictEqual(readCommandLine(false), { words, config, text, path });
});

DENO.test("readCommandLine(): nothing is known where there is no /proc", () => {
  setProcesses("/nowhere");
  try {
    for (const isFree of [true, false]) {
      const { words, config } = readCommandLine(isFree);
      deepStrictEqual(words, []);
      ok(config!.endsWith("/deno.json"));
    }
  } finally {
    setProcesses("/proc");
  }
});

DENO.test("the search for the configuration ends at the root of every system", () => {
  const look = (start: string, isWindows: boolean) => {
    const asked: string[] = [];
    const { readTextFileSync } = Deno;
    Deno.readTextFileSync = (path) => {
      asked.push(String(path));
      throw new Deno.errors.NotFound();
    };
    try {
      const place = { file: "/none", start, cwd: "C:/x", isWindows };
      deepStrictEqual(read(place).config, undefined);
    } finally {
      Deno.readTextFileSync = readTextFileSync;
    }
    return asked.filter((path) => path.endsWith("deno.json"));
  };
  deepStrictEqual(look("file:///a%20b/c/", false), [
    ...["/a b/c/deno.json", "/a b/deno.json", "/deno.json"],
  ]);
  deepStrictEqual(look("file:///C:/a%20b/", true), [
    "C:/a b/deno.json",
    "C:/deno.json",
  ]);
  deepStrictEqual(look("file://server/share/a/", true), [
    "//server/share/a/deno.json",
    "//server/share/deno.json",
    "//server/deno.json",
  ]);
});
