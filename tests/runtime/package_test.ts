import { strictEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { VERSION } from "../../src/runtime/package.ts";
import { test } from "../suite.ts";

/** What tells the package's version: in the sources, or where it is installed. */
const DESCRIPTION = [
  new URL("../../deno.json", import.meta.url),
  new URL("../../node_modules/@pystd/multiprocessing/package.json", import.meta.url),
].find((url) => existsSync(url))!;

test("VERSION is that of the package", () => {
  strictEqual(VERSION, JSON.parse(readFileSync(DESCRIPTION, "utf8")).version);
});
