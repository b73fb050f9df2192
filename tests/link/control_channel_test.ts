/** Tests of src/link/control_channel.ts and of `Popen.tell`, in real processes. */

import { deepStrictEqual } from "node:assert/strict";
import { Process } from "../../mod.ts";
import { popenOf } from "../../src/process/base.ts";
import { exitcodeOf, started } from "../cpython/helpers/checks.ts";
import { answerMail } from "../helpers/mail.ts";
import { test } from "../suite.ts";

test("control channel: what a parent tells arrives in order, however early; so does the answer", async () => {
  const p = await started(answerMail, [4]);
  const answers: unknown[] = [];
  const popen = popenOf(p)!;
  popen.onReport = (operands, items) => answers.push([operands, items]);
  // Nobody listens over there yet.
  popen.tell([1], []);
  popen.tell([-0.5, 2 ** 40], [Uint8Array.of(1, 2)]);
  popen.tell([], [new Uint8Array(100_000).fill(7), new Uint8Array(0)]);
  popen.tell([4], []);
  deepStrictEqual(await exitcodeOf(p), 0);
  deepStrictEqual(answers, [
    [[1], []],
    [[-0.5, 2 ** 40], [Uint8Array.of(1, 2)]],
    [[], [new Uint8Array(100_000).fill(7), new Uint8Array(0)]],
    [[4], []],
  ]);
  popen.tell([5], []);
  deepStrictEqual(popenOf(new Process()), null);
});
