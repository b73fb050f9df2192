/**
 * `_TestSharedMemory` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh
 * from what each case checks; each with the memory mapped and not.
 *
 * Changed: names are made by `naming` of segments.ts, which the tests set; the package's
 * own codec stands for pickle; what becomes of a segment when a program ends is in
 * test_resource_tracker_test.ts.
 *
 * Left out:
 * - the second half of `test_shared_memory_name_with_embedded_null` sets a private field;
 * - of `test_shared_memory_basics` the subclass that sets other flags.
 *
 * @module
 */
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { dumps, loads } from "../../src/reduction/mod.ts";
import { naming } from "../../src/shared_memory/segments.ts";
import { SharedMemoryManager } from "../../src/managers.ts";
import { ShareableList, SharedMemory } from "../../src/shared_memory.ts";
import { LEAKING } from "../helpers/groups.ts";
import { testBothWays } from "../helpers/mapping.ts";
import { double, writeText } from "../helpers/shared_memory_targets.ts";
import type { TestOptions } from "../suite.ts";
import { outputOf } from "../helpers/run.ts";
import { exitcodeOf, raises, started } from "./helpers/checks.ts";

/** Has what a test makes removed, whatever comes of it. */
type Keep = <T extends SharedMemory | ShareableList>(made: T) => T;

let count = 0;

function newName(prefix: string): string {
  return `${prefix}_${process.pid}_${++count}`;
}

function memoryCase(
  name: string,
  fn: (keep: Keep, maps: boolean) => void | Promise<void>,
  options: TestOptions = {},
): void {
  testBothWays(`_TestSharedMemory.${name}`, async (maps) => {
    const made: SharedMemory[] = [];
    try {
      await fn((one) => {
        made.push("shm" in one ? one.shm : one);
        return one;
      }, maps);
    } finally {
      for (const shm of made) {
        shm.close();
        try {
          shm.unlink();
        } catch {
          // the test has done it
        }
      }
    }
  }, options);
}

/** There and back. */
async function travel<T>(value: T): Promise<T> {
  return await loads(await dumps(value) as never) as T;
}

memoryCase("test_shared_memory_name_with_embedded_null", async (keep) => {
  const name = newName("test01_null");
  keep(SharedMemory(name, true, 512));
  await raises(
    () => SharedMemory(`${name}\0a`, { create: false, size: 512 }),
    "ValueError",
    "embedded null character",
  );
});

memoryCase("test_shared_memory_basics", async (keep, maps) => {
  const name = newName("test01_tsmb");
  const sms = keep(SharedMemory(name, true, 512));
  strictEqual(sms.name, name);
  strictEqual(sms._name, `/${name}`);
  strictEqual(sms.size, 512);
  strictEqual(sms.buf.length, 512);
  strictEqual(String(sms), `SharedMemory('${name}', size=512)`);
  strictEqual(sms.buf.buffer instanceof ArrayBuffer, maps);

  sms.buf[0] = 42;
  strictEqual(sms.buf[0], 42);
  const also = keep(SharedMemory(name));
  strictEqual(also.buf[0], 42);
  also.close();
  const same = keep(SharedMemory(name, { size: 20 * sms.size }));
  strictEqual(same.size, 512);
  same.close();

  await raises(() => SharedMemory({ create: true, size: -2 }), "ValueError");
  await raises(() => SharedMemory({ create: false }), "ValueError");

  const twice = keep(SharedMemory(newName("test01_dblunlink"), true, 5000));
  const duo = keep(SharedMemory(twice.name));
  duo.unlink();
  duo.close();
  twice.close();
  await raises(
    () => twice.unlink(),
    "FileNotFoundError",
    `[Errno 2] No such file or directory: '/${twice.name}'`,
  );
  await raises(
    () => SharedMemory(name, true, 512),
    "FileExistsError",
    `[Errno 17] File exists: '/${name}'`,
  );
  await raises(
    () => SharedMemory("test01_notthere"),
    "FileNotFoundError",
    "[Errno 2] No such file or directory: '/test01_notthere'",
  );
  sms.close();
  strictEqual(sms.buf, null);
  strictEqual(sms.size, 512);
  sms.close();
});

memoryCase("test_shared_memory_recreate", (keep) => {
  const names = [newName("psm_test03"), newName("psm_test04")];
  const { make } = naming;
  const next = () => {
    let at = 0;
    naming.make = () => names[at++]!;
  };
  try {
    next();
    strictEqual(keep(SharedMemory({ create: true, size: 1 })).name, names[0]);
    next();
    strictEqual(keep(SharedMemory({ create: true, size: 1 })).name, names[1]);
  } finally {
    naming.make = make;
  }
});

memoryCase("test_invalid_shared_memory_creation", async () => {
  const sizes: [number | undefined, string][] = [
    [-1, "'size' must be a positive integer"],
    [0, "'size' must be a positive number different from zero"],
    [undefined, "'size' must be a positive number different from zero"],
  ];
  for (const [size, text] of sizes) {
    const options = size === undefined ? {} : { size };
    await raises(() => SharedMemory({ create: true, ...options }), "ValueError", text);
  }
});

memoryCase("test_shared_memory_pickle_unpickle", async (keep) => {
  const sms = keep(SharedMemory({ create: true, size: 512 }));
  sms.buf.set([1, 2, 3, 4, 5, 6]);
  const other = keep(await travel(sms));
  notStrictEqual(other, sms);
  strictEqual(other.name, sms.name);
  strictEqual(other.size, 512);
  deepStrictEqual([...other.buf.subarray(0, 7)], [1, 2, 3, 4, 5, 6, 0]);
  other.buf[0] = 9;
  strictEqual(sms.buf[0], 9);
});

memoryCase("test_shared_memory_pickle_unpickle_dead_object", async (keep) => {
  const sms = keep(SharedMemory({ create: true, size: 512 }));
  const dumped = await dumps(sms);
  sms.close();
  sms.unlink();
  await raises(async () => await loads(dumped as never), "FileNotFoundError");
});

memoryCase("test_shared_memory_across_processes", async (keep) => {
  const sms = keep(SharedMemory({ create: true, size: 512 }));
  for (const [given, text] of [[sms.name, "howdy"], [sms, "HELLO"]] as const) {
    const child = started(writeText, [given, text], { daemon: true });
    strictEqual(await exitcodeOf(child), 0);
    strictEqual(new TextDecoder().decode(sms.buf.slice(0, 5)), text);
  }
});

memoryCase("test_shared_memory_untracking, here", async (keep) => {
  const sms = keep(SharedMemory({ create: true, size: 5 }));
  const other = SharedMemory(sms.name, { track: false });
  other.close();
  await raises(() => SharedMemory({ track: false } as never), "ValueError");
});

const HOWDY = new TextEncoder().encode("HoWdY");
const ITEMS = ["howdy", HOWDY, -273.154, 100, null, true, 42];

memoryCase("test_shared_memory_ShareableList_basics", async (keep) => {
  const sl = keep(ShareableList(ITEMS));
  strictEqual(
    String(sl),
    "ShareableList(['howdy', b'HoWdY', -273.154, 100, None, True, 42], " +
      `name='${sl.shm.name}')`,
  );
  strictEqual(sl.shm.size, 191);
  await raises(() => sl[7], "IndexError", "index out of range");
  await raises(() => sl[-8], "IndexError", "index out of range");
  await raises(() => sl[7] = 2, "IndexError", "assignment index out of range");
  sl[0] = "howdy";
  strictEqual(sl.format, "8s8sdqxxxxxx?xxxxxxxx?q");
  strictEqual(sl.length, 7);
  await raises(() => sl.index("100"), "ValueError", "'100' not in this container");
  strictEqual(sl.index(100), 3);
  strictEqual(sl[0], "howdy");
  strictEqual(sl[-2], true);
  deepStrictEqual([...sl], ITEMS);

  sl[3] = 42;
  strictEqual(sl[3], 42);
  sl[4] = "some";
  strictEqual(sl[4], "some");
  strictEqual(sl.format, "8s8sdq8sxxxxxxx?q");
  const tooLong = "bytes/str item exceeds available storage";
  await raises(() => sl[4] = "far too many", "ValueError", tooLong);
  strictEqual(sl[4], "some");
  sl[0] = "encodés"; // exactly 8 bytes
  strictEqual(sl[0], "encodés");
  deepStrictEqual(sl[1], HOWDY);
  await raises(() => sl[0] = "encodées", "ValueError", tooLong);
  await raises(() => sl[1] = new Uint8Array(9).fill(49), "ValueError", tooLong);
  deepStrictEqual(sl[1], HOWDY);

  strictEqual(sl.count(42), 2);
  strictEqual(sl.count(HOWDY), 1);
  strictEqual(sl.count(new TextEncoder().encode("adios")), 0);

  const name = newName("test03_duplicate");
  const copy = keep(ShareableList(sl, { name }));
  strictEqual(copy.shm.name, name);
  deepStrictEqual([...copy], [...sl]);
  strictEqual(copy.format, sl.format);
  copy[-1] = 77;
  strictEqual(copy[-1], 77);
  strictEqual(sl[-1], 42);

  const tethered = keep(ShareableList({ name: sl.shm.name }));
  tethered[-1] = 880;
  strictEqual(sl[-1], 880);
  tethered.shm.close();
  sl.shm.close();
  const closed = "a bytes-like object is required, not 'NoneType'";
  await raises(() => sl[0], "TypeError", closed);
  await raises(() => sl.length, "TypeError", closed);

  const empty = keep(ShareableList());
  strictEqual(empty.length, 0);
  strictEqual(empty.format, "");
  strictEqual(empty.count("any"), 0);
  await raises(() => empty.index(null), "ValueError", "None not in this container");
});

memoryCase(
  "a ShareableList's items by the names of Python's operators",
  async (keep) => {
    const list = keep(ShareableList<number | string>([1, "abc"]));
    list.__setitem__(0, 5);
    list.__setitem__(-1, "xyz");
    deepStrictEqual([list.__getitem__(0), list.__getitem__(1)], [5, "xyz"]);
    await raises(() => list.__getitem__(2), "IndexError", "index out of range");
    const text = "assignment index out of range";
    await raises(() => list.__setitem__(2, 1), "IndexError", text);
  },
);

memoryCase("test_shared_memory_ShareableList_pickling", async (keep) => {
  const sl = keep(
    ShareableList<number | string>(Array.from({ length: 10 }, (_, i) => i)),
  );
  const other = keep(await travel(sl));
  ok(other instanceof ShareableList);
  notStrictEqual(other, sl);
  strictEqual(other[-1], 9);
  other[4] = "changed";
  strictEqual(sl[4], "changed");
  sl[3] = "newvalue";
  strictEqual(other[3], "newvalue");
  const larger = keep(ShareableList(Array.from({ length: 400 }, (_, i) => i)));
  const lengthOf = async (list: unknown) => JSON.stringify(await dumps(list)).length;
  ok(Math.abs(await lengthOf(larger) - await lengthOf(sl)) < 20);
});

memoryCase("test_shared_memory_ShareableList_pickling_dead_object", async (keep) => {
  const sl = keep(ShareableList([1, 2]));
  const dumped = await dumps(sl);
  sl.shm.close();
  sl.shm.unlink();
  await raises(async () => await loads(dumped as never), "FileNotFoundError");
});

memoryCase("test_shared_memory_SharedMemoryServer_ignores_sigint", async () => {
  const manager = new SharedMemoryManager();
  await manager.start();
  try {
    const before = await manager.ShareableList([0, 1, 2]);
    process.kill(manager._process!.pid!, "SIGINT");
    const after = await manager.ShareableList([3, 4, 5]);
    process.kill(manager._process!.pid!, "SIGINT");
    deepStrictEqual([...before, ...after], [0, 1, 2, 3, 4, 5]);
    ok(manager._process!.is_alive());
    const last = await manager.ShareableList([6]);
    deepStrictEqual([...last], [6]);
    for (const { shm } of [before, after, last]) shm.close();
  } finally {
    await manager.shutdown();
  }
  strictEqual(manager._process!.exitcode, 0);
}, LEAKING);

memoryCase(
  "test_shared_memory_SharedMemoryManager_reuses_resource_tracker",
  async (_, maps) => {
    const env = maps ? {} : { MULTIPROCESSING_WITHOUT: "mapping" };
    await outputOf("tests/children/shared_memory_manager.ts", ["shutdown"], { env });
  },
);

memoryCase("test_shared_memory_SharedMemoryManager_basics", async () => {
  const manager = new SharedMemoryManager();
  await raises(
    () => manager.SharedMemory({ size: 9 }),
    "ValueError",
    "address type of None unrecognized",
  );
  await manager.start();
  const lists = [], blocks = [];
  for (let i = 5; i < 10; i++) {
    lists.push(await manager.ShareableList(Array.from({ length: i }, (_, n) => n)));
  }
  for (let size = 32; size < 128; size += 16) {
    blocks.push(await manager.SharedMemory({ size }));
  }
  const sameList = ShareableList({ name: lists[0]!.shm.name });
  strictEqual(sameList.length, 5);
  const sameBlock = SharedMemory(blocks[0]!.name);
  strictEqual(sameBlock.buf.length, 32);
  await manager.shutdown();
  const names = [...lists.map(({ shm }) => shm), ...blocks].map((shm) => {
    shm.close();
    return shm.name;
  });
  sameList.shm.close();
  sameBlock.close();
  for (const name of names) await raises(() => SharedMemory(name), "FileNotFoundError");

  let held: string;
  {
    await using second = new SharedMemoryManager();
    await second.__enter__();
    const list = await second.ShareableList("howdy");
    deepStrictEqual([...list], [..."howdy"]);
    const shm = await second.SharedMemory({ size: 128 });
    strictEqual(shm.size, 128);
    held = list.shm.name;
    list.shm.close();
    shm.close();
  }
  await raises(() => ShareableList({ name: held }), "FileNotFoundError");
}, LEAKING);

memoryCase("a list goes to a process", async (keep) => {
  const list = keep(ShareableList([1, 2.5, 2 ** 40]));
  strictEqual(await exitcodeOf(started(double, [list])), 0);
  deepStrictEqual([...list], [2, 5, 2 ** 41]);
});

memoryCase("what no list has laid out is an error, and no crash", async (keep) => {
  const shm = keep(SharedMemory({ create: true, size: 64 }));
  for (
    const [n, first, second] of [[2 ** 40, 0, 8], [-1, 0, 8], [1, 0, 99], [1, 8, 8]]
  ) {
    const numbers = new BigInt64Array([n!, first!, second!].map(BigInt));
    shm.buf.set(new Uint8Array(numbers.buffer));
    await raises(() => ShareableList({ name: shm.name }), "struct.error");
  }
  shm.buf.set(new Uint8Array(new BigInt64Array([1n, 0n, 8n]).buffer));
  const list = ShareableList({ name: shm.name });
  await raises(() => list[0], "struct.error", "bad char in struct format");
  list.shm.close();
});
