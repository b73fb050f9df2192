/** Pipes for children's stdout, which only Bun and Node need made. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { closeSync, fstatSync, readSync, writeSync } from "node:fs";
import {
  type Pipe,
  spawnWith,
  storedPipes,
  takePipe,
} from "../../../src/runtime/speed/fifo.ts";
import { turnAllOn } from "../../helpers/switches.ts";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { runtimeName, test } from "../../suite.ts";

turnAllOn();

function pipe(): Pipe {
  const made = takePipe();
  ok(made !== undefined);
  return made;
}

test("takePipe() gives pipes of their own, more than are made at once", () => {
  const pipes = Array.from({ length: 30 }, pipe);
  const into = new Uint8Array(8);
  for (const [i, { writing }] of pipes.entries()) writeSync(writing, Uint8Array.of(i));
  for (const [i, { reading, writing }] of pipes.entries()) {
    ok(fstatSync(reading).isFIFO());
    strictEqual(readSync(reading, into), 1);
    strictEqual(into[0], i);
    closeSync(writing);
    strictEqual(readSync(reading, into), 0); // its end: nobody else can write
    closeSync(reading);
  }
});

test("storedPipes() counts those that were made and not yet taken", () => {
  const first = pipe();
  const stored = storedPipes();
  const next = pipe();
  // The store may have been empty: then more were made.
  ok(storedPipes() === stored - 1 || (stored === 0 && storedPipes() > 0));
  for (const { reading, writing } of [first, next]) {
    closeSync(reading);
    closeSync(writing);
  }
});

test("spawnWith() leaves the reading end open, and nothing if it fails", () => {
  const good = pipe();
  strictEqual(spawnWith(good, () => 7), 7);
  throws(() => fstatSync(good.writing), { code: "EBADF" });
  ok(fstatSync(good.reading).isFIFO());
  closeSync(good.reading);

  const bad = pipe();
  const fail = () => {
    throw new RangeError("no");
  };
  throws(() => spawnWith(bad, fail), RangeError);
  for (const fd of [bad.reading, bad.writing]) {
    throws(() => fstatSync(fd), { code: "EBADF" });
  }
  deepStrictEqual(spawnWith(undefined, () => [1]), [1]);
});

test(
  "a worker thread of Node, which notes each file that it opens, gets none",
  async () => {
    const module = new URL("../../../src/runtime/speed/fifo.ts", import.meta.url).href;
    const code = `import(${JSON.stringify(module)}).then(({ takePipe }) => {
    require("node:worker_threads").parentPort.postMessage(takePipe() === undefined);
  })`;
    const worker = new Worker(code, { eval: true });
    const ended = once(worker, "exit");
    deepStrictEqual(await once(worker, "message"), [true]);
    await ended;
  },
  { skip: runtimeName !== "node" && "only Node's worker threads do" },
);
