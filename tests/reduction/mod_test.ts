import { encodeParts, join, readReferences } from "../../src/codec/codec.ts";
import {
  Empty,
  KeyError,
  MaybeEncodingError,
  OSError,
  RemoteTraceback,
  SystemExit,
  ValueError,
} from "../../src/python/errors.ts";
import type { Callable } from "../../src/functions/callable.ts";
import { fingerprint } from "../../src/functions/fingerprint.ts";
import { repr } from "../../src/python/repr.ts";
import { formatException } from "../../src/python/traceback.ts";
import {
  assert_spawning,
  bound,
  type DumpContext,
  dumpError,
  dumps,
  dumpsView,
  loadError,
  loads,
  PendingPayload,
  REDUCE_SHARED,
  register,
  registerDeferred,
  registerName,
  registerTransferable,
} from "../../src/reduction/mod.ts";
import * as picklable from "../helpers/picklable.ts";
import theDefault, {
  AppError,
  arrow,
  Bag,
  Handle,
  hidden,
  Loop,
  makeReduced,
  Moment,
  Money,
  Node,
  plain,
  Point,
  Reduced,
  Registry,
  renamed,
  Samples,
  Secretive,
  Stack,
  Stateful,
} from "../helpers/picklable.ts";
import { inner } from "../helpers/picklable_inner.ts";
import { runProgram } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";
import {
  AssertionError,
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import module from "node:module";

/** Tests of src/reduction/mod.ts: what crosses, and what does not. */

const PICKLABLE = new URL("../helpers/picklable.ts", import.meta.url).href
  .replace(/\.ts$/, import.meta.url.slice(import.meta.url.lastIndexOf(".")));

async function payloadOf(value: unknown): Promise<Uint8Array> {
  const payload = dumps(value);
  return payload instanceof PendingPayload ? await payload.resolve() : payload;
}

/** There and back. */
async function trip<T>(value: T): Promise<T> {
  return await loads(await payloadOf(value)) as T;
}

/** A payload with one reference, as another process might send it. */
function naming(...reference: unknown[]): Uint8Array {
  const reducer = { reduce: () => ({ kind: 0, head: 0 }) };
  return join(encodeParts(() => {}, reducer), [reference]);
}

// --- plain values ------------------------------------------------------------------

test("dumps: plain values are there at once, and so is what loads gives", () => {
  for (const value of [1, "text", null, undefined, { a: [1, new Date(0)] }]) {
    const payload = dumps(value);
    ok(payload instanceof Uint8Array);
    deepStrictEqual(loads(payload), value);
  }
  deepStrictEqual(
    loads(dumpsView(new Uint8Array([1])) as Uint8Array),
    new Uint8Array([1]),
  );
});

test("dumps: its bytes are not overwritten by the next call", () => {
  const [first, second] = [dumps({ a: 1 }), dumps({ b: 2 })] as Uint8Array[];
  deepStrictEqual([loads(first!), loads(second!)], [{ a: 1 }, { b: 2 }]);
});

// --- functions and classes ---------------------------------------------------------

for (
  const [name, callable] of Object.entries({
    ...picklable,
    inner,
    hidden,
    "the default export": theDefault,
  })
) {
  test(`dumps: the exported ${name} arrives as itself`, async () => {
    strictEqual(await trip(callable), callable);
    deepStrictEqual(await trip({ f: [callable, callable] }), {
      f: [callable, callable],
    });
  });
}

test("dumps: a function is named by the module's URL and its export", async () => {
  const [[url, name]] = readReferences(await payloadOf(plain)) as [[string, string]];
  deepStrictEqual([url, name], [PICKLABLE, "plain"]);
  const [[, exported]] = readReferences(await payloadOf(renamed)) as [[string, string]];
  strictEqual(exported, "renamed");
});

test("dumps: many functions, each named once", async () => {
  const value = [plain, arrow, plain, Point, [arrow], Math.sqrt, new Point(1, 2)];
  const payload = await payloadOf(value);
  strictEqual(readReferences(payload)!.length, 4);
  deepStrictEqual(await loads(payload), value);
});

for (
  const [name, callable] of Object.entries({
    "Math.sqrt": Math.sqrt,
    "Array.isArray": Array.isArray,
    "Object.keys": Object.keys,
    "console.log": console.log,
    parseInt,
    setTimeout,
    structuredClone,
    Map,
    URL,
    Error,
    TypeError,
    Empty,
  })
) {
  test(`dumps: ${name} is the other process's own`, () => {
    const payload = dumps(callable) as Uint8Array;
    strictEqual(loads(payload), callable);
    strictEqual((readReferences(payload) as string[][])[0]!.length, 1);
  });
}

test("dumps: a name that the package gives", () => {
  const callable = () => 1;
  registerName("test:callable", callable);
  strictEqual(loads(dumps(callable) as Uint8Array), callable);
});

test("loads: a name whose file is loaded only when it comes", async () => {
  let count = 0;
  const callable = () => 1;
  registerDeferred("later", async () => {
    count++;
    await Promise.resolve();
    registerName("later:callable", callable);
  });
  const payload = referringTo("later:callable");
  const unknown = referringTo("later:unknown");
  const values = await Promise.all([loads(payload), loads(payload)]);
  deepStrictEqual(values, [callable, callable]);
  strictEqual(loads(payload), callable, "it is known now");
  throws(() => loads(unknown), {
    name: "AttributeError",
    message: "Can't get attribute 'later:unknown' on <module 'builtins'>",
  });
  strictEqual(count, 2);
});

test("loads: a name that is not in the file either, or whose file cannot be loaded", async () => {
  registerDeferred("missing", () => Promise.resolve());
  await rejects(loads(referringTo("missing:name")) as Promise<unknown>, {
    name: "AttributeError",
  });
  registerDeferred("broken", () => Promise.reject(new TypeError("no such file")));
  for (const _ of "ab") {
    await rejects(loads(referringTo("broken:name")) as Promise<unknown>, {
      message: "no such file",
    });
  }
});

/** What refers to a function by a name that every process knows. */
function referringTo(name: string): Uint8Array {
  const reducer = { reduce: () => ({ kind: 0, head: 0 }) };
  return join(encodeParts(() => 1, reducer), [[name]]);
}

hidden().forEach((callable, i) => {
  const name = callable.name || "<lambda>";
  test(`dumps: function ${i}, ${name}, which nothing exports, is a PicklingError`, async () => {
    await rejects(payloadOf({ callable }), (error: Error) => {
      strictEqual(error.name, "PicklingError");
      ok(error.message.startsWith(`Can't pickle <function ${name}>: attribute lookup`));
      ok(error.message.includes("add `export`"), error.message);
      return true;
    });
  });
});

test("dumps: the error says where the function is, and its line where that is known", async () => {
  await rejects(payloadOf(hidden()[0]), (error: Error) => {
    const place = new RegExp(`\\(it is made in ${PICKLABLE}, line \\d+\\)`);
    ok(place.test(error.message), error.message);
    return true;
  });
});

test("dumps: a function of a module that no source names is found by asking", async () => {
  const url = PICKLABLE.replace("picklable.", "picklable_later.");
  const { later, Later } = await import(url);
  strictEqual(await trip(later), later);
  ok(await trip(new Later()) instanceof Later);
});

test("dumps: takes its snapshot at the call, also if a module must be looked for", async () => {
  const value = { list: [1], bytes: new Uint8Array([1]), hidden: hidden()[1] };
  const pending = dumps(value);
  ok(pending instanceof PendingPayload);
  await rejects(pending.resolve(), { name: "PicklingError" });
  strictEqual(pending.resolve(), pending.resolve());

  const url = PICKLABLE.replace("picklable.", "picklable_pending.");
  const { awaited } = await import(url);
  const state = { list: [1], bytes: new Uint8Array([1]), awaited };
  const payload = dumps(state);
  ok(payload instanceof PendingPayload);
  state.list.push(2);
  state.bytes[0] = 9;
  dumps({ overwrites: "the arena" });
  const copy = await loads(await payload.resolve());
  deepStrictEqual(copy, { list: [1], bytes: new Uint8Array([1]), awaited });
});

// --- what may be loaded ------------------------------------------------------------

test("loads: data cannot make this process load a module", async () => {
  const file = PICKLABLE.replace("picklable.", "picklable_forbidden.");
  const data =
    "data:text/javascript,globalThis.forbiddenWasLoaded=true;export const f=()=>1";
  for (
    const url of [file, data, "https://example.org/x.js", "node:child_process", "x"]
  ) {
    await rejects(async () => await loads(naming(url, "forbidden")), (error: Error) => {
      ok(["UnpicklingError", "AttributeError"].includes(error.name), String(error));
      return true;
    });
  }
  strictEqual((globalThis as Record<string, unknown>).forbiddenWasLoaded, undefined);
});

test("loads: from the parent it loads what is named", async () => {
  const url = `${PICKLABLE.replace("picklable.", "picklable_inner.")}?imported`;
  const f = await loads(naming(url, "inner"), { fromParent: true }) as () => string;
  strictEqual(f(), "inner");
  // From now on it is loaded.
  strictEqual(loads(naming(url, "inner")), f);
});

for (
  const name of [
    "missing",
    "__proto__",
    "constructor",
    "toString",
    "then",
    "hasOwnProperty",
    "",
  ]
) {
  test(`loads: '${name}' is no export`, async () => {
    await trip(plain); // the module is known
    await rejects(async () => await loads(naming(PICKLABLE, name)), {
      name: "AttributeError",
      message: `Can't get attribute '${name}' on <module '${PICKLABLE}'>`,
    });
  });
}

for (
  const path of [
    "eval2",
    "Math.__proto__",
    "Math.constructor",
    "a.b.c",
    "Math.PI",
    "globalThis",
    "",
  ]
) {
  test(`loads: '${path}' is no built-in function`, () => {
    throws(() => loads(naming(path)), { name: "AttributeError" });
  });
}

test("loads: malformed references", () => {
  for (const reference of [[], [1], [null, "x"], ["x", 1], [["x"]]]) {
    throws(() => loads(naming(...reference)), { name: "UnpicklingError" });
  }
});

/** Functions of the parameters and kind of `plain`, or not; and whether `plain` is refused. */
const ALIKE: [what: string, callable: Callable, byText: boolean, isRefused: boolean][] =
  [
    ["another text, where the text does not count", (a: number) => a, false, false],
    ["another text, where it counts", (a: number) => a, true, true],
    ["the same text, where it counts", plain, true, false],
    ["more parameters", (a: number, b: number) => a + b, false, true],
    // deno-lint-ignore require-await -- the kind counts
    ["another kind", async (a: number) => a, false, true],
    ["the kind of a class", Point, false, true],
  ];

for (const [what, callable, byText, isRefused] of ALIKE) {
  test(`loads: a function by the fingerprint of ${what}`, async () => {
    await trip(plain); // the module is known
    const payload = naming(PICKLABLE, "plain", fingerprint(callable, byText));
    if (!isRefused) return strictEqual(loads(payload), plain);
    throws(() => loads(payload), {
      name: "PicklingError",
      message:
        `Can't pickle <function plain>: it's not the same object as ${PICKLABLE}.plain; ` +
        "if it is, name it there by `exported`: its text or its parameters say otherwise",
    });
  });
}

test("loads: a text of another runtime does not count", async () => {
  await trip(plain);
  const print = fingerprint((a: number) => a, true);
  const [runtimes, shapes] = [3, 5 * 16];
  const other = print + shapes * (runtimes * 7 + 1);
  strictEqual(loads(naming(PICKLABLE, "plain", other)), plain);
});

test("loads: malformed fingerprints", async () => {
  await trip(plain);
  for (const print of [-1, 0.5, NaN, Infinity, 1e300, "1", null, {}, 1n]) {
    throws(() => loads(naming(PICKLABLE, "plain", print)), { name: "UnpicklingError" });
  }
});

test("loads: __reduce__ in data cannot call what compiles text, nor any method", () => {
  for (
    const callable of [eval, Function, setTimeout, Reflect.apply, Array.from, Promise]
  ) {
    const head = { kind: 4, head: [callable, ["globalThis.evil = 1"]] };
    let table: unknown[] = [];
    const reducer = {
      reduce(value: object) {
        if (typeof value !== "function") return head;
        table = readReferences(dumps(value) as Uint8Array)!;
        return { kind: 0, head: 0 };
      },
    };
    const parts = encodeParts(new (class Evil {})(), reducer);
    throws(() => loads(join(parts, table)), { name: "UnpicklingError" });
  }
  strictEqual((globalThis as Record<string, unknown>).evil, undefined);
});

// --- instances -----------------------------------------------------------------------

test("instances: class and fields arrive, no constructor runs", async () => {
  const point = new Point(3, 4);
  const { made } = Point;
  const copy = await trip(point);
  ok(copy instanceof Point && copy !== point);
  deepStrictEqual({ ...copy }, { x: 3, y: 4 });
  deepStrictEqual([copy.length, Point.made], [5, made]);
});

test("instances: of a class whose name is no text", async () => {
  ok(await trip(new picklable.Named()) instanceof picklable.Named);
});

test("instances: cycles keep their identity", async () => {
  const [parent, child] = [new Node(), new Node()];
  parent.children.push(child);
  child.parent = parent;
  const copy = await trip({ child, parent, map: new Map([[child, parent]]) });
  strictEqual(copy.child.parent, copy.parent);
  strictEqual(copy.parent.children[0], copy.child);
  strictEqual(copy.map.get(copy.child), copy.parent);
});

test("instances: private members are refused, unless the class says what is sent", async () => {
  throws(() => dumps({ a: new Secretive() }), {
    name: "PicklingError",
    message: "Can't pickle 'Secretive' object: the private '#secret' of Secretive " +
      "cannot be sent; give the class `__reduce__` (a)",
  });
  class Stated extends Secretive {
    __getstate__(): unknown {
      return { open: 2 };
    }
  }
  register(Stated, () => [Secretive, []], Secretive);
  strictEqual((await trip(new Stated())).tell(), 2);
});

test("instances: __getstate__ and __setstate__", async () => {
  const copy = await trip(new Stateful({ a: 1 }));
  ok(copy.restored);
  deepStrictEqual(copy.value, [{ a: 1 }, true]);
});

test("instances: __reduce__, without and with a state", async () => {
  register(Reduced, (value) => value.__reduce__() as never, makeReduced);
  strictEqual((await trip(new Reduced("x"))).by, "x");
  const reduced = new Reduced("x");
  reduced.extra = [1];
  const copy = await trip(reduced);
  deepStrictEqual([copy.by, copy.extra], ["made of x", [1]]);
});

test("instances: __reduce__ that needs the object itself", () => {
  throws(() => dumps(new Loop()), {
    name: "RecursionError",
    message: "maximum recursion depth exceeded while pickling an object",
  });
});

for (
  const [result, message] of [
    [undefined, "__reduce__ must return a string or tuple"],
    [[1, []], "first item of the tuple returned by __reduce__ must be callable"],
    [[plain, 1], "second item of the tuple returned by __reduce__ must be a tuple"],
  ] as const
) {
  test(`instances: ${message}`, () => {
    class Bad {
      __reduce__ = () => result;
    }
    throws(() => dumps(new Bad()), { name: "PicklingError", message });
  });
}

test("register: a function for instances of one class", async () => {
  register(Money, (money) => [Money, [money.amount * 2n]]);
  deepStrictEqual(await trip([new Money(2n ** 70n)]), [new Money(2n ** 71n)]);
  register(URLSearchParams, (params) => [URLSearchParams, [params.toString()]]);
  strictEqual((await trip(new URLSearchParams("a=1&b=2"))).get("b"), "2");
});

test("instances: subclasses of Array, Map, Set, Date and typed arrays", async () => {
  const stack = Stack.from([1, 2, 3]) as Stack;
  const registry = Registry.of(["a", stack]);
  Map.prototype.set.call(registry, registry, registry);
  const moment = new Moment(5);
  moment.zone = "CET";
  const value = {
    stack,
    registry,
    bag: new Bag([stack]),
    moment,
    s: new Samples([1, 2.5]),
  };
  const copy = await trip(value);
  ok(copy.stack instanceof Stack && copy.registry instanceof Registry);
  ok(
    copy.bag instanceof Bag && copy.moment instanceof Moment &&
      copy.s instanceof Samples,
  );
  deepStrictEqual([copy.stack.peek(), copy.stack.label, [...copy.stack]], [3, "stack", [
    1,
    2,
    3,
  ]]);
  strictEqual(copy.registry.get("a"), copy.stack);
  strictEqual(copy.registry.get(copy.registry), copy.registry);
  ok(copy.bag.has(copy.stack));
  deepStrictEqual([copy.moment.getTime(), copy.moment.zone], [5, "CET"]);
  deepStrictEqual([...copy.s], [1, 2.5]);
});

for (
  const [name, value] of Object.entries({
    Promise: Promise.resolve(),
    WeakMap: new WeakMap(),
    Handle: Handle.resolve(),
    Emitter: new picklable.Emitter(),
    AbortController: new AbortController(),
    generator: picklable.generator(),
    async_generator: (async function* () {})(),
    module: picklable,
    Headers: new Headers(),
    TextDecoder: new TextDecoder(),
    WeakRef: new WeakRef({}),
    symbol: Symbol("s"),
  })
) {
  test(`dumps: cannot pickle '${name}' object`, () => {
    const expected = { name: "TypeError", message: `cannot pickle '${name}' object` };
    throws(() => dumps(value), expected);
    throws(() => dumps([{ value }]), {
      name: "TypeError",
      message: `${expected.message} ([0].value)`,
    });
  });
}

test("dumps: an object whose prototype is no class's", () => {
  throws(() => dumps(Object.create({ inherited: 1 })), { name: "TypeError" });
});

test("dumps: an instance of a class that nothing exports", async () => {
  class Local {
    a = 1;
  }
  await rejects(payloadOf(new Local()), {
    name: "PicklingError",
    message: /^Can't pickle <class Local>: attribute lookup Local on /,
  });
});

// --- errors as values ----------------------------------------------------------------

test("errors: class, message, stack, cause and fields", async () => {
  const error = new AppError(404, { cause: new RangeError("why", { cause: 5 }) });
  const copy = await trip(error);
  ok(copy instanceof AppError);
  deepStrictEqual([copy.name, copy.message, copy.status], [
    "AppError",
    "status 404",
    404,
  ]);
  strictEqual(copy.stack, error.stack);
  ok(copy.cause instanceof RangeError);
  deepStrictEqual([copy.cause.message, copy.cause.cause], ["why", 5]);
  deepStrictEqual(Object.keys(copy).sort(), Object.keys(error).sort());
});

test("errors: those of JavaScript and of this package", () => {
  const missing = new OSError(2, "No such file or directory", "x");
  const errors = [
    new TypeError("t"),
    new AggregateError([new Error("1"), 2], "many"),
    new KeyError("k"),
    new SystemExit(3),
    missing,
    new DOMException("gone", "AbortError"),
    Object.assign(new Error("with code"), { code: "ENOENT" }),
  ];
  const copies = loads(dumps(errors) as Uint8Array) as typeof errors;
  errors.forEach((error, i) => {
    const copy = copies[i]!;
    strictEqual(Object.getPrototypeOf(copy), Object.getPrototypeOf(error));
    strictEqual(String(copy), String(error));
    deepStrictEqual({ ...copy }, { ...error });
  });
  deepStrictEqual((copies[1] as AggregateError).errors[1], 2);
});

test("errors: of a class that says it is the one that it extends", async () => {
  class Inner extends TypeError {}
  Object.defineProperty(Inner.prototype, "constructor", { get: () => TypeError });
  const copy = await trip(Object.assign(new Inner("text"), { code: "E_INNER" }));
  strictEqual(Object.getPrototypeOf(copy), TypeError.prototype);
  deepStrictEqual([copy.message, copy.code], ["text", "E_INNER"]);
});

test("errors: of a class of the runtime's own modules", async () => {
  const error = new AssertionError({ message: "not so", actual: 1, expected: 2 });
  const copy = await trip(error);
  ok(copy instanceof AssertionError);
  deepStrictEqual([copy.message, copy.actual, copy.code], ["not so", 1, error.code]);
}, { skip: runtimeName === "bun" && "Bun does not tell where a class was made" });

test("errors: a ring of causes", () => {
  const error = new Error("a", { cause: new Error("b") });
  (error.cause as Error).cause = error;
  const copy = loads(dumps(error) as Uint8Array) as Error;
  strictEqual((copy.cause as Error).cause, copy);
});

// --- errors that were thrown over there ------------------------------------------------

async function carried(error: unknown, withTraceback = true): Promise<unknown> {
  return await loadError(await dumpError(error), { withTraceback });
}

test("dumpError, loadError: same class, message and fields; the stack as cause", async () => {
  const error = new AppError(500, { cause: new Error("first") });
  const copy = await carried(error) as AppError;
  ok(copy instanceof AppError && copy.cause instanceof RemoteTraceback);
  deepStrictEqual([copy.message, copy.status], ["status 500", 500]);
  ok(copy.cause.tb.startsWith("AppError: status 500\n"), copy.cause.tb);
  ok(copy.cause.tb.includes("caused by: Error: first"));
  const plain = await carried(error, false) as AppError;
  strictEqual((plain.cause as Error).message, "first");
});

test("dumpError, loadError: the cause that there was stands behind the stack", async () => {
  const causes = [new AppError(404), new Error("first"), "a text", null, { code: 5 }];
  for (const cause of causes) {
    for (const thrown of [new AppError(500, { cause }), new Error("e", { cause })]) {
      let copy = await carried(thrown) as Error;
      for (let hop = 0; hop < 2; hop++) {
        const remote = copy.cause;
        ok(remote instanceof RemoteTraceback);
        let last: unknown = remote;
        for (let n = 0; n <= hop; n++) last = (last as Error).cause;
        deepStrictEqual(last, cause instanceof AppError ? last : cause);
        if (cause instanceof Error) strictEqual(last?.constructor, cause.constructor);
        if (cause instanceof AppError) strictEqual((last as AppError).status, 404);
        copy = await carried(copy) as Error; // from a worker's worker, say
      }
    }
  }
  const none = await carried(new Error("e")) as Error;
  strictEqual(Object.hasOwn(none.cause as Error, "cause"), false);
});

test("dumpError, loadError: causes are told once in a text", async () => {
  const copy = await carried(new Error("e", { cause: new Error("first") }));
  const text = formatException(copy);
  strictEqual(text.split("Error: first").length, 2, text);
});

test("dumpError, loadError: a class that nothing exports becomes the nearest one", async () => {
  class LocalError extends TypeError {
    override name = "LocalError";
    detail = { a: 1 };
  }
  const copy = await carried(new LocalError("text")) as LocalError;
  strictEqual(Object.getPrototypeOf(copy), TypeError.prototype);
  deepStrictEqual([copy.name, copy.message, copy.detail], ["LocalError", "text", {
    a: 1,
  }]);
  ok(copy.cause instanceof RemoteTraceback);
});

test("dumpError: a field that cannot be sent is told, and nothing else goes", async () => {
  class Local extends Error {
    override name = "Local";
  }
  const lost: unknown[] = [() => 1, Symbol("s"), Promise.resolve(), [{ a: () => 1 }]];
  for (const field of lost) {
    const errors = [
      new AppError(3),
      new Local("x"),
      new ValueError("x", field),
      new AggregateError([Object.assign(new Error("inner"), { field })], "outer"),
    ];
    for (const error of errors) {
      if (!(error instanceof AggregateError)) Object.assign(error, { field });
      const copy = await carried(error) as MaybeEncodingError;
      strictEqual(copy.constructor, MaybeEncodingError);
      strictEqual(copy.value, repr(error));
      match(copy.exc, /^(PicklingError|TypeError)\(/);
      match((copy.cause as RemoteTraceback).tb, new RegExp(`^${error.name}: `));
      const told = await loadError(
        await dumpError(error, (reason, error) => new ValueError(reason, error.name)),
      ) as ValueError;
      strictEqual(told.constructor, ValueError);
      strictEqual(told.args[1], error.name);
    }
  }
  // one that can be sent once its module has been looked for
  const sent = Object.assign(new AppError(3), { field: AppError });
  strictEqual((await carried(sent) as typeof sent).field, AppError);
});

test("dumpError, loadError: a class that this process does not have", async () => {
  const payload = await dumpError(new AppError(1));
  const text = Buffer.from(payload).toString("latin1");
  const strange = Buffer.from(text.replaceAll("picklable.", "pickleble."), "latin1");
  const copy = await loadError(strange) as AppError;
  strictEqual(Object.getPrototypeOf(copy), TypeError.prototype);
  deepStrictEqual([copy.name, copy.status], ["AppError", 1]);
});

test("dumpError, loadError: what stands for the error may have to wait too", async () => {
  class Late extends Error {}
  registerDeferred("waiting", async () => {
    await Promise.resolve();
    registerName("waiting:Late", Late);
  });
  const reducer = {
    reduce: (value: object) =>
      value === Late
        ? { kind: 0, head: 0 }
        : { kind: 5, head: [Late], state: [["message", "late", false]] },
  };
  const substitute = join(encodeParts(new Bag(), reducer), [["waiting:Late"]]);
  const payload = dumps(["the stack", null, substitute]) as Uint8Array;
  const copy = await loadError(payload, { withTraceback: true }) as Error;
  ok(copy instanceof Late);
  strictEqual(copy.message, "late");
  ok(copy.cause instanceof RemoteTraceback);
});

test("dumpError, loadError: whatever else is thrown", async () => {
  for (const thrown of ["text", 5, null, undefined, { a: 1 }]) {
    deepStrictEqual(await carried(thrown), thrown);
  }
  strictEqual(await carried(Symbol("s")), "Symbol(s)");
  const error = new Error("with a function", { cause: () => 1 });
  const copy = await carried(error, false) as Error;
  strictEqual(copy.message, "with a function");
});

// --- shared objects --------------------------------------------------------------------

class Shared {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
  [REDUCE_SHARED](context: DumpContext): [string, unknown] {
    assert_spawning("Queue", context);
    context.inherit(this.id);
    return ["test:Shared", { id: this.id }];
  }
}
registerTransferable("test:Shared", {
  rebuild: ({ id }: { id: number }) => new Shared(id),
});

test("shared objects: travel while a process is being started, with their handles", () => {
  const [a, b] = [new Shared(2 ** 40), new Shared(7)];
  const handles: number[] = [];
  const payload = dumps({ a, b, again: [a] }, { handles });
  deepStrictEqual(handles, [2 ** 40, 7]);
  const copy = loads(payload as Uint8Array) as {
    a: Shared;
    b: Shared;
    again: Shared[];
  };
  ok(copy.a instanceof Shared && copy.a === copy.again[0]);
  deepStrictEqual([copy.a.id, copy.b.id], [2 ** 40, 7]);
});

test("shared objects: elsewhere they are refused", () => {
  throws(() => dumps([new Shared(1)]), {
    name: "RuntimeError",
    message:
      "Queue objects should only be shared between processes through inheritance",
  });
});

test("shared objects: of a type that nobody has registered", () => {
  const reducer = { reduce: () => ({ kind: 6, head: ["test:Unknown", {}] }) };
  const payload = join(encodeParts(new Shared(1), reducer));
  throws(() => loads(payload), { name: "UnpicklingError" });
});

test("shared objects: by a function that has a name, and is registered for that", () => {
  const makeShared = ({ id }: { id: number }) => new Shared(id);
  registerName("test:makeShared", makeShared);
  const reducer = {
    reduce: (value: object) =>
      value === makeShared
        ? { kind: 0, head: 0 }
        : { kind: 6, head: [makeShared, { id: 1 }] },
  };
  const payload = join(encodeParts(new Shared(1), reducer), [["test:makeShared"]]);
  throws(() => loads(payload), {
    name: "UnpicklingError",
    message: "no such type of shared object: makeShared",
  });
  registerTransferable("test:makeShared", { rebuild: makeShared });
  deepStrictEqual(loads(payload), new Shared(1));
});

test("shared objects: whose name nobody has registered are not sent", () => {
  class Nameless {
    [REDUCE_SHARED](): [string, unknown] {
      return ["test:nobody", {}];
    }
  }
  throws(() => dumps([new Nameless()]), {
    name: "PicklingError",
    message: "no such type of shared object: test:nobody",
  });
});

test("shared objects: a name stands for what rebuilds, and is no name as a text", () => {
  const reducer = { reduce: () => ({ kind: 6, head: ["test:Shared", { id: 1 }] }) };
  const payload = join(encodeParts(new Shared(1), reducer));
  throws(() => loads(payload), {
    name: "UnpicklingError",
    message: "no such type of shared object: test:Shared",
  });
});

test("shared objects: those that are inherited come from the parent only", () => {
  class Inherited {
    [REDUCE_SHARED](): [string, unknown] {
      return ["test:Inherited", {}];
    }
  }
  const inherited = "Inherited";
  registerTransferable("test:Inherited", { rebuild: () => new Inherited(), inherited });
  const payload = dumps(new Inherited()) as Uint8Array;
  ok(loads(payload, { fromParent: true }) instanceof Inherited);
  throws(() => loads(payload), {
    name: "UnpicklingError",
    message:
      "Inherited objects should only be shared between processes through inheritance",
  });
});

// --- bound methods -----------------------------------------------------------------------

test("bound: calls the method on the object, here and there", async () => {
  const point = new Point(1, 0);
  const plus = bound(point, "plus");
  strictEqual(plus(2), 3);
  const copy = await trip(plus);
  point.x = 100;
  strictEqual(copy(2), 3);
});

test("bound: object and method stay together", async () => {
  const point = new Point(1, 0);
  const copy = await trip({ point, plus: bound(point, "plus") });
  copy.point.x = 10;
  strictEqual(copy.plus(1), 11);
});

test("bound: a static method, a built-in one, a built-in object's", async () => {
  deepStrictEqual({ ...(await trip(bound(Point, "origin")))() }, { x: 0, y: 0 });
  strictEqual((await trip(bound("text", "toUpperCase")))(), "TEXT");
  strictEqual((await trip(bound(new Map([[1, 2]]), "get")))(1), 2);
});

test("bound: what is no method", () => {
  class Work {
    notCallable = 1;
  }
  for (const name of ["send", "notCallable"]) {
    throws(() => bound(new Work(), name as never), {
      name: "AttributeError",
      message: `'Work' object has no attribute '${name}'`,
    });
  }
  throws(() => bound(null, "x" as never), {
    name: "AttributeError",
    message: "'NoneType' object has no attribute 'x'",
  });
});

// --- main modules ------------------------------------------------------------------------

test("dumps, loads: in a main module that awaits at its top level", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/pickling_main.ts");
  deepStrictEqual([stdout, stderr, code], ["done\n", "", 0]);
});

// --- bindings that change ----------------------------------------------------------------

const LOST = (name: string, binding: string) =>
  `PicklingError: Can't pickle <function ${name}>: it's not the same object as rebound.${binding}`;

const REBOUND = [
  `inline ${LOST("inline", "inline")}`,
  "inline present",
  `pattern ${LOST("pattern", "pattern")}`,
  "pattern present",
  `alias ${LOST("renamed", "alias")}`,
  "alias present",
  "stays stays",
  "later former",
];

/** What the worker's module, which has not changed it, says under the name. */
const CHANGED = [`later ${LOST("later", "later")}`, "later former"];

for (const where of ["main", "top"]) {
  const name = where === "top"
    ? "the same in a main module that awaits at its top level"
    : "a function whose name stands for another one by now is refused";
  test(`dumps: ${name}`, async () => {
    const ways = runtimeName === "deno"
      ? [["-A"], ["--allow-run", "--allow-read", "--allow-env"]]
      : [[]];
    for (const flags of ways) {
      const { stdout, stderr } = await runProgram("tests/children/rebound.ts", {
        args: [where],
        flags,
      });
      // A runtime that tells bindings once only: what the worker runs is what was sent.
      const isTold = where === "main" || runtimeName !== "node" ||
        "registerHooks" in module;
      const changed = isTold ? CHANGED : [...CHANGED].reverse();
      deepStrictEqual([stdout.trimEnd().split("\n"), stderr], [
        [...REBOUND, ...changed],
        "",
      ]);
    }
  });
}
