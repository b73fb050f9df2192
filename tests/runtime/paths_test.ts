import { strictEqual } from "node:assert/strict";
import { pathOf } from "../../src/runtime/paths.ts";
import { test } from "../suite.ts";

test("a file's URL is a path as the system writes it", () => {
  const table: [string, string, string][] = [
    ["file:///a%20b/c.ts", "/a b/c.ts", "\\a b\\c.ts"],
    [
      "file:///C:/Program%20Files/x.exe",
      "/C:/Program Files/x.exe",
      "C:\\Program Files\\x.exe",
    ],
    ["file://server/share/x.exe", "/share/x.exe", "\\\\server\\share\\x.exe"],
    ["file:///", "/", "\\"],
  ];
  for (const [url, posix, windows] of table) {
    strictEqual(pathOf(url, false), posix);
    strictEqual(pathOf(new URL(url), true), windows);
  }
});
