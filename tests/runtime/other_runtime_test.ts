import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { argumentsForOther, runtimeOf } from "../../src/runtime/other_runtime.ts";
import type { SpawnOptions } from "../../src/runtime/types.ts";
import { test } from "../suite.ts";

function options(executable?: string, grants?: SpawnOptions["grants"]): SpawnOptions {
  const entry = "file:///a%20b/child.js";
  const none = { args: [], cwd: undefined, env: undefined };
  return { executable, grants, entry, ...none };
}

test("a runtime is told by its file's name", () => {
  const names = ["/usr/bin/node", "C:\\x\\bun.exe", "deno", "/opt/node-v26/bin/node26"];
  deepStrictEqual(names.map(runtimeOf), ["node", "bun", "deno", "node"]);
  deepStrictEqual(["/opt/node/start.sh", "/bin/python3", ""].map(runtimeOf), [
    ...[undefined, undefined, undefined],
  ]);
});

test("another runtime gets its own arguments, and none of this one's flags", () => {
  const other = (executable?: string) => argumentsForOther("node", options(executable));
  deepStrictEqual(other("/x/deno"), ["run", "-A", "file:///a%20b/child.js"]);
  deepStrictEqual(other("/x/bun"), ["/a b/child.js"]);
  strictEqual(other("/x/node20"), undefined);
  strictEqual(other("/x/a-script"), undefined);
  strictEqual(other(), undefined);
});

test("another runtime cannot be given a part of the permissions", () => {
  const grants = { net: true } as unknown as SpawnOptions["grants"];
  throws(() => argumentsForOther("deno", options("/x/bun", grants)), {
    message: "deno cannot limit the permissions of a process that bun runs",
  });
  strictEqual(argumentsForOther("deno", options("/x/deno", grants)), undefined);
});

test("an executable gets the arguments alone, and cannot be given a part of the permissions", () => {
  const own = { ...options(), entry: null };
  deepStrictEqual(argumentsForOther("deno", own), []);
  const grants = { net: true } as unknown as SpawnOptions["grants"];
  throws(() => argumentsForOther("deno", { ...own, grants }), {
    message: "deno cannot limit the permissions of a process that an executable runs",
    code: "EPERM",
  });
});
