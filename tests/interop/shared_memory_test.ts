/** Tests of shared memory between this runtime and CPython, both ways. */

import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { SharedMemoryManager } from "../../src/managers.ts";
import { ShareableList, SharedMemory } from "../../src/shared_memory.ts";
import { RawArray } from "../../src/sharedctypes.ts";
import { bytesOf, type CData, PLACE } from "../../src/sharedctypes/layout.ts";
import { LEAKING } from "../helpers/groups.ts";
import { testBothWays } from "../helpers/mapping.ts";
import { python, runPython } from "../helpers/python.ts";
import { stdoutOf } from "../helpers/run.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import { startPython } from "./python_server.ts";

const HERE = { skip: noSharedFiles || (python === undefined && "no python3 here") };

/** Opens what is there, without CPython's tracker, which would remove it. */
const OPEN = `
import sys
from multiprocessing import resource_tracker, shared_memory
resource_tracker.register = lambda *args: None
resource_tracker.unregister = lambda *args: None
`;

async function runHere(source: string, args: string[]): Promise<string> {
  return stdoutOf(await runPython(OPEN + source, args)).trim();
}

const ITEMS = [
  ...[0, -1, 2 ** 53 - 1, 2n ** 63n - 1n, -(2n ** 63n), 0.1, -2.5e300, Infinity],
  ...[true, false, null, "", "a", "12345678", "123456789", "päiß", "x".repeat(300)],
  ...[new Uint8Array(), Uint8Array.of(1, 0, 2), new Uint8Array(100).fill(255)],
];

testBothWays("CPython reads a list of every type, and lays out the same", async () => {
  const list = ShareableList(ITEMS);
  const text = await runHere(
    `
sl = shared_memory.ShareableList(name=sys.argv[1])
print(str(list(sl)))
twin = shared_memory.ShareableList(sl)
size = twin.shm.size
print(bytes(twin.shm.buf[:size]) == bytes(sl.shm.buf[:size]), size)
print(sl.format)
twin.shm.close(); twin.shm.unlink(); sl.shm.close()
`,
    [list.shm.name],
  );
  const [items, isSame, format] = text.split("\n");
  strictEqual(`ShareableList(${items}, name='${list.shm.name}')`, String(list));
  strictEqual(isSame, `True ${list.shm.size}`);
  strictEqual(format, list.format);
  list.shm.close();
  list.shm.unlink();
}, HERE);

testBothWays("a list that CPython has made is read and changed", async () => {
  const name = `pystd_py_list_${Math.random().toString(36).slice(2)}`;
  await runHere(
    `
sl = shared_memory.ShareableList([1, 2.5, True, None, 'héllo', b'ab', 2**62, 'z'*20], name=sys.argv[1])
sl.shm.close()
`,
    [name],
  );
  const list = ShareableList({ name });
  const bytes = Uint8Array.of(97, 98);
  const read = [1, 2.5, true, null, "héllo", bytes, 2n ** 62n, "z".repeat(20)];
  deepStrictEqual([...list], read);
  list[0] = "text";
  list[3] = 7;
  list[4] = null;
  list[6] = false;
  list[7] = "ü".repeat(12);
  const text = await runHere(
    "sl = shared_memory.ShareableList(name=sys.argv[1]); print(str(list(sl)), sl.format)\n",
    [name],
  );
  strictEqual(
    text,
    "['text', 2.5, True, 7, None, b'ab', False, 'üüüüüüüüüüüü'] " +
      "8sdxxxxxxx?qxxxxxx?x8sxxxxxxx?24s",
  );
  list.shm.close();
  list.shm.unlink();
}, HERE);

/** Elements of each typecode, at the edges of what it holds. */
const ELEMENTS: Record<string, readonly unknown[] | Uint8Array | string> = {
  c: Uint8Array.of(97, 0, 255, 7),
  u: "aß€😀",
  b: [-128, 127, 0, -1],
  B: [0, 255, 1, 128],
  h: [-32768, 32767, 0, -1],
  H: [0, 65535, 1, 32768],
  i: [-(2 ** 31), 2 ** 31 - 1, 0, -1],
  I: [0, 2 ** 32 - 1, 1, 2 ** 31],
  l: [-(2n ** 63n), 2n ** 63n - 1n, 0, -1],
  L: [0, 2n ** 64n - 1n, 1, 2n ** 63n],
  q: [-(2n ** 63n), 2n ** 63n - 1n, 0, -1],
  Q: [0, 2n ** 64n - 1n, 1, 2n ** 63n],
  f: [0.1, -2.5, 3.4028234663852886e38, 1.401298464324817e-45],
  d: [0.1, -2.5, 1.7976931348623157e308, 5e-324],
};
const COUNT = 4;
const ROOM = 64;

/** What CPython prints of an array. */
function textOf(code: string, array: CData): string {
  const elements = [...array as unknown as Iterable<unknown>];
  const numbers = elements.map((element) => {
    if (element instanceof Uint8Array) return String(element[0]);
    if (code === "u") return String((element as string).codePointAt(0));
    return String(element);
  });
  return `[${numbers.join(", ")}]`;
}

testBothWays("arrays of every typecode lie in a segment as CPython's do", async () => {
  const codes = Object.keys(ELEMENTS);
  const shm = SharedMemory({ create: true, size: codes.length * ROOM });
  const texts = codes.map((code, i) => {
    const array = RawArray(code as "i", ELEMENTS[code] as number[]);
    shm.buf.set(bytesOf(array), i * ROOM);
    return `${code} ${textOf(code, array)}`;
  });
  const text = await runHere(
    `
from multiprocessing.sharedctypes import typecode_to_type
shm = shared_memory.SharedMemory(sys.argv[1])
for i, code in enumerate(sys.argv[2]):
    array = (typecode_to_type[code] * ${COUNT}).from_buffer(shm.buf, i * ${ROOM})
    elements = list(array.raw if code == 'c' else map(ord, array) if code == 'u' else array)
    print(code, elements)
    array[:] = array[::-1]
    del array
shm.close()
`,
    [shm.name, codes.join("")],
  );
  deepStrictEqual(text.split("\n"), texts);
  for (const [i, code] of codes.entries()) {
    const back = RawArray(code as "i", COUNT);
    const { memory, at } = back[PLACE];
    const size = bytesOf(back).length;
    memory.write(at, shm.buf.slice(i * ROOM, i * ROOM + size));
    const wanted = RawArray(code as "i", ELEMENTS[code] as number[]);
    deepStrictEqual([...back], [...wanted].reverse(), code);
  }
  shm.close();
  shm.unlink();
}, { ...HERE, leaks: "arenas stay open until the process ends" });

testBothWays("a segment of 100 MB is shared with CPython", async (maps) => {
  const size = 100_000_000;
  const shm = SharedMemory({ create: true, size });
  const at = [0, 4095, 4096, size >> 1, size - 1];
  for (const i of at) shm.buf[i] = i % 251;
  const text = await runHere(
    `
shm = shared_memory.SharedMemory(sys.argv[1])
at = [0, 4095, 4096, shm.size >> 1, shm.size - 1]
print(shm.size, [shm.buf[i] for i in at] == [i % 251 for i in at])
for i in at: shm.buf[i] ^= 255
shm.close()
`,
    [shm.name],
  );
  strictEqual(text, `${size} True`);
  deepStrictEqual(at.map((i) => shm.buf[i]), at.map((i) => (i % 251) ^ 255));
  if (maps) strictEqual(new Float64Array(shm.buf.buffer).length, size / 8);
  shm.close();
  shm.unlink();
}, HERE);

const AUTHKEY = new TextEncoder().encode("abracadabra");

const CLIENT = `
from multiprocessing.managers import SharedMemoryManager
smm = SharedMemoryManager(("127.0.0.1", int(sys.argv[1])), b"abracadabra")
sl = smm.ShareableList([1, "two", None])
shm = smm.SharedMemory(size=16)
shm.buf[0] = 42
print(sl.shm.name, shm.name)
try:
    smm.SharedMemory(0)
except ValueError as error:
    print(error)
sl.shm.close(); shm.close()
`;

testBothWays("a server of ours keeps what a CPython client makes", async () => {
  const manager = new SharedMemoryManager(["127.0.0.1", 0], AUTHKEY);
  await manager.start();
  const port = (manager.address as readonly [string, number])[1];
  const [names, error] = (await runHere(CLIENT, [String(port)])).split("\n");
  strictEqual(error, "'size' must be a positive number different from zero");
  const [name, block] = names!.split(" ") as [string, string];
  const list = ShareableList({ name });
  deepStrictEqual([...list], [1, "two", null]);
  list.shm.close();
  const shm = SharedMemory(block);
  strictEqual(shm.buf[0], 42);
  shm.close();
  await manager.shutdown();
  throws(() => SharedMemory(name), { name: "FileNotFoundError" });
  throws(() => SharedMemory(block), { name: "FileNotFoundError" });
}, { ...HERE, ...LEAKING });

const SERVER = `
from multiprocessing.managers import SharedMemoryManager
s = SharedMemoryManager(("127.0.0.1", 0), b"abracadabra").get_server()
print(s.address[1], flush=True)
s.serve_forever()
`;

testBothWays("a CPython server keeps what a client of ours makes", async () => {
  const server = startPython(SERVER, python!);
  const port = Number(await server.line());
  const manager = new SharedMemoryManager(["127.0.0.1", port], AUTHKEY);
  await manager.connect();
  const list = await manager.ShareableList([1, "two"]);
  const shm = await manager.SharedMemory({ size: 16 });
  const channel = await manager._reach();
  deepStrictEqual(await channel.ask("list_segments", []), [list.shm.name, shm.name]);
  await channel.ask("release_segment", [shm.name]);
  throws(() => SharedMemory(shm.name), { name: "FileNotFoundError" });
  ShareableList({ name: list.shm.name }).shm.close();
  await channel.ask("shutdown", []);
  strictEqual(await server.ended, 0);
  throws(() => SharedMemory(list.shm.name), { name: "FileNotFoundError" });
  list.shm.close();
  shm.close();
}, { ...HERE, ...LEAKING });
