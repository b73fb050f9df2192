/**
 * `TestResourceTracker` and `TestNamedResource` of CPython 3.13's
 * `test/_test_multiprocessing.py`, and those of `_TestSharedMemory` in which a program ends
 * or another one looks at a segment. Written afresh.
 *
 * Changed: there is no process for it; only shared memory is tracked; what another program
 * has unlinked does not count as leaked. What becomes of segments in other ways to end is in
 * tests/shared_memory/segments_test.ts.
 *
 * @module
 */
import { match, ok, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { ensure_running, register, unregister } from "../../src/resource_tracker.ts";
import { removeShared } from "../../src/runtime/program_folder.ts";
import { SharedMemory } from "../../src/shared_memory.ts";
import { testBothWays } from "../helpers/mapping.ts";
import { outputOf, startProgram } from "../helpers/run.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import { test } from "../suite.ts";
import { raises } from "./helpers/checks.ts";

testBothWays("TestResourceTracker.test_too_long_name_resource", async () => {
  ensure_running();
  const rtype = "shared_memory";
  await raises(() => register("a".repeat(512), rtype), "ValueError", "msg too long");
  await raises(
    () => register("/x", "bogus"),
    "ValueError",
    /unknown resource type bogus/,
  );
  register("/x", "semaphore");
  unregister("/x", "semaphore");
});

/** Warns of so many segments. */
const leaked = (count: number, names: string) =>
  `UserWarning: resource_tracker: There appear to be ${count} leaked shared_memory ` +
  `objects to clean up at shutdown: {${names}}`;

const PROGRAM = "tests/children/segments.ts";
const newName = () => `pystd_test_${crypto.randomUUID()}`;

/** Has a program make segments and terminates it; gives what it says on stderr. */
async function terminated(how: string, name: string, meanwhile = () => {}) {
  const program = startProgram(PROGRAM, { args: [how, name] });
  await program.waitForOutput("ready");
  meanwhile();
  program.kill("SIGTERM");
  return (await program.finished).stderr;
}

test("TestResourceTracker.test_resource_tracker", async () => {
  const name = newName(), other = `${name}_two`;
  const stderr = await terminated("two_stay", name, () => {
    const shm = SharedMemory(name);
    shm.unlink();
    shm.close();
  });
  for (const gone of [name, other]) {
    await raises(() => SharedMemory(gone), "FileNotFoundError", /^\[Errno 2\]/);
  }
  ok(stderr.includes(leaked(1, `'/${other}'`)), stderr);
}, { skip: noSharedFiles });

test(
  "_TestSharedMemory.test_shared_memory_cleaned_after_process_termination",
  async () => {
    const name = newName();
    const stderr = await terminated("stay", name);
    await raises(() => SharedMemory(name), "FileNotFoundError");
    ok(stderr.includes(leaked(1, `'/${name}'`)), stderr);
  },
  { skip: noSharedFiles },
);

test("_TestSharedMemory.test_shared_memory_untracking", async () => {
  const name = newName();
  const shm = SharedMemory(name, true, 10);
  try {
    match(await outputOf(PROGRAM, ["attach", name, "untracked"]), /exists 0/);
    SharedMemory(name).close();
  } finally {
    shm.unlink();
    shm.close();
  }
}, { skip: noSharedFiles });

test("TestNamedResource.test_global_named_resource_spawn", async () => {
  strictEqual(await outputOf("tests/children/named_resource.ts"), "exitcode 0\n");
});

testBothWays("register and unregister choose what goes with the program", () => {
  const kept = SharedMemory({ create: true, size: 1 });
  const given = SharedMemory({ create: true, size: 1, track: false });
  unregister(kept._name, "shared_memory");
  register(given._name, "shared_memory");
  const names = removeShared(); // as at the end
  strictEqual(names.join(), given.name);
  ok(existsSync(`/dev/shm/${kept.name}`));
  unregister(given._name, "shared_memory");
  kept.close();
  given.close();
  kept.unlink();
}, { skip: noSharedFiles });
