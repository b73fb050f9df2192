/**
 * Cases of `BufferWrapper`, for tests with mapped memory and without.
 *
 * @module
 */
import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { BufferWrapper } from "../../src/heap.ts";
import { Process } from "../../src/process.ts";
import { Queue } from "../../src/queues.ts";
import { heapUse } from "../../src/sharedctypes/block.ts";
import { collectGarbage } from "../helpers/gc.ts";
import { testsWith } from "../suite.ts";
import { addOne } from "./targets.ts";

const ARENAS = testsWith({ leaks: "arenas stay open until the process ends" });

/** Registers the cases. */
export function addBufferCases(how: string): void {
  ARENAS.test(`BufferWrapper: processes see the same bytes (${how})`, async () => {
    const buffer = new BufferWrapper(5);
    const view = buffer.create_memoryview();
    deepStrictEqual([...view], [0, 0, 0, 0, 0]);
    view.set([1, 2, 3, 4, 255]);
    const process = new Process({ target: addOne, args: [buffer] });
    process.start();
    await process.join();
    strictEqual(process.exitcode, 0);
    deepStrictEqual([...view], [2, 3, 4, 5, 0]);
    deepStrictEqual([...buffer.create_memoryview()], [2, 3, 4, 5, 0]);
  });

  ARENAS.test(`BufferWrapper: sizes (${how})`, () => {
    strictEqual(new BufferWrapper(0).create_memoryview().length, 0);
    strictEqual(new BufferWrapper(true as never).create_memoryview().length, 1);
    const wrong: [unknown[], string, string][] = [
      [[-1], "ValueError", "Size -1 out of range"],
      [[2 ** 60], "RangeError", `Size ${2 ** 60} too large`],
      [[1.5], "TypeError", "unsupported operand type(s) for &: 'float' and 'int'"],
      [["a"], "TypeError", "'<' not supported between instances of 'str' and 'int'"],
      [
        [null],
        "TypeError",
        "'<' not supported between instances of 'NoneType' and 'int'",
      ],
      [
        [],
        "TypeError",
        "BufferWrapper.__init__() missing 1 required positional argument: 'size'",
      ],
      [
        [1, 2],
        "TypeError",
        "BufferWrapper.__init__() takes 2 positional arguments but 3 were given",
      ],
    ];
    for (const [given, name, message] of wrong) {
      throws(() => new BufferWrapper(...given as [number]), { name, message });
    }
  });

  ARENAS.test(`BufferWrapper: a view keeps the block, and nothing else does (${how})`, async () => {
    await collectGarbage(); // what the cases before have left
    const { blocks } = heapUse();
    const views = Array.from(
      { length: 20 },
      () => new BufferWrapper(100).create_memoryview(),
    );
    await collectGarbage();
    strictEqual(heapUse().blocks, blocks + 20);
    views[19]![99] = 7;
    strictEqual(views[19]![99], 7);
    views.length = 0;
    const isLeft = () => heapUse().blocks > blocks + 5; // a stack may still name some
    for (let n = 0; n < 50 && isLeft(); n++) await collectGarbage();
    strictEqual(isLeft(), false);
  });

  ARENAS.test(`BufferWrapper: only a process that is started may be given it (${how})`, async () => {
    const queue = Queue();
    await rejects(queue.put(new BufferWrapper(1)), {
      name: "RuntimeError",
      message:
        "BufferWrapper objects should only be shared between processes through inheritance",
    });
    queue.close();
  });
}
