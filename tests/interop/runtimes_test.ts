/**
 * One program with processes on several runtimes: `set_executable` names each. A run of all
 * tests says in `TEST_RUNTIMES` where they are; else there is only that which runs this.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Pool, Process, Queue, set_executable, Value } from "../../mod.ts";
import { SharedMemory } from "../../src/shared_memory.ts";
import { exitcodeOf } from "../cpython/helpers/checks.ts";
import { count, fillPart, squareOn } from "../helpers/mixed_targets.ts";
import { python, runPython } from "../helpers/python.ts";
import { runtimeName, test } from "../suite.ts";

/** Node 20 runs no TypeScript. */
const isSource = import.meta.url.endsWith(".ts");

/** Other versions of Node do not know all flags of this one's test runner. */
const isNode = runtimeName === "node";

/** The programs, by the names of the columns. */
const PROGRAMS = Object.entries(
  JSON.parse(process.env["TEST_RUNTIMES"] ?? "null") as Record<string, string> ??
    { own: process.execPath },
).filter(([name, path]) =>
  !(isSource && name === "node20") &&
  !(isNode && name.startsWith("node") && path !== process.execPath)
);

/** Calls `start` for each program, which is what children are run with meanwhile. */
async function onEach<R>(start: (i: number) => R | Promise<R>): Promise<R[]> {
  const results: R[] = [];
  try {
    for (const [i, [, program]] of PROGRAMS.entries()) {
      set_executable(program);
      results.push(await start(i));
    }
  } finally {
    set_executable(null);
  }
  return results;
}

/** The runtimes that processes should have run on. */
function expected(): string[] {
  return PROGRAMS.map(([, path]) => /(deno|bun|node)[^/\\]*$/.exec(path)![1]!).sort();
}

async function end(started: Process[]): Promise<void> {
  for (const p of started) {
    strictEqual(await exitcodeOf(p), 0);
  }
}

test("processes on several runtimes count one Value up under its lock", async () => {
  const value = Value("i", 0);
  const done = Queue<[string, number]>();
  await end(
    await onEach((_) => {
      const p = new Process({ target: count, args: [value, done] });
      p.start();
      return p;
    }),
  );
  const counted = await Promise.all(PROGRAMS.map(() => done.get()));
  deepStrictEqual(counted.map(([name]) => name).sort(), expected());
  strictEqual(value.value, counted.reduce((sum, [, times]) => sum + times, 0));
}, { leaks: "arenas stay open until the process ends" });

test("pools on several runtimes", async () => {
  const results = await onEach(async () => {
    await using pool = Pool(1);
    return await pool.map(squareOn, [3, 4]);
  });
  deepStrictEqual(results.map(([first]) => first![0]).sort(), expected());
  for (const [first, second] of results) {
    deepStrictEqual([first![1], second![1]], [9, 16]);
  }
});

test("one segment is shared by several runtimes, and by CPython", async () => {
  const size = 1 << 20;
  const parts = PROGRAMS.length + 1;
  const shm = SharedMemory({ create: true, size: parts * size });
  try {
    await end(
      await onEach((part) => {
        const p = new Process({ target: fillPart, args: [shm.name, part, size] });
        p.start();
        return p;
      }),
    );
    if (python !== undefined) {
      const { code, stderr } = await runPython(
        `
import sys
from multiprocessing import resource_tracker, shared_memory
resource_tracker.register = lambda *args: None
name, part, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
shm = shared_memory.SharedMemory(name)
assert [shm.buf[i * size] for i in range(part)] == list(range(1, part + 1))
shm.buf[part * size:(part + 1) * size] = bytes([part + 1]) * size
shm.close()
`,
        [shm.name, String(parts - 1), String(size)],
      );
      strictEqual(code, 0, stderr);
    } else fillPart(shm.name, parts - 1, size);
    const wrong = Array.from({ length: parts }, (_, part) => {
      const bytes = shm.buf.slice(part * size, (part + 1) * size);
      return bytes.every((byte) => byte === part + 1);
    }).indexOf(false);
    strictEqual(wrong, -1);
  } finally {
    shm.close();
    shm.unlink();
  }
});
