/**
 * Hostile payloads: every way of a message to name, make, call or fill something, with
 * everything that a process has. Written as a lying sender would write them, past all
 * that our own encoder refuses.
 */

import { ReducedKind } from "../../src/reduction/kinds.ts";
import type { Reference } from "../../src/functions/callable.ts";
import { encodeParts, join } from "../../src/codec/codec.ts";

/** Stands for a function that the receiver has. */
export class Ref {
  readonly reference: Reference;
  constructor(...reference: string[]) {
    this.reference = reference as unknown as Reference;
  }
}

/** Stands for an object that is made of a head, and filled with a state. */
export class Made {
  readonly kind: number;
  readonly head: unknown;
  readonly state: unknown;
  constructor(kind: number, head: unknown, state?: unknown) {
    this.kind = kind;
    this.head = head;
    this.state = state;
  }
}

/** The bytes that a lying sender would send for a value with such things in it. */
export function forge(value: unknown): Uint8Array<ArrayBuffer> {
  const table: Reference[] = [];
  const parts = encodeParts(value, {
    reduce(object) {
      if (object instanceof Ref) {
        return { kind: ReducedKind.Callable, head: table.push(object.reference) - 1 };
      }
      if (object instanceof Made) return object;
      throw new TypeError(`no gadget: ${object}`);
    },
  });
  return join(parts, table.length === 0 ? undefined : table) as Uint8Array<ArrayBuffer>;
}

/** URL of the module with the targets, as the receiver has loaded it. */
export const TARGETS = new URL("./gadget_targets.ts", import.meta.url).href
  .replace(/\.ts$/, import.meta.url.slice(import.meta.url.lastIndexOf(".")));

/** An export of the receiver's own program. */
export const own = (name: string): Ref => new Ref(TARGETS, name);

/** Functions of the language and the runtime that do something when they are called. */
const BUILT_IN = [
  "eval",
  "Function",
  "Object",
  "Array",
  "Map",
  "Promise",
  "Proxy",
  "URL",
  "Date",
  "String",
  "Symbol",
  "setTimeout",
  "queueMicrotask",
  "fetch",
  "structuredClone",
  "Object.assign",
  "Object.defineProperty",
  "Object.setPrototypeOf",
  "Reflect.apply",
  "Reflect.construct",
  "Array.from",
  "Promise.resolve",
  "JSON.parse",
  "console.log",
  "Deno.exit",
  "Deno.Command",
  "Bun.spawn",
  "Bun.file",
].map((name) => new Ref(name));

/** Functions of the runtime's own modules, which the receiver has loaded. */
const RUNTIME = [
  new Ref("node:child_process", "execSync"),
  new Ref("node:fs", "writeFileSync"),
  new Ref("node:vm", "runInThisContext"),
  new Ref("fs", "writeFileSync"),
  new Ref("node:fs", "ReadStream"),
  new Ref("node:events", "EventEmitter"),
];

/** Classes of the package, which have names of their own. */
const PACKAGE = ["synchronize:Lock", "queues:Queue", "process:Process"]
  .map((name) => new Ref(name));

const OWN = ["canary", "Built", "Failure", "List"].map(own);

/** Everything that could be called. */
export const CALLABLES: readonly Ref[] = [...BUILT_IN, ...RUNTIME, ...PACKAGE, ...OWN];

const CODE = "globalThis.gadgetRan = true";

function nameOf({ reference }: Ref): string {
  return reference.length === 1 ? reference[0] : `${reference[1]} of ${reference[0]}`;
}

/** Payloads that must be refused, by what they try. */
export function* gadgets(): Generator<[name: string, value: unknown]> {
  for (const callable of CALLABLES) yield* around(nameOf(callable), callable);
  yield* inherited();
  yield* selfCalled();
  yield* misfits();
  // Once for each kind of nesting is enough: where they stand must make no difference.
  const evil = new Made(ReducedKind.Call, [own("canary"), [1]]);
  for (const [place, nest] of Object.entries(PLACES)) {
    yield [`a call ${place}`, nest(evil)];
  }
}

/** Payloads that have one function called. */
function* around(name: string, callable: Ref): Generator<[string, unknown]> {
  const { Call, Instance, Container, Error, Shared, Bound } = ReducedKind;
  yield [`${name}(text)`, new Made(Call, [callable, [CODE]])];
  yield [`${name}()`, new Made(Call, [callable, []])];
  yield [`${name}(function)`, new Made(Call, [callable, [own("canary"), [1]]])];
  yield [
    `${name} as what Object gives, and its state`,
    new Made(Call, [new Ref("Object"), [callable]], { parse: own("canary") }),
  ];
  const isOwn = callable.reference[0] === TARGETS;
  if (!isOwn) yield [`an instance of ${name}`, new Made(Instance, [callable])];
  if (
    callable.reference.length > 1 && !isOwn || /^(eval|Function|Deno|Bun)/.test(name)
  ) {
    yield [`the name of ${name}`, callable];
    yield [`the name of ${name} in a list`, [1, callable]];
  }
  yield [`a state for ${name}`, new Made(Instance, callable, { prototype: {} })];
  if (callable.reference[1] !== "Built") {
    yield [`an instance of ${name}, or none`, new Made(Instance, [callable, 1], {})];
  }
  if (callable.reference.length === 1 || callable.reference[1] === "canary") {
    yield [`a container of ${name}`, new Made(Container, [callable, []], [[1], {}])];
  }
  if (!/^(Failure|List) /.test(name)) {
    yield [`an error of ${name}`, new Made(Error, [callable], [["a", 1, true]])];
  }
  yield [`a shared object by ${name}`, new Made(Shared, [callable, { id: 1 }])];
  for (const shared of ["queues", "synchronize", "managers", "connection", "relayed"]) {
    yield [`an object of ${shared} of class ${name}`, sharedOf(shared, callable)];
  }
  yield [
    `${name} bound to what makes code`,
    new Made(Bound, [callable, "constructor"]),
  ];
  for (const method of ["then", "toString", "valueOf", "toJSON"]) {
    yield [`${method}: ${name}`, { [method]: callable }];
  }
}

/** A shared object whose class would be something else. */
export function sharedOf(module: string, type: Ref): Made {
  return new Made(ReducedKind.Shared, [new Ref(`${module}:rebuild`), {
    id: module === "managers" ? "1" : 1,
    maxsize: 0,
    class: type,
    typeid: "list",
    address: ["127.0.0.1", 1],
    serializer: "pickle",
    exposed: null,
    isNative: true,
    authkey: null,
    end: { class: type, codec: type, id: type },
    readable: true,
    writable: true,
  }]);
}

/** Queues and locks belong to the work that a process is started with. */
function* inherited(): Generator<[string, unknown]> {
  for (const name of ["queues:rebuild", "synchronize:rebuild"]) {
    for (
      const type of [
        ...["queues:Queue", "queues:JoinableQueue"],
        ...["synchronize:Lock", "synchronize:Event"],
      ]
    ) {
      const fields = { id: 1, maxsize: 0, class: new Ref(type) };
      yield [
        `${type} by ${name}`,
        new Made(ReducedKind.Shared, [new Ref(name), fields]),
      ];
    }
  }
}

/** Methods that JavaScript calls by itself. */
function* selfCalled(): Generator<[string, unknown]> {
  const { Instance, Container, Error, Bound } = ReducedKind;
  const canary = own("canary");
  for (const name of ["Thenable", "ThenGetter"]) {
    yield [`an instance of ${name}`, new Made(Instance, [own(name)])];
  }
  yield ["a function with a method then", own("awaited")];
  for (const method of ["then", "toString", "valueOf", "toJSON"]) {
    const fields = { [method]: canary };
    yield [`a field ${method}`, new Made(Instance, [own("Honest")], fields)];
    yield [`${method} of a list`, new Made(Container, [own("List"), []], [[], fields])];
    yield [
      `${method} of an error`,
      new Made(Error, [new Ref("Error")], [[method, canary, false]]),
    ];
    yield [`a bound ${method}`, { [method]: new Made(Bound, ["text", "trim"]) }];
    yield [`${method} without a prototype`, Object.assign(Object.create(null), fields)];
  }
  for (const text of ["name", "message", "stack"]) {
    const shown = new Made(Instance, [own("Built")]);
    yield [
      `an error's ${text} that is shown by a method`,
      new Made(Error, [new Ref("Error")], [[text, shown, false]]),
    ];
  }
  yield [
    "a bound getter",
    new Made(Bound, [new Made(Instance, [own("Built")]), "getter"]),
  ];
  yield ["a bound constructor", new Made(Bound, [own("canary"), "constructor"])];
}

/** What only looks like something. */
function* misfits(): Generator<[string, unknown]> {
  const { Call, Instance, Container, Error, Shared, Bound, DOMException } = ReducedKind;
  const honest = own("Honest");
  const odd = [null, 1, "x", [], {}, [null], [1], [honest], [[]], new Map()];
  for (const kind of [Call, Container, Bound, Shared, Error, DOMException]) {
    for (const [i, head] of odd.entries()) {
      yield [`kind ${kind} made of odd thing ${i}`, new Made(kind, head)];
    }
  }
  for (const state of [1, "x", true]) {
    yield [`an instance with the state ${state}`, new Made(Instance, [honest], state)];
    yield [
      `a list filled with ${state}`,
      new Made(Container, [own("List"), []], state),
    ];
    yield [`an error filled with ${state}`, new Made(Error, [new Ref("Error")], state)];
  }
  for (const kind of [8, 99, -1, 1.5, 2 ** 31]) {
    yield [`unknown kind ${kind}`, new Made(kind, [honest])];
  }
  yield ["an export that is none", own("__proto__")];
  yield ["a module that is not loaded", new Ref("data:text/javascript,0", "x")];
  for (const base of ["Buffer", "Uint8Array", "Map"]) {
    const bytes = base === "Map" ? new Map() : new Uint8Array(4);
    yield [
      `a container of the runtime's own ${base}`,
      new Made(Container, [new Ref(base), bytes], [[], {}]),
    ];
  }
  yield ["an instance of an alias", new Made(Instance, [own("Alias")])];
  yield [
    "a container of an alias",
    new Made(Container, [own("Alias"), new Uint8Array(4)], [[], {}]),
  ];
  yield ["the name of an alias of Function", own("compile")];
  yield ["a call of an old class", new Made(Call, [own("Old"), []])];
  yield [
    "a method of a built-in class",
    new Made(Bound, [new Ref("Object"), "assign"]),
  ];
  yield [
    "a list whose length is set",
    new Made(Container, [own("List"), []], [[], { length: 2 ** 32 - 1 }]),
  ];
}

/** Where in a value something may stand. */
const PLACES: Record<string, (evil: unknown) => unknown> = {
  "in a list": (evil) => [1, evil],
  "in a dict": (evil) => ({ a: { b: evil } }),
  "as a key": (evil) => new Map([[evil, 1]]),
  "in a set": (evil) => new Set([evil]),
  "in a field": (evil) =>
    new Made(ReducedKind.Instance, [own("Honest")], { value: evil }),
  "as a cause": (evil) =>
    new Made(ReducedKind.Error, [new Ref("Error")], [["cause", evil, false]]),
  "in the items of a list": (evil) =>
    new Made(ReducedKind.Container, [own("List"), []], [[evil], {}]),
  "as an argument": (evil) => new Made(ReducedKind.Call, [own("Honest"), [evil]]),
  "as an object of a bound method": (evil) =>
    new Made(ReducedKind.Bound, [evil, "toString"]),
  "twice": (evil) => [evil, evil],
  "behind a hole": (evil) => Object.assign(Array(5), { 4: evil }),
};
