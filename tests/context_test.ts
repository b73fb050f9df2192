import { strictEqual, throws } from "node:assert/strict";
import {
  allow_connection_pickling,
  AuthenticationError,
  BufferTooShort,
  get_context,
  get_start_method,
  is_main,
  ProcessError,
  set_executable,
  set_forkserver_preload,
  set_start_method,
  TimeoutError,
} from "../mod.ts";
import { launching } from "../src/link/launch.ts";
import * as contexts from "../src/context.ts";
import { ForkingPickler, register } from "../src/reduction.ts";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { withFolder } from "./helpers/folders.ts";
import { runCommand, runProgram } from "./helpers/run.ts";
import { runtimeName, test } from "./suite.ts";

test("set_start_method() chooses once, unless it is forced", () => {
  strictEqual(get_start_method(), "spawn");
  throws(() => set_start_method("spawn"), {
    name: "RuntimeError",
    message: "context has already been set",
  });
  set_start_method(null, true);
  strictEqual(get_start_method(true), null);
  set_start_method("spawn");
  throws(() => get_context().set_start_method("spawn"), { name: "ValueError" });
});

test("contexts make what the package makes", async () => {
  const context = get_context();
  strictEqual(new context.Process().name.startsWith("SpawnProcess-"), true);
  const q = context.Queue<number>();
  await q.put(1);
  strictEqual(await q.get(), 1);
});

test("is_main() compares a module with the program", () => {
  strictEqual(is_main({ url: "file:///elsewhere.ts" } as ImportMeta), false);
  strictEqual(is_main({ url: "file:///elsewhere.ts", main: true } as ImportMeta), true);
});

test("contexts carry the package's exceptions and functions", () => {
  const context = get_context();
  const errors = { AuthenticationError, BufferTooShort, ProcessError, TimeoutError };
  for (const [name, error] of Object.entries(errors)) {
    strictEqual(context[name as keyof typeof errors], error);
    strictEqual(contexts[name as keyof typeof errors], error);
  }
  strictEqual(context.allow_connection_pickling(), undefined);
  strictEqual(allow_connection_pickling(), undefined);
  strictEqual(context.set_forkserver_preload, set_forkserver_preload);
  strictEqual(contexts.SpawnProcess, context.Process);
  strictEqual("get_all_start_methods" in context, false);
});

test("get_context() and set_start_method() take keywords", () => {
  strictEqual(get_context({ method: "spawn" }), get_context());
  set_start_method({ method: "spawn", force: true });
  strictEqual(get_start_method({ allow_none: true }), "spawn");
  const contextOf = new contexts.DefaultContext();
  throws(() => contextOf.set_start_method("bogus"), {
    name: "ValueError",
    message: "cannot find context for 'bogus'",
  });
  strictEqual(contextOf.get_start_method(true), null);
});

test("set_executable() takes what Python's takes", () => {
  throws(() => set_executable(5 as never), {
    name: "TypeError",
    message: "expected str, bytes or os.PathLike object, not int",
  });
  try {
    set_executable(new TextEncoder().encode("/bin/x"));
    strictEqual(launching.executable, "/bin/x");
    set_executable(new URL("file:///bin/y%20z"));
    strictEqual(launching.executable, "/bin/y z");
  } finally {
    set_executable(null);
  }
});

test("is_main() knows the module of a CommonJS program, and no other", async () => {
  await withFolder(async (folder) => {
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
    const helper = new URL(`./helpers/start_targets${extension}`, import.meta.url).href;
    writeFileSync(`${folder}/other.cjs`, "module.exports = module;");
    writeFileSync(
      `${folder}/main.cjs`,
      `const loaded = import(${JSON.stringify(helper)});
exports.show = async function show() {
  console.log("child", (await loaded).is_main(module));
};
loaded.then(async ({ is_main, Process }) => {
  if (!is_main(module)) return;
  console.log("main", is_main(require("./other.cjs")));
  const p = new Process({ target: exports.show });
  p.start();
  await p.join();
});
`,
    );
    const deno = [
      "run",
      "-A",
      `--config=${fileURLToPath(new URL("../deno.json", import.meta.url))}`,
    ];
    const flags = runtimeName === "deno" ? deno : [];
    const command = [process.execPath, ...flags, `${folder}/main.cjs`];
    const { stdout, stderr } = await runCommand(command);
    strictEqual(stdout, "main false\nchild false\n", stderr);
  });
});

test("a thread can be the root of processes", async () => {
  const { stdout, stderr } = await runProgram("tests/children/thread_root.ts");
  strictEqual(stdout, "exit code 0, 2 results\n", stderr);
});

test("a context's reducer is the module reduction, and stays it", () => {
  for (const context of [get_context(), get_context("spawn")]) {
    const { reducer } = context;
    strictEqual(reducer.register, register);
    strictEqual(reducer.ForkingPickler, ForkingPickler);
    throws(() => context.reducer = { ...reducer }, { name: "NotImplementedError" });
  }
});
