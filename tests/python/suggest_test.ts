import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { suggest } from "../../src/python/arguments.ts";
import { pythonVersions, runPython } from "../helpers/python.ts";
import { test } from "../suite.ts";

const NAMES = ["timeout", "block", "chunksize", "callback", "error_callback"];

test("suggest finds the name that is nearest", () => {
  strictEqual(suggest("timout", NAMES), "timeout");
  strictEqual(suggest("chunk_size", NAMES), "chunksize");
  strictEqual(suggest("Timeout", NAMES), "timeout");
  strictEqual(suggest("blok", NAMES), "block");
});

test("suggest finds nothing where too much differs", () => {
  for (const wrong of ["blocking", "TIMEOUT", "time", "x", ""]) {
    strictEqual(suggest(wrong, NAMES), undefined, wrong);
  }
  strictEqual(suggest("timeout", []), undefined);
});

/** CPython suggests keyword names since 3.13. */
const newest = pythonVersions().find(({ version }) =>
  Number(version.split(".")[1]) >= 13
);
const skip = newest === undefined && "no CPython 3.13";

test("suggest agrees with CPython", async () => {
  const source = `
import json, random, sys
names = json.loads(sys.argv[1])
def f(timeout=1, block=2, chunksize=3, callback=4, error_callback=5): pass
random.seed(7)
made = []
for _ in range(2000):
    name = list(random.choice(names))
    for _ in range(random.randint(1, 5)):
        at = random.randrange(len(name) + 1)
        name[at:at + random.randint(0, 2)] = random.choice(["", "x", "E", "_", "cal", "B"])
    name = "".join(name)
    if name == "" or name in names: continue
    try: f(**{name: 0})
    except TypeError as e:
        made.append([name, str(e).split("Did you mean '")[-1][:-2] if "Did" in str(e) else None])
print(json.dumps(made))`;
  const options = newest === undefined ? {} : { python: newest };
  const { stdout, stderr } = await runPython(source, [JSON.stringify(NAMES)], options);
  strictEqual(stderr, "");
  const made: [string, string | null][] = JSON.parse(stdout);
  const ours = made.map(([wrong]) => [wrong, suggest(wrong, NAMES) ?? null]);
  deepStrictEqual(ours, made);
}, { skip });
