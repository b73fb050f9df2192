/**
 * `SharedMemoryManager` beyond CPython's own cases: what it refuses, who else may use it,
 * and that it leaves no segment behind, however its owner, its server or a client ends.
 *
 * @module
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { existsSync, readdirSync, unlinkSync } from "node:fs";
import process from "node:process";
import { Queue } from "../../mod.ts";
import { BaseManager, SharedMemoryManager } from "../../src/managers.ts";
import { segmentsPlace } from "../../src/runtime/program_folder.ts";
import { ShareableList, SharedMemory } from "../../src/shared_memory.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";
import type { Seen } from "../children/shared_memory_manager.ts";
import {
  endOf,
  exitcodeOf,
  nextTurn,
  raises,
  started,
  wrong,
} from "../cpython/helpers/checks.ts";
import { LEAKING, SOCKETS } from "../helpers/groups.ts";
import { MANAGER, MEMORY_MANAGER } from "../helpers/manager_tests.ts";
import { pythonTest, runPython } from "../helpers/python.ts";
import { runProgram, startProgram, stdoutOf } from "../helpers/run.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import {
  makeAndDie,
  makeByAddress,
  whatIsLoaded,
} from "../helpers/shared_manager_targets.ts";
import { test } from "../suite.ts";

canMap(); // loads a library for good

const KILLS = { ...LEAKING, skip: noSharedFiles };
const PROGRAM = "tests/children/shared_memory_manager.ts";

function exists(name: string): boolean {
  return existsSync(`${segmentsPlace()}/${name}`);
}

/** What the server keeps. */
async function kept(manager: SharedMemoryManager): Promise<unknown> {
  return await (await manager._reach()).ask("list_segments", []);
}

async function gone(names: readonly string[]): Promise<void> {
  while (names.some(exists)) await nextTurn();
}

/** What this program has noted of its segments: `at2.43-psm_6eaba059`. */
function notes(): string[] {
  const own = `-${process.pid.toString(36)}-`;
  return readdirSync(segmentsPlace())
    .filter((name) => name.endsWith(".shared") && name.includes(own))
    .flatMap((name) => readdirSync(`${segmentsPlace()}/${name}`)).toSorted();
}

MEMORY_MANAGER.test("a manager is made and shown as others are", async (manager) => {
  ok(new SharedMemoryManager() instanceof BaseManager);
  strictEqual(new SharedMemoryManager().address, null);
  await raises(() => new SharedMemoryManager({ serializer: "json" }), "KeyError");
  await raises(() => new SharedMemoryManager(null, wrong("key")), "TypeError");
  const idle = new SharedMemoryManager();
  await raises(
    () => idle.shutdown(),
    "AttributeError",
    "'SharedMemoryManager' object has no attribute 'shutdown'",
  );
  match(manager._process!.name, /^SharedMemoryManager-\d+$/);
  const shm = await manager.SharedMemory(8);
  const list = await manager.ShareableList(["a"]);
  strictEqual(String(shm), `SharedMemory('${shm.name}', size=8)`);
  strictEqual(String(list), `ShareableList(['a'], name='${list.shm.name}')`);
  deepStrictEqual(await kept(manager), [shm.name, list.shm.name]);
  shm.close();
  list.shm.close();
});

MEMORY_MANAGER.test("bad input is refused as CPython does it, and makes nothing", async (manager) => {
  const zero = "'size' must be a positive number different from zero";
  await raises(() => manager.SharedMemory(0), "ValueError", zero);
  const negative = "'size' must be a positive integer";
  await raises(() => manager.SharedMemory(-1), "ValueError", negative);
  await raises(() => manager.SharedMemory(wrong("9")), "TypeError");
  await raises(
    () => manager.SharedMemory(...wrong([]) as [never]),
    "TypeError",
    "SharedMemoryManager.SharedMemory() missing 1 required positional argument: 'size'",
  );
  await raises(
    () => manager.ShareableList(wrong([[]])),
    "KeyError",
    "<class 'list'>",
  );
  await raises(
    () => manager.ShareableList(wrong(5)),
    "TypeError",
    "'int' object is not iterable",
  );
  await raises(() => manager.ShareableList([2n ** 70n]), "struct.error");
  deepStrictEqual(await kept(manager), []);
  deepStrictEqual(notes(), []);
});

SOCKETS.test("states: not started, started, shut down", async () => {
  const manager = new SharedMemoryManager();
  const none = "address type of None unrecognized";
  await raises(() => manager.SharedMemory(9), "ValueError", none);
  await raises(() => manager.ShareableList([1]), "ValueError", none);
  const starting = manager.start();
  const items = [1, Uint8Array.of(2)];
  const early = manager.ShareableList(items);
  items[0] = 7; // too late
  (items[1] as Uint8Array)[0] = 7;
  await starting;
  const list = await early;
  deepStrictEqual([...list], [1, Uint8Array.of(2)]);
  const already = "Already started SharedMemoryServer";
  await raises(() => manager.get_server(), "ProcessError", already);
  await raises(() => manager.start(), "ProcessError", "Already started server");
  await manager.shutdown();
  const over = "SharedMemoryManager has shut down";
  await raises(() => manager.get_server(), "ProcessError", over);
  await raises(() => manager.start(), "ProcessError", "Manager has shut down");
  await raises(() => manager.SharedMemory(9), "FileNotFoundError");
  await manager.shutdown();
  list.shm.close();
  deepStrictEqual(notes(), []);
});

test("types may be registered, and are no one else's", () => {
  class Counting extends SharedMemoryManager {}
  Counting.register("Counter", Array);
  strictEqual(SharedMemoryManager._registry.size, 0);
  const manager = new Counting();
  strictEqual(typeof manager["Counter"], "function");
  strictEqual((new SharedMemoryManager())["Counter"], undefined);
});

MEMORY_MANAGER.test("a segment is the program's until the server keeps it, and then the server's", async (manager) => {
  const shm = await manager.SharedMemory(8);
  const [note, ...others] = notes();
  match(note!, new RegExp(`^at\\d+\\.\\d+-${shm.name}$`));
  deepStrictEqual(others, []);
  const channel = await manager._reach();
  await channel.ask("release_segment", [shm.name]);
  strictEqual(exists(shm.name), false);
  deepStrictEqual([await kept(manager), notes()], [[], []]);
  await raises(
    () => channel.ask("release_segment", [shm.name]),
    "RemoteError",
    /ValueError: list\.remove\(x\): x not in list/,
  );
  for (const name of ["../x", "a/b", "", "..", 5, null]) {
    await raises(() => channel.ask("track_segment", [name]), "RemoteError");
  }
  await raises(() => channel.ask("track_segment", []), "RemoteError", /missing 1/);
  deepStrictEqual(await kept(manager), []);
  shm.close();
});

MANAGER.test("other managers' servers keep no segments", async (manager) => {
  await raises(
    async () => await (await manager._reach()).ask("track_segment", ["x"]),
    "RemoteError",
    /'track_segment' unrecognized/,
  );
});

SOCKETS.test(
  "what was unlinked by hand is no error, and a later one of that name stays",
  async () => {
    const manager = new SharedMemoryManager();
    await manager.start();
    const [first, second, third] = [
      await manager.SharedMemory(8),
      await manager.SharedMemory(8),
      await manager.SharedMemory(8),
    ];
    for (const shm of [first, second, third]) shm.close();
    first.unlink();
    unlinkSync(`${segmentsPlace()}/${second.name}`);
    const other = SharedMemory(second.name, true, 3);
    await manager.shutdown();
    strictEqual(manager._process!.exitcode, 0);
    strictEqual(exists(third.name), false);
    ok(exists(other.name));
    other.close();
    other.unlink();
    deepStrictEqual(notes(), []);
  },
);

MEMORY_MANAGER.test("processes of the program use it by its address", async (manager) => {
  const names = new Queue<string>();
  const client = started(makeByAddress, [manager.address!, manager._authkey, names]);
  strictEqual(await exitcodeOf(client), 0);
  const [list, shm] = [await names.get(), await names.get()];
  // Its maker has ended, with a list of the same program's: the server has it.
  const here = ShareableList({ name: list });
  deepStrictEqual([...here], [1, "two", null]);
  here.shm.close();
  deepStrictEqual(await kept(manager), [list, shm]);
  await manager.shutdown();
  deepStrictEqual([exists(list), exists(shm)], [false, false]);
});

MEMORY_MANAGER.test("the key is asked for", async ({ address }) => {
  const authkey = new Uint8Array(3);
  const stranger = new SharedMemoryManager({ address, authkey });
  await raises(() => stranger.SharedMemory(9), "AuthenticationError");
  await raises(() => stranger.connect(), "AuthenticationError");
  deepStrictEqual(notes(), []);
});

SOCKETS.test("a server of this process keeps segments as well", async () => {
  const manager = new SharedMemoryManager(["127.0.0.1", 0]);
  const server = await manager.get_server();
  const serving = server.serve_forever();
  const authkey = manager._authkey;
  const client = new SharedMemoryManager(server.address, authkey);
  const shm = await client.SharedMemory(8); // reaches it without `connect`
  ok(exists(shm.name));
  await client.connect();
  await raises(
    () => client.get_server(),
    "ProcessError",
    "Already started SharedMemoryServer",
  );
  deepStrictEqual(await kept(client), [shm.name]);
  server.stop();
  await serving;
  strictEqual(exists(shm.name), false);
  shm.close();
  deepStrictEqual(notes(), []);
});

SOCKETS.test("a process that uses other managers does not load shared memory", async () => {
  const said = new Queue<boolean[]>();
  strictEqual(await exitcodeOf(started(whatIsLoaded, [said])), 0);
  deepStrictEqual(await said.get(), [false, false, true]);
});

// --- ends

for (const how of ["leave", "throw", "exit", "kill_server"]) {
  test(`a program's segments go with it, without a word: ${how}`, async () => {
    const { stdout, stderr } = await runProgram(PROGRAM, { args: [how] });
    const { names } = JSON.parse(stdout) as Seen;
    deepStrictEqual(names.map(exists), [false, false]);
    strictEqual(stderr.includes("resource_tracker"), false, stderr);
    if (how !== "throw") strictEqual(stderr, "");
  }, KILLS);
}

/** Starts the program and waits until its segments are there. */
async function startWith(how: string) {
  const program = startProgram(PROGRAM, { args: [how] });
  await program.waitForOutput("\n");
  const seen = JSON.parse(program.stdout) as Seen;
  deepStrictEqual(seen.names.map(exists), [true, true]);
  return { program, ...seen };
}

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
  test(`segments go with the root that gets ${signal}`, async () => {
    const { program, names, server } = await startWith("stay");
    program.kill(signal);
    await program.finished;
    await endOf(server);
    await gone(names);
    const left = readdirSync("/dev/shm").filter((name) =>
      name.includes(`-${program.pid.toString(36)}-`)
    );
    deepStrictEqual(left, []);
  }, KILLS);
}

test(
  "segments go with a killed root, though the server is slow to notice",
  async () => {
    const { program, names, server } = await startWith("stay");
    process.kill(server, "SIGSTOP");
    program.kill("SIGKILL");
    await endOf(program.pid);
    process.kill(server, "SIGCONT"); // it was not killed with its parent
    await endOf(server);
    await program.finished;
    deepStrictEqual(names.map(exists), [false, false]);
  },
  KILLS,
);

test("segments go with the server that is killed", async () => {
  const { program, names, server } = await startWith("stay");
  process.kill(server, "SIGKILL");
  await program.waitForOutput("the server has ended");
  deepStrictEqual(names.map(exists), [false, false]);
  program.kill("SIGKILL"); // another signal may be lost while its listener is being removed
  const { stderr } = await program.finished;
  strictEqual(stderr.includes("resource_tracker"), false, stderr);
}, KILLS);

test("segments go with a child that has the manager and is killed", async () => {
  const { program, names, server, owner } = await startWith("child_stays");
  ok(owner !== program.pid);
  process.kill(owner, "SIGKILL");
  await gone(names);
  await endOf(server);
  program.kill("SIGKILL");
  await program.finished;
}, KILLS);

MEMORY_MANAGER.test(
  "a client that is killed leaves what the server keeps, and no more",
  async (manager) => {
    const names = new Queue<string>();
    const args = [manager.address!, manager._authkey, names] as const;
    for (let round = 0; round < 3; round++) {
      const client = await started(makeAndDie, args);
      const made = await names.get();
      client.kill();
      await client.join();
      ok(exists(made));
    }
    const known = await kept(manager) as string[];
    const noted = notes().filter((note) => note.startsWith("at"))
      .map((note) => note.slice(note.indexOf("-") + 1));
    deepStrictEqual(known.toSorted(), noted.toSorted());
    await manager.shutdown();
    deepStrictEqual(known.filter(exists), []);
  },
  KILLS,
);

// --- CPython

const ASK = `
from multiprocessing.managers import SharedMemoryManager
def said(call):
    try:
        call()
    except BaseException as error:
        print(type(error).__name__, str(error).replace("/psm_", "psm_"), sep=": ")
if __name__ == "__main__":
    smm = SharedMemoryManager()
    said(lambda: smm.SharedMemory(9))
    said(lambda: smm.ShareableList([1]))
    said(lambda: smm.shutdown())
    smm.start()
    said(lambda: smm.get_server())
    said(lambda: smm.start())
    said(lambda: smm.SharedMemory(0))
    said(lambda: smm.SharedMemory(-1))
    said(lambda: smm.SharedMemory())
    said(lambda: smm.ShareableList([[]]))
    said(lambda: smm.ShareableList(5))
    print(smm._process.name)
    smm.shutdown()
    said(lambda: smm.get_server())
    said(lambda: smm.start())
    said(lambda: smm.SharedMemory(9))
`;

pythonTest("CPython says the same in each state, for each bad input", async () => {
  const lines: string[] = [];
  const said = async (call: () => unknown) => {
    try {
      await call();
    } catch (error) {
      const { name, message } = error as Error;
      lines.push(`${name}: ${message}`);
    }
  };
  const smm = new SharedMemoryManager();
  await said(() => smm.SharedMemory(9));
  await said(() => smm.ShareableList([1]));
  await said(() => smm.shutdown());
  await smm.start();
  await said(() => smm.get_server());
  await said(() => smm.start());
  await said(() => smm.SharedMemory(0));
  await said(() => smm.SharedMemory(-1));
  await said(() => smm.SharedMemory(...wrong([]) as [never]));
  await said(() => smm.ShareableList(wrong([[]])));
  await said(() => smm.ShareableList(wrong(5)));
  lines.push(smm._process!.name.replace(/\d+$/, "1"));
  await smm.shutdown();
  await said(() => smm.get_server());
  await said(() => smm.start());
  await said(() => smm.SharedMemory(9));
  strictEqual(lines.join("\n"), stdoutOf(await runPython(ASK)).trim());
}, LEAKING);
