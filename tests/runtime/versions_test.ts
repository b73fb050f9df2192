import { strictEqual } from "node:assert/strict";
import { complaint } from "../../src/runtime/versions.ts";
import { test } from "../suite.ts";

test("a runtime that is too old is told so, and no other", () => {
  const table = {
    node: [
      ["18.20.8", "20.0.0", "20.15.1", "21.7.3", "22.0.0", "22.2.0"],
      [
        "20.16.0",
        "20.20.2",
        "22.3.0",
        "22.12.0",
        "23.0.0",
        "26.10.0",
        "27.0.0-nightly1",
      ],
    ],
    bun: [["0.8.1", "1.1.45", "1.2.5"], ["1.2.6", "1.2.22", "1.4.5", "2.0.0"]],
    deno: [["1.46.3", "2.0.0", "2.3.7"], ["2.4.0", "2.9.6", "2.10.0+abc", "3.0.0"]],
  };
  for (const [name, [old, later]] of Object.entries(table)) {
    const runtime = name as "node" | "bun" | "deno";
    for (const version of later!) {
      strictEqual(complaint(runtime, version), undefined, version);
    }
    for (const version of old!) {
      const title = name[0]!.toUpperCase() + name.slice(1);
      strictEqual(
        complaint(runtime, version),
        "@pystd/multiprocessing needs Node 20.16 or 22.3, Bun 1.2.6 or Deno 2.4 or later; " +
          `this is ${title} ${version}`,
      );
    }
  }
});
