/** The object that stands for the parent, beside CPython's. */
import { deepStrictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { answer, QUESTIONS, waitForParent } from "../helpers/parent_targets.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";

const PYTHON = `
import json, multiprocessing as mp, sys
def child(q, questions):
    p = mp.parent_process()
    for question in questions:
        try:
            answer = eval(question)
            if answer is p: answer = repr(answer)
            if isinstance(answer, bytes): answer = list(answer)
        except BaseException as error:
            answer = [type(error).__name__, str(error)]
        q.put(answer)
q = mp.SimpleQueue()
questions = json.loads(sys.argv[1])
p = mp.get_context("fork").Process(target=child, args=(q, questions))
p.start()
print(json.dumps([q.get() for _ in questions]))
p.join()
`;

pythonTest("parent_process() answers as CPython's", async () => {
  const q = Queue<unknown>();
  const child = new Process({ target: answer, args: [q] });
  await child.start();
  const ours: unknown[] = [];
  for (const _ of QUESTIONS) {
    const given = await q.get();
    ours.push(given instanceof Uint8Array ? [...given] : given);
  }
  await child.join();
  const questions = QUESTIONS.map(([python]) => python);
  const theirs = await askPython(PYTHON, [questions]) as unknown[];
  const told = (answers: unknown[]) => questions.map((text, i) => [text, answers[i]]);
  deepStrictEqual(told(ours), told(theirs));
});

test("the parent's sentinel can be waited for", async () => {
  const q = Queue<unknown>();
  const child = new Process({ target: waitForParent, args: [q], name: "one" });
  await child.start();
  deepStrictEqual(await q.get(), [0, "one"]);
  await child.join();
});
