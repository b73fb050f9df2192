/** Tests of src/startup/child_program.ts. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { ignoreInterrupt, waitForParent } from "../helpers/root_targets.ts";
import { test } from "../suite.ts";

test("a process that ignores Ctrl-C goes on after SIGINT, though it waits for nothing", async () => {
  const answers = Queue<string>();
  const p = new Process({ target: ignoreInterrupt, args: [answers] });
  await p.start();
  await p.join();
  deepStrictEqual([p.exitcode, await answers.qsize()], [0, 1]);
  strictEqual(await answers.get(), "went on");
});

test("parent_process().join(timeout) leaves nothing behind in the child", async () => {
  const answers = Queue<number>();
  const p = new Process({ target: waitForParent, args: [answers, 5] });
  await p.start();
  strictEqual(await answers.get(), 0);
  await p.join();
});
