import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as errors from "../../src/python/errors.ts";
import { NOT_COMPARED, PYTHON_MODULES } from "../helpers/error_classes.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";

const {
  BufferTooShort,
  errorClasses,
  KeyError,
  OSError,
  reviveError,
  StopIteration,
  StructError,
  SystemExit,
  TimeoutError,
  ValueError,
} = errors;

/** Our classes by the name they have in this package. */
const classes = Object.entries(errors).filter(([, value]) =>
  typeof value === "function" && value.prototype instanceof Error
) as [string, errors.ErrorClass][];

/** The names of a class's bases, Error last. */
function basesOf(errorClass: errors.ErrorClass): string[] {
  const names: string[] = [];
  let prototype = Object.getPrototypeOf(errorClass.prototype);
  while (prototype !== Object.prototype) {
    if (Object.hasOwn(prototype, "name")) names.push(prototype.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}

const HIERARCHY = `
import builtins, importlib, json, sys
modules = json.loads(sys.argv[1])
wanted = json.loads(sys.argv[2])
found = {}
for module, names in modules.items():
    for name in names.split():
        found[name] = getattr(importlib.import_module(module), name)
bases = {}
for name in wanted:
    cls = found.get(name) or getattr(builtins, name)
    bases[name] = [b.__name__ for b in cls.__mro__[1:]
                   if b.__name__ not in ("Exception", "BaseException", "object")]
print(json.dumps(bases))
`;

pythonTest("error classes have Python's names and parents", async () => {
  const wanted = new Map(
    classes.filter(([name]) => !NOT_COMPARED.includes(name)).map(([, errorClass]) => [
      errorClass.prototype.name.replace(/^struct\./, ""),
      basesOf(errorClass).slice(0, -1),
    ]),
  );
  const theirs = await askPython(HIERARCHY, [PYTHON_MODULES, [...wanted.keys()]]);
  deepStrictEqual(Object.fromEntries(wanted), theirs);
});

test("every error class has its name on the prototype, hidden and writable", () => {
  ok(classes.length > 45, String(classes.length));
  for (const [name, errorClass] of classes) {
    const own = Object.getOwnPropertyDescriptor(errorClass.prototype, "name");
    strictEqual(own?.value, name === "StructError" ? "struct.error" : name);
    strictEqual(own?.enumerable, false, name);
    strictEqual(own?.writable, true, name);
    strictEqual(errorClasses.get(own?.value), errorClass);
  }
});

test("an error's stack starts with its name and text where stacks have a head", () => {
  const error = new ValueError("boom");
  ok(error.stack?.startsWith("ValueError: boom\n"), error.stack);
  strictEqual(String(error), "ValueError: boom");
  strictEqual(String(new TimeoutError()), "TimeoutError");
});

test("a subclass may set a name of its own", () => {
  class Refused extends ValueError {
    override name = "Refused";
  }
  strictEqual(String(new Refused("no")), "Refused: no");
});

test("errors keep the cause", () => {
  const cause = new Error("before");
  strictEqual(new ValueError("after", { cause }).cause, cause);
  strictEqual(new KeyError("k", { cause }).cause, cause);
  strictEqual(new OSError("closed", { cause }).cause, cause);
  strictEqual(new SystemExit(1, { cause }).cause, cause);
  strictEqual("cause" in new ValueError("alone"), false);
});

test("KeyError's text is the key's repr", () => {
  strictEqual(new KeyError("json").message, "'json'");
  deepStrictEqual(new KeyError("json").args, ["json"]);
  strictEqual(new KeyError(Array).message, "<class 'list'>");
  strictEqual(new KeyError().message, "");
  deepStrictEqual(new KeyError().args, []);
});

test("StopIteration carries a value", () => {
  strictEqual(new StopIteration().value, null);
  deepStrictEqual(new StopIteration().args, []);
  deepStrictEqual(new StopIteration(null).args, [null]);
  strictEqual(new StopIteration(3).value, 3);
  strictEqual(new StopIteration(3).message, "3");
});

test("BufferTooShort.args[0] is the whole message", () => {
  const message = Uint8Array.of(104, 105, 0);
  const error = new BufferTooShort(message);
  strictEqual(error.args[0], message);
  strictEqual(error.message, "b'hi\\x00'");
});

test("errorClasses knows JavaScript's own classes too", () => {
  for (const builtin of [Error, TypeError, RangeError, SyntaxError, AggregateError]) {
    strictEqual(errorClasses.get(builtin.name), builtin);
  }
  strictEqual(errorClasses.get("struct.error"), StructError);
});

test("reviveError makes an instance without running the constructor", () => {
  const cause = new Error("there");
  const error = reviveError(KeyError, "'json'", { cause });
  ok(error instanceof KeyError && error instanceof errors.LookupError);
  strictEqual(String(error), "KeyError: 'json'");
  strictEqual(error.cause, cause);
  ok(error.stack?.startsWith("KeyError: 'json'\n"), error.stack);
  strictEqual(reviveError(OSError, "handle is closed").errno, null);
  strictEqual(reviveError(SystemExit, "").code, null);
});
