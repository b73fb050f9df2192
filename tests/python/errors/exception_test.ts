/** `args`, text and `repr` of all error classes, beside CPython's. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { KeyError, MaybeEncodingError, OSError, ValueError } from "../../../mod.ts";
import { loads as unpickle } from "../../../src/pickle/reader.ts";
import { dumps as pickle } from "../../../src/pickle/writer.ts";
import { repr } from "../../../src/python/repr.ts";
import { dumps } from "../../../src/reduction/dump.ts";
import { loads } from "../../../src/reduction/load.ts";
import type { Payload } from "../../../src/wire/message.ts";
import {
  type AnyErrorClass,
  EXPORTED_ERRORS,
  NOT_COMPARED,
  PYTHON_MODULES,
} from "../../helpers/error_classes.ts";
import { askPython, pythonTest } from "../../helpers/python.ts";
import { test } from "../../suite.ts";

/** Arguments that JSON can tell. Python gets lists for them, too. */
const ARGUMENTS: readonly (readonly unknown[])[] = [
  [],
  ["a"],
  [""],
  ["it's\n"],
  ["a", 1],
  ["a", "b"],
  [1],
  [2.5],
  [true],
  [null],
  [null, null],
  [["x", 1]],
  [{ a: 1 }],
  [{}],
  ["a", { b: 2 }],
  [2, "No such file or directory"],
  [2, "No such file or directory", "/x"],
  [2, "No such file or directory", null],
  [2, "No such file or directory", "/x", null, "/y"],
  [9999, "x", "/x"],
  ["x", "y", "z"],
  [1, 2, 3, 4, 5, 6],
];

/** Python's classes are called with whatever there is, but these. */
const COUNTS: Readonly<Record<string, readonly number[]>> = {
  MaybeEncodingError: [2],
  ProtocolError: [1],
  WorkerLostError: [0, 1],
  RemoteTraceback: [1],
  RemoteError: [1, 2, 3, 4, 5, 6],
};

interface Case {
  readonly name: string;
  readonly errorClass: AnyErrorClass;
  readonly args: readonly unknown[];
}

const CASES: readonly Case[] = [...EXPORTED_ERRORS].flatMap(([name, errorClass]) =>
  ARGUMENTS.filter(({ length }) => COUNTS[name]?.includes(length) ?? true)
    .map((args) => ({ name, errorClass, args }))
);

function make({ errorClass, args }: Case) {
  // Empty options are none, and keep a last dict from being taken for some.
  return new errorClass(...args, ...(args.length > 0 ? [{}] : []));
}

const ASK = `
import builtins, importlib, json, sys
modules, cases = json.loads(sys.argv[1]), json.loads(sys.argv[2])
found = {name: getattr(importlib.import_module(module), name)
         for module, names in modules.items() for name in names.split()}
answers = []
for name, args in cases:
    cls = found.get(name) or getattr(builtins, name)
    e = cls(*args)
    text = cls.__name__ == "RemoteTraceback" and "raised in another process" or str(e)
    fields = [getattr(e, field, None) for field in
              ("errno", "strerror", "filename", "filename2", "value", "code")]
    answers.append([type(e).__name__, list(e.args), text, repr(e), fields])
print(json.dumps(answers))
`;

pythonTest(
  "args, text, repr and fields of every error class are Python's",
  async () => {
    const cases = CASES.filter(({ name }) => !NOT_COMPARED.includes(name));
    const theirs = await askPython(ASK, [
      PYTHON_MODULES,
      cases.map(({ errorClass, args }) => [
        errorClass.prototype.name.replace(/^struct\./, ""),
        args,
      ]),
    ]) as unknown[];
    strictEqual(theirs.length, cases.length);
    for (const [i, one] of cases.entries()) {
      const error = make(one) as unknown as Record<string, unknown> & Error;
      const name = error.name.replace(/^struct\./, "");
      const fields = ["errno", "strerror", "filename", "filename2", "value", "code"];
      const ours = [
        ...[name, error["args"], error.message, repr(error)],
        fields.map((field) => error[field] ?? null),
      ];
      deepStrictEqual(ours, theirs[i], `${name}(${JSON.stringify(one.args)})`);
    }
  },
);

test("every error class keeps args, text and fields through both formats", () => {
  ok(CASES.length > 900, `${CASES.length} cases`);
  for (const one of CASES) {
    const error = make(one);
    const what = `${one.name}(${JSON.stringify(one.args)})`;
    const isPythons = !["WorkerLostError", "ProtocolError", "RemoteTraceback"]
      .includes(one.name);
    const copies = [loads(dumps(error) as Payload)];
    if (isPythons) copies.push(unpickle(pickle(error)));
    for (const copy of copies as (typeof error)[]) {
      deepStrictEqual(copy.args, error.args, what);
      strictEqual(String(copy), String(error), what);
      strictEqual(repr(copy), repr(error), what);
      strictEqual(copy.constructor, error.constructor, what);
      deepStrictEqual({ ...copy }, { ...error }, what);
    }
  }
});

test("args show in no inspection, and may be set", () => {
  for (const one of CASES) {
    strictEqual(Object.keys(make(one)).includes("args"), false, one.name);
  }
  const error = new ValueError("a");
  (error as { args: unknown }).args = [1];
  deepStrictEqual(error.args, [1]);
  class Refused extends ValueError {
    override args = [7];
  }
  deepStrictEqual(new Refused("x").args, [7]);
});

test("a last argument with cause, and an empty one, are JavaScript's options", () => {
  const cause = new Error("before");
  const error = new ValueError("a", 1, { cause });
  deepStrictEqual([error.args, error.cause, error.message], [
    ["a", 1],
    cause,
    "('a', 1)",
  ]);
  strictEqual(new ValueError("a", { cause: undefined }).cause, undefined);
  ok(Object.hasOwn(new ValueError("a", { cause: undefined }), "cause"));
  ok(!Object.hasOwn(new ValueError("a"), "cause"));
  deepStrictEqual(new ValueError("a", {}).args, ["a"]);
  deepStrictEqual(new ValueError("a", { cause, more: 1 }).args, ["a"]);
  deepStrictEqual(new OSError(2, "x", "/y", { cause }).args, [2, "x"]);
  strictEqual(new OSError(2, "x", "/y", { cause }).cause, cause);
  strictEqual(new OSError(2, { cause }).constructor, OSError);
  deepStrictEqual(new MaybeEncodingError("e", 1, { cause }).args, ["'e'", "1"]);
  // the only argument is the argument
  deepStrictEqual(new KeyError({ cause: 1 }).args, [{ cause: 1 }]);
  strictEqual(new KeyError({ cause: 1 }).cause, undefined);
});

test("what is left out is no argument", () => {
  class Refused extends ValueError {
    constructor(message?: string, options?: ErrorOptions) {
      super(message, options);
    }
  }
  deepStrictEqual(new Refused().args, []);
  strictEqual(new Refused().message, "");
  deepStrictEqual(new Refused("x").args, ["x"]);
  const cause = new Error("before");
  const error = new Refused(undefined, { cause });
  deepStrictEqual([error.args, error.message, error.cause], [[], "", cause]);
  deepStrictEqual(new ValueError(undefined, 1).args, [undefined, 1]);
});

test("an error of JavaScript's own classes has args where it arrives", () => {
  const sent = (error: Error) =>
    (loads(dumps(error) as Payload) as { args: unknown }).args;
  deepStrictEqual(sent(new TypeError("x")), ["x"]);
  deepStrictEqual(sent(new RangeError()), []);
  deepStrictEqual(sent(Object.assign(new Error("x"), { args: [1] })), [1]);
  deepStrictEqual(Object.keys(loads(dumps(new Error("x")) as Payload) as Error), []);
});
