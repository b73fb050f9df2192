/** Tests of src/runtime/permissions/grants.ts. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  absolutePath,
  allGrants,
  checkGrants,
  type Extent,
  type GrantKind,
  type Grants,
  hasPart,
  isEverything,
  KINDS,
  meet,
} from "../../../src/runtime/permissions/grants.ts";
import { test } from "../../suite.ts";

const COVERED: [GrantKind, whole: string, part: string, expected: boolean][] = [
  ["read", "/a", "/a", true],
  ["read", "/a", "/a/b/c", true],
  ["read", "/", "/etc", true],
  ["read", "/a/", "/a/b", true],
  ["read", "/a", "/ab", false],
  ["read", "/a/b", "/a", false],
  ["read", "/a", "/a/../etc", false],
  ["write", "/a", "/a/./b", false],
  ["ffi", "/a", "/a//b", false],
  ["read", "C:\\a", "C:\\a\\b", true],
  ["read", "C:\\a", "C:\\a\\..\\b", false],
  ["net", "a.b", "a.b", true],
  ["net", "a.b", "a.b:80", true],
  ["net", "a.b:80", "a.b", false],
  ["net", "a.b:80", "a.b:8080", false],
  ["net", "a.b", "c.a.b", false],
  ["net", "*.a.b", "c.a.b", true],
  ["net", "*.a.b", "c.a.b:1", true],
  ["net", "*.a.b:1", "c.a.b:1", true],
  ["net", "*.a.b:1", "c.a.b:2", false],
  ["net", "*.a.b", "a.b", false],
  ["net", "*.a.b", "ca.b", false],
  ["net", "10.0.0.0/8", "10.255.1.2:80", true],
  ["net", "10.0.0.0/8", "11.0.0.0", false],
  ["net", "0.0.0.0/0", "11.0.0.0", true],
  ["net", "10.0.0.0/40", "10.0.0.0:1", false],
  ["net", "[::1]", "[::1]:80", true],
  ["net", "unix:/a", "unix:/a/b", false],
  ["import", "a.b", "a.b:443", true],
  ["env", "A_*", "A_B", true],
  ["env", "A_*", "A_*", true],
  ["env", "A_*", "AB", false],
  ["env", "A", "AB", false],
  ["run", "/bin", "/bin/sh", false],
  ["sys", "uid", "uid", true],
];

test("hasPart(): a part is in a whole, where that is sure", () => {
  for (const [kind, whole, part, expected] of COVERED) {
    strictEqual(hasPart(kind, [whole], part), expected, `${kind}: ${part} in ${whole}`);
    strictEqual(hasPart(kind, true, part), true);
    strictEqual(hasPart(kind, [], part), false);
  }
});

const EXTENTS: Extent[] = [true, [], ["/a"], ["/a/b", "/c"], ["/c/d", "/a", "/e"]];

/** Grants with these extents for files, and everything besides. */
function files(allow: Extent, deny: Extent, ignore: Extent): Grants {
  return { ...allGrants(true), read: { allow, deny, ignore } };
}

/** Whether a path may be read. */
function mayRead({ read }: Grants, path: string): boolean {
  return hasPart("read", read.allow, path) && !hasPart("read", read.deny, path) &&
    !hasPart("read", read.ignore, path);
}

test("meet(): allowed is what both allow, of every pair", () => {
  const paths = ["/", "/a", "/a/b", "/a/b/x", "/a/c", "/c", "/c/d", "/e", "/f"];
  const all = EXTENTS.flatMap((allow) =>
    EXTENTS.flatMap((deny) => EXTENTS.map((ignore) => files(allow, deny, ignore)))
  );
  for (const a of all) {
    for (const b of all) {
      const met = meet(a, b) ?? allGrants(true);
      for (const path of paths) {
        strictEqual(mayRead(met, path), mayRead(a, path) && mayRead(b, path));
      }
    }
  }
});

test("meet(): undefined is everything, and everything is undefined", () => {
  strictEqual(meet(undefined, undefined), undefined);
  strictEqual(meet(allGrants(true), undefined), undefined);
  strictEqual(meet(allGrants(true), allGrants(true)), undefined);
  deepStrictEqual(meet(undefined, allGrants(false)), allGrants(false));
  ok(isEverything(allGrants(true)) && !isEverything(allGrants(false)));
  const offline = { ...allGrants(true), isOffline: true };
  deepStrictEqual(meet(offline, allGrants(true)), offline);
  deepStrictEqual(meet(undefined, offline), offline);
});

test("meet(): more exceptions than the limit deny all", () => {
  let grants: Grants | undefined = allGrants(true);
  for (let i = 0; i < 1001; i++) grants = meet(grants, files(true, [`/${i}`], []));
  strictEqual(grants!.read.deny, true);
});

test("absolutePath(): nothing in it leads elsewhere", () => {
  const cases: [path: string, directory: string, expected: string][] = [
    ["a", "/x", "/x/a"],
    ["./a/../b/", "/x", "/x/b"],
    ["../../../a", "/x/y", "/a"],
    ["/a//b/.", "/x", "/a/b"],
    ["/", "/x", "/"],
    [".", "/x/y", "/x/y"],
    ["..", "/x", "/"],
    ["a b%20#?", "/x", "/x/a b%20#?"],
    ["a/..\\b", "C:\\x", "C:\\x\\b"],
    ["D:/a/./b", "C:\\x", "D:\\a\\b"],
    ["C:\\", "C:\\x", "C:\\"],
    ["\\\\server\\share\\..\\a", "C:\\x", "\\\\server\\a"],
  ];
  for (const [path, directory, expected] of cases) {
    strictEqual(absolutePath(path, directory), expected, path);
  }
});

test("checkGrants(): takes what was sent, and nothing that is malformed", () => {
  const grants = files(["/a"], true, ["/b"]);
  deepStrictEqual(checkGrants(structuredClone(grants)), grants);
  const offline = { ...grants, isOffline: true };
  deepStrictEqual(checkGrants(structuredClone(offline)), offline);
  strictEqual(checkGrants(null), undefined);
  deepStrictEqual(
    checkGrants({ ...grants, more: 1, net: { ...grants.net, allow: ["", "a"] } })!.net,
    { allow: ["a"], deny: [], ignore: [] },
  );
  const wrong: unknown[] = [1, "x", [], {}, { ...grants, read: undefined }];
  for (const kind of KINDS) {
    for (const allow of [1, "all", false, null, [1], ["a\0b"], { length: 1 }]) {
      wrong.push({ ...grants, [kind]: { ...grants[kind], allow } });
    }
  }
  for (const value of wrong) throws(() => checkGrants(value), TypeError);
});
