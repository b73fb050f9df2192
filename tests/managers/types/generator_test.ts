/** Generators behind proxies, beside CPython's. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { IteratorProxy, SyncManager } from "../../../src/managers.ts";
import { repr } from "../../../src/python/repr.ts";
import { ValueError } from "../../../mod.ts";
import * as generators from "../../helpers/generator_targets.ts";
import { askPython, pythonTest, pythonVersions } from "../../helpers/python.ts";
import { test } from "../../suite.ts";

const { IN_PYTHON, ...GENERATORS } = generators;

/** A call of a method: its name, and arguments as Python writes them. */
type Call = readonly [method: string, ...args: string[]];

const NEXT: Call = ["__next__"];

const STORIES: readonly (readonly [keyof typeof GENERATORS, ...Call[]])[] = [
  ["counts", NEXT, NEXT, NEXT, NEXT],
  ["counts", ["close"], NEXT, ["close"]],
  ["counts", NEXT, ["throw", "ValueError('a', 1)"], NEXT],
  ["counts", ["throw", "ValueError('early')"], NEXT],
  ["counts", NEXT, ["throw", "ValueError"]],
  ["counts", NEXT, ["throw", "5"], NEXT],
  ["counts", NEXT, ["throw"], ["send"], ["send", "1", "2"], ["close", "1"], NEXT],
  ["counts", NEXT, ["send", "1"], ["send", "1"], ["send", "1"]],
  ["silent", NEXT, NEXT, ["send", "None"]],
  ["echoes", NEXT, ["send", "'a'"], ["send", "None"], NEXT, ["close"], ["send", "1"]],
  ["echoes", ["send", "None"], ["send", "2"]],
  ["catches", NEXT, ["throw", "ValueError('x')"], NEXT, NEXT],
  ["catches", NEXT, NEXT, ["throw", "ValueError('k')"], ["close"], NEXT],
  ["catches", NEXT, ["throw", "ValueError"], ["throw", "ValueError('y')"]],
  ["cleans", NEXT, ["close"], NEXT],
  ["cleans", ["close"], NEXT],
  ["fails", NEXT, NEXT, NEXT],
  ["stubborn", NEXT, ["close"]], // the last, as it ends CPython's connection
];

const STORY = `
import json, os, sys
sys.stderr = open(os.devnull, "w")  # the server tells there of what ignores its end
from multiprocessing.managers import SyncManager
${IN_PYTHON}
answers = []
class M(SyncManager): pass
stories = json.loads(sys.argv[1])
for name in dict.fromkeys(story[0] for story in stories):
    M.register(name, globals()[name], proxytype=SyncManager._registry["Iterator"][3])
if __name__ == "__main__":
    with M() as m:
        for name, *calls in stories:
            it = getattr(m, name)()
            told = []
            for method, *args in calls:
                try:
                    told.append(repr(getattr(it, method)(*map(eval, args))))
                except BaseException as e:
                    told.append(repr(e))
            answers.append(told)
    print(json.dumps(answers))
`;

const VALUES: Record<string, unknown> = {
  "ValueError": ValueError,
  "ValueError('a', 1)": new ValueError("a", 1),
};

function valueOf(text: string): unknown {
  if (text in VALUES) return VALUES[text];
  const error = /^\w+\('(\w+)'\)$/.exec(text);
  if (error !== null) return new ValueError(error[1]);
  return text === "None" ? null : JSON.parse(text.replaceAll("'", '"'));
}

class Generators extends SyncManager {}
for (const [name, callable] of Object.entries(GENERATORS)) {
  Generators.register(name, { callable, proxytype: IteratorProxy });
}

type Made = Record<string, () => Promise<IteratorProxy>>;

/** `close` gives a value since 3.13. */
const [newest] = pythonVersions();
const isOld = newest === undefined || Number(newest.version.split(".")[1]) < 13;

pythonTest("generators behind proxies answer as CPython's", async () => {
  const wanted = await askPython(STORY, [STORIES], { python: newest });
  await using manager = new Generators();
  await manager.start();
  const ours: string[][] = [];
  for (const [name, ...calls] of STORIES) {
    const it = await (manager as unknown as Made)[name]!();
    const told: string[] = [];
    for (const [method, ...args] of calls) {
      const call = it._callmethod(method, args.map(valueOf));
      told.push(await call.then(repr, repr));
    }
    ours.push(told);
  }
  deepStrictEqual(ours, wanted);
}, { skip: isOld && "no CPython 3.13" });

test("an asynchronous generator answers in the same way", async () => {
  await using manager = new Generators();
  await manager.start();
  const made = manager as unknown as Made;
  const it = await made["later"]!();
  strictEqual(await it.__next__(), 1);
  strictEqual(await it.send("a"), "a");
  await rejects(it.__next__(), {
    name: "StopIteration",
    message: "ret",
    args: ["ret"],
  });
  await rejects(it.__next__(), { name: "StopIteration", message: "", args: [] });
  const other = await made["later"]!();
  await other.__next__();
  strictEqual(await other.throw(new ValueError("x")), "x");
  strictEqual(await other.close(), null);
  await rejects(other.throw(new ValueError("y")), { name: "ValueError", message: "y" });
});

test("JavaScript's protocol tells what the generator has returned", async () => {
  await using manager = new Generators();
  await manager.start();
  const made = manager as unknown as Made;
  const it = (await made["counts"]!())[Symbol.asyncIterator]();
  const told = [await it.next(), await it.next(), await it.next(), await it.next()];
  deepStrictEqual(told, [
    { value: 1, done: false },
    { value: 2, done: false },
    { value: "ret", done: true },
    { value: undefined, done: true },
  ]);
  const items: unknown[] = [];
  for await (const item of await made["silent"]!()) items.push(item);
  deepStrictEqual(items, [1]);
});
