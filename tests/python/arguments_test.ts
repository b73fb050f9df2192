import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  parseArguments,
  REQUIRED,
  signature,
  suggest,
} from "../../src/python/arguments.ts";
import { askPython, python, pythonVersions } from "../helpers/python.ts";
import { test } from "../suite.ts";

const GET = signature<{ block: unknown; timeout: unknown }>("Queue.get", {
  block: true,
  timeout: null,
});
const PUT = signature<{ obj: unknown; block: unknown; timeout: unknown }>(
  "Queue.put",
  { obj: REQUIRED, block: true, timeout: null },
  { positionalOnly: 1 },
);
const APPLY = signature<
  { func: unknown; args: unknown; kwds: unknown; callback: unknown }
>(
  "Pool.apply_async",
  { func: REQUIRED, args: [], kwds: {}, callback: null },
  { objects: ["kwds"] },
);
const BARRIER = signature<{ parties: unknown; action: unknown }>("Barrier", {
  parties: REQUIRED,
  action: null,
});

const nothing = { signal: undefined };

test("parseArguments gives the defaults for no arguments", () => {
  strictEqual(parseArguments(GET, []), GET.defaults);
  deepStrictEqual(GET.defaults, { block: true, timeout: null, ...nothing });
});

test("parseArguments takes positions, names, and both", () => {
  const wanted = { block: false, timeout: 8, ...nothing };
  deepStrictEqual(parseArguments(GET, [false, 8]), wanted);
  deepStrictEqual(parseArguments(GET, [{ timeout: 8, block: false }]), wanted);
  deepStrictEqual(parseArguments(GET, [false, { timeout: 8 }]), wanted);
  deepStrictEqual(parseArguments(GET, [false, 8, {}]), wanted);
});

test("parseArguments takes undefined as not given", () => {
  deepStrictEqual(parseArguments(GET, [undefined, 8]).block, true);
  deepStrictEqual(parseArguments(GET, [undefined, { block: false }]).block, false);
  deepStrictEqual(parseArguments(GET, [{ block: undefined }]).block, true);
  deepStrictEqual(parseArguments(GET, [null]).block, null);
  deepStrictEqual(parseArguments(GET, [true, 1, { timeout: undefined }]).timeout, 1);
});

test("parseArguments takes a signal everywhere", () => {
  const { signal } = new AbortController();
  strictEqual(parseArguments(GET, [{ signal }]).signal, signal);
  strictEqual(parseArguments(GET, [true, 1, { signal }]).signal, signal);
  strictEqual(parseArguments(PUT, ["x", { signal }]).signal, signal);
  strictEqual(parseArguments(GET, [{ signal: null }]).signal, undefined);
  throws(() => parseArguments(GET, [{ signal: "x" }]), {
    name: "TypeError",
    message: "signal must be an AbortSignal, not str",
  });
});

test("parseArguments leaves an object in a positional-only place", () => {
  const options = { block: false };
  strictEqual(parseArguments(PUT, [options]).obj, options);
  strictEqual(parseArguments(PUT, [options]).block, true);
  deepStrictEqual(parseArguments(PUT, [options, { timeout: 1 }]), {
    obj: options,
    block: true,
    timeout: 1,
    ...nothing,
  });
  strictEqual(parseArguments(PUT, [undefined]).obj, undefined);
});

test("parseArguments takes an object for a dict unless it can only be keywords", () => {
  const f = () => 1;
  const kwds = { k: 2 };
  strictEqual(parseArguments(APPLY, [f, [1], kwds]).kwds, kwds);
  const empty = {};
  strictEqual(parseArguments(APPLY, [f, [1], empty]).kwds, empty);
  strictEqual(parseArguments(APPLY, [f, [1], { callback: f }]).callback, f);
  strictEqual(parseArguments(APPLY, [f, [1], kwds, { callback: f }]).kwds, kwds);
  strictEqual(parseArguments(APPLY, [f, [1], { kwds }]).kwds, kwds);
  deepStrictEqual(parseArguments(APPLY, [f, { args: [2] }]).args, [2]);
});

test("parseArguments takes required parameters by name", () => {
  strictEqual(parseArguments(BARRIER, [{ parties: 3 }]).parties, 3);
  strictEqual(parseArguments(APPLY, [{ func: 1 }]).func, 1);
});

test("parseArguments takes instances as values, not as keywords", () => {
  const map = new Map();
  strictEqual(parseArguments(GET, [map]).block, map);
});

const BUILTIN = signature<{ block: unknown; timeout: unknown }>(
  "acquire",
  { block: true, timeout: null },
  { builtin: true },
);

/** Functions as Python has them, and signatures that shall complain alike. */
const FUNCTIONS = {
  "Q().get": GET,
  "Q().put": signature<Record<"obj" | "block" | "timeout", unknown>>("Queue.put", {
    obj: REQUIRED,
    block: true,
    timeout: null,
  }),
  "Q().get_nowait": signature("Queue.get_nowait", {}),
  f0: signature("f0", {}, { method: false }),
  f3: signature<Record<"a" | "b" | "c", unknown>>("f3", {
    a: REQUIRED,
    b: REQUIRED,
    c: REQUIRED,
  }, { method: false }),
  g: signature<Record<"a" | "d" | "e", unknown>>("g", { a: 1, d: null, e: null }, {
    method: false,
    keywordOnly: ["d", "e"],
  }),
  h: signature<Record<"a" | "d", unknown>>("h", { a: REQUIRED, d: REQUIRED }, {
    method: false,
    keywordOnly: ["d"],
  }),
};

type Call = [
  name: keyof typeof FUNCTIONS,
  args: number[],
  kwargs: Record<string, number>,
];

const CALLS: Call[] = [
  ["Q().get", [], { foo: 1 }],
  ["Q().get", [1, 2, 3], {}],
  ["Q().get", [1, 2, 3, 4], { foo: 1 }],
  ["Q().get", [1], { block: 2 }],
  ["Q().get", [1, 2], { timeout: 2 }],
  ["Q().put", [], {}],
  ["Q().put", [1, 2, 3, 4], {}],
  ["Q().put", [], { block: 1 }],
  ["Q().get_nowait", [1], {}],
  ["f0", [1], {}],
  ["f0", [1, 2], {}],
  ["f0", [], { xyz: 1 }],
  ["f3", [], {}],
  ["f3", [1], {}],
  ["f3", [1, 2], {}],
  ["f3", [1, 2, 3, 4], {}],
  ["f3", [], { b: 1 }],
  ["g", [1, 2], { d: 3 }],
  ["g", [1, 2, 3], { d: 3, e: 4 }],
  ["g", [1, 2, 3], {}],
  ["h", [1, 2], { d: 3 }],
  ["h", [1], {}],
  ["h", [], {}],
];

const COMPLAIN = `
import json, sys
class Queue:
    def get(self, block=True, timeout=None): pass
    def put(self, obj, block=True, timeout=None): pass
    def get_nowait(self): pass
Q = Queue
def f0(): pass
def f3(a, b, c): pass
def g(a=1, *, d=None, e=None): pass
def h(a, *, d): pass
found = []
for name, args, kwargs in json.loads(sys.argv[1]):
    try: eval(name)(*args, **kwargs); found.append(None)
    except TypeError as e: found.append(str(e))
print(json.dumps(found))`;

/** Before 3.10 CPython leaves the class out of a method's name. */
const skip = Number(python?.version.split(".")[1] ?? 0) < 10 && "no CPython 3.10";

test("parseArguments complains as CPython does", async () => {
  const ours = CALLS.map(([name, args, kwargs]) =>
    complaint(FUNCTIONS[name], args, kwargs)
  );
  deepStrictEqual(ours, await askPython(COMPLAIN, [CALLS]));
}, { skip });

test("parseArguments complains about a C function as CPython 3.13 does", () => {
  strictEqual(
    complaint(BUILTIN, [], { blocking: 0 }),
    "acquire() got an unexpected keyword argument 'blocking'",
  );
  strictEqual(
    complaint(BUILTIN, [1, 2, 3], {}),
    "acquire() takes at most 2 arguments (3 given)",
  );
  strictEqual(
    complaint(BUILTIN, [1], { block: 0 }),
    "argument for acquire() given by name ('block') and position (1)",
  );
});

test("parseArguments suggests a name as CPython 3.13 does", () => {
  strictEqual(
    complaint(GET, [], { timout: 1 }),
    "Queue.get() got an unexpected keyword argument 'timout'. Did you mean 'timeout'?",
  );
});

test("parseArguments refuses a positional-only parameter given twice", () => {
  strictEqual(
    complaint(PUT, [1], { obj: 2 }),
    "Queue.put() got multiple values for argument 'obj'",
  );
});

function complaint(
  parameters: Parameters<typeof parseArguments>[0],
  args: unknown[],
  kwargs: Record<string, unknown>,
): string | null {
  const given = Object.keys(kwargs).length === 0 ? args : [...args, kwargs];
  try {
    parseArguments(parameters, given);
    return null;
  } catch (error) {
    return error instanceof TypeError ? error.message : String(error);
  }
}

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
  const made: [string, string | null][] = await askPython(source, [NAMES], options);
  const ours = made.map(([wrong]) => [wrong, suggest(wrong, NAMES) ?? null]);
  deepStrictEqual(ours, made);
}, { skip: newest === undefined && "no CPython 3.13" });
