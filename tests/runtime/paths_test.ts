import { strictEqual } from "node:assert/strict";
import { fileUrl, pathOf } from "../../src/runtime/paths.ts";
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

test("a path is a file's URL, whichever system has written it", () => {
  for (
    const [path, url] of [
      ["/a b/c#?%.ts", "file:///a%20b/c%23%3F%25.ts"],
      ["C:\\Program Files\\x.cjs", "file:///C:/Program%20Files/x.cjs"],
      ["\\\\server\\share\\x.cjs", "file://server/share/x.cjs"],
    ]
  ) {
    strictEqual(fileUrl(path!), url);
    strictEqual(pathOf(url!, !path!.startsWith("/")), path);
  }
});
