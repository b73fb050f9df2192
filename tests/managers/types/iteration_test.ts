/** Tests of src/managers/types/iteration.ts, by the containers that use it. */
import { deepStrictEqual } from "node:assert/strict";
import { ManagedDict } from "../../../src/managers/types/dict.ts";
import { ManagedSet } from "../../../src/managers/types/set.ts";
import { askPython, pythonTest } from "../../helpers/python.ts";

/** Steps of an iteration: `next`, or a change to the container. */
const WAYS = [
  ["next", "next", "next", "next"],
  ["clear", "next", "next"],
  ["next", "add", "next", "next"],
  ["next", "clear", "next", "next"],
  ["next", "next", "next", "next", "add", "next"],
  ["next", "next", "next", "add", "next"],
  ["add", "next"],
  ["next", "add", "clear", "next"],
  ["add", "next", "clear", "next"],
];

/** What each step gives in CPython, for a dict and a set of so many numbers. */
const PROGRAM = `
import json
def run(make, add, size, way):
    container = make(size)
    it = iter(container)
    said = []
    for step in way:
        if step == 'clear': container.clear()
        elif step == 'add': add(container)
        else:
            try: said.append(next(it))
            except StopIteration: said.append('over')
            except RuntimeError as e: said.append(str(e))
    return said
kinds = [
    (lambda size: {i: i for i in range(size)}, lambda d: d.__setitem__(100, 1)),
    (lambda size: set(range(size)), lambda s: s.update([100])),
]
ways = ${JSON.stringify(WAYS)}
print(json.dumps([[run(*kind, size, way) for size in (0, 3) for way in ways] for kind in kinds]))
`;

/** A container of either kind, with a way to add to it. */
interface Made {
  container: { __iter__(): Iterator<unknown>; clear(): void };
  add(): void;
}

const KINDS: ((numbers: number[]) => Made)[] = [
  (numbers) => {
    const container = new ManagedDict(numbers.map((i) => [i, i]));
    return { container, add: () => container.__setitem__(100, 1) };
  },
  (numbers) => {
    const container = new ManagedSet(numbers);
    return { container, add: () => container.update([100]) };
  },
];

function run({ container, add }: Made, way: readonly string[]): unknown[] {
  const it = container.__iter__();
  const said: unknown[] = [];
  for (const step of way) {
    if (step === "clear") container.clear();
    else if (step === "add") add();
    else {
      try {
        const { done, value } = it.next();
        said.push(done === true ? "over" : value);
      } catch (error) {
        said.push((error as Error).message);
      }
    }
  }
  return said;
}

pythonTest(
  "dicts and sets that change while they are iterated do as Python's",
  async () => {
    const ours = KINDS.map((make) =>
      [[], [0, 1, 2]].flatMap((numbers) => WAYS.map((way) => run(make(numbers), way)))
    );
    deepStrictEqual(ours, await askPython(PROGRAM));
  },
);
