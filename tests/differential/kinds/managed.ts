/**
 * What managers hold: lists, dicts, namespaces, values, arrays, and what threads share.
 *
 * @module
 */
import { assign, call, type Code, code, type Given, text } from "../code.ts";
import type { Dice, Writer } from "../program.ts";

/** Writes a program about the data of a manager. */
export function managed(writer: Writer, length: number): void {
  const { dice } = writer;
  const manager = writer.make("manager", call("mp.Manager"));
  const objects = Array.from({ length: 5 }, () => made(writer, manager));
  while (writer.steps.length < length) {
    if (dice.once(15)) objects[dice.below(5)] = made(writer, manager);
    const { kind, name } = dice.pick(objects);
    if (dice.once(8)) writer.show(shown(name));
    else if (dice.once(25)) writer.show(code(`repr(${name})`, `${name}.__repr__()`));
    else writer.show(...STEPS[kind]!(dice, name));
  }
  if (dice.once(2)) nested(writer, manager);
  if (dice.once(4)) servedPool(writer, manager);
  if (dice.once(2)) child(writer, objects);
  writer.show(call(`${manager}.shutdown`), ...objects.slice(0, 2).map(broken));
}

interface Known {
  kind: string;
  name: string;
}

/** What the object says; a proxy's own text here is another call. */
function shown(name: string): Code {
  return code(`str(${name})`, `${name}.__str__()`);
}

/** A call after the manager is gone: that it fails is the same, how is not. */
function broken({ name }: Known): Code {
  const { py, ts } = shown(name);
  return code(
    `raised(lambda: ${name}._callmethod("x")) or ${py}`,
    `raised(() => ${name}._callmethod("x")).then((is) => is || ${ts})`,
  );
}

function made(writer: Writer, manager: string): Known {
  const { dice } = writer;
  const kind = dice.pick([
    "list",
    "list",
    "dict",
    "dict",
    "Namespace",
    "Value",
    "Array",
  ]);
  const args: Record<string, () => Given[]> = {
    list: () => dice.once(4) ? [] : [dice.values(6)],
    dict: () =>
      dice.once(4) ? [] : [new Map(dice.values(4).map((v, i) => [`k${i}`, v]))],
    sorted: () => [numbers(dice, 6)],
    Namespace: () => [],
    Value: () => [dice.pick(["i", "d"]), dice.from(-5, 5)],
    Array: () => [dice.pick(["i", "b", "h"]), numbers(dice, 6)],
  };
  return {
    kind,
    name: writer.make(
      kind.toLowerCase(),
      call(`${manager}.${kind === "sorted" ? "list" : kind}`, args[kind]!()),
    ),
  };
}

function numbers(dice: Dice, most: number): number[] {
  return Array.from({ length: dice.below(most + 1) }, () => dice.from(-9, 9));
}

/** A slice; a keyword of Python's that is a function here. */
function slice(dice: Dice): Code {
  const bound = () => dice.pick<Given>([null, dice.from(-3, 5)]);
  const step = dice.pick<Given>([null, 1, 2, -1, 0]);
  return call(code("slice", "managers.slice"), [bound(), bound(), step]);
}

type Steps = (dice: Dice, name: string) => Code[];

const list: Steps = (dice, name) => {
  const does = (method: string, ...args: Given[]) => call(`${name}.${method}`, args);
  const index = () => dice.from(-5, 6);
  return [dice.one(
    () => does("append", dice.value()),
    () => does("append", dice.from(0, 5)),
    () => does("extend", dice.values(3)),
    () => does("extend", "ab"),
    () => does("extend", 5),
    () => does("insert", index(), dice.value()),
    () => does("pop"),
    () => does("pop", index()),
    () => does("remove", dice.from(0, 5)),
    () => does("reverse"),
    () => does("sort", 5),
    () => call(`${name}.sort`, [], { key: 5 }),
    () => does("count", dice.from(0, 5)),
    () => does("index", dice.from(0, 5)),
    () => does("index", dice.from(0, 5), dice.pick<Given>([1, -1, 99, "x", null])),
    () => does("__getitem__", index()),
    () => does("__getitem__", slice(dice)),
    () => does("__getitem__", "x"),
    () => does("__setitem__", index(), dice.value()),
    () => does("__setitem__", slice(dice), numbers(dice, 3)),
    () => does("__delitem__", index()),
    () => does("__delitem__", slice(dice)),
    () => does("__len__"),
    () => does("__contains__", dice.from(0, 5)),
    () => does("__add__", numbers(dice, 2)),
    () => does("__add__", 5),
    () => does("__mul__", dice.from(-1, 2)),
    () => does("__imul__", 1),
    () => does("_getvalue"),
    () => code(`list(${name})`, `listed(${name})`),
    () => does("append"),
    () => does("append", 1, 2),
    () => does("insert", 1),
    () => does("pop", dice.pick<Given>(["x", 1.5, 10n ** 30n, null])),
    () => does("insert", dice.pick<Given>(["x", 1.5, -(10n ** 30n), null]), 1),
    () => does("__setitem__", 1),
    () => does("__mul__"),
    () => does("__len__", 1),
    () => does("__contains__"),
  )];
};

/** A list of numbers, which have an order: which items others name first is left open. */
const sorted: Steps = (dice, name) => {
  const does = (method: string, ...args: Given[]) => call(`${name}.${method}`, args);
  return [dice.one(
    () => does("sort"),
    () => call(`${name}.sort`, [], { reverse: dice.once(2) }),
    () => call(`${name}.sort`, [], { key: code("work.square"), reverse: dice.once(2) }),
    () => does("append", dice.pick([dice.from(-9, 9), 0.5])),
    () => does("extend", numbers(dice, 4)),
    () => does("insert", dice.from(-3, 3), dice.from(-9, 9)),
    () => does("pop"),
    () => does("index", dice.from(-3, 3)),
    () => does("_getvalue"),
  )];
};

const dict: Steps = (dice, name) => {
  const does = (method: string, ...args: Given[]) => call(`${name}.${method}`, args);
  const key = (): Given => dice.pick<Given>(["k0", "k1", "k2", "new", 1, 2, "1", 2.5]);
  return [dice.one(
    () => does("__setitem__", key(), dice.value()),
    () => does("__setitem__", key(), dice.value()),
    () => does("__setitem__", new Map([["a", 1]]), 1),
    () => does("__getitem__", key()),
    () => does("__delitem__", key()),
    () => does("__contains__", key()),
    () => does("__len__"),
    () => does("get", key()),
    () => does("get", key(), "none"),
    () => does("pop", key()),
    () => does("pop", key(), null),
    () => does("popitem"),
    () => does("setdefault", key(), 7),
    () => does("setdefault", key()),
    () => does("keys"),
    () => does("values"),
    () => does("items"),
    () => does("update", new Map([["u", 1], ["v", dice.value()]])),
    () => does("update", [["p", 1]]),
    () => does("update", 5),
    () => does("update", [[1, 2, 3]]),
    () => dice.once(4) ? does("clear") : does("__len__"),
    () => does("copy"),
    () => does("_getvalue"),
    () => code(`list(${name})`, `listed(${name})`),
    () => does("get"),
    () => does("pop"),
    () => does("__getitem__"),
    () => does("__setitem__", 1),
    () => does("__len__", 1),
    () => does("__contains__"),
    () => does("__delitem__"),
  )];
};

const namespace: Steps = (dice, name) => {
  const field = () => dice.pick(["x", "y", "z"]);
  return [dice.one<Code>(
    () => assign(name, field(), dice.value()),
    () => assign(name, field(), dice.value()),
    () => code(`${name}.${field()}`),
    () => {
      const one = field();
      return code(`delattr(${name}, "${one}")`, `${name}.__delattr__("${one}")`);
    },
    () => call(`${name}.__setattr__`, ["w", dice.value()]),
    () => call(`${name}.__getattr__`, [field()]),
  )];
};

const value: Steps = (dice, name) => [dice.one(
  () => code(`${name}.value`),
  () => call(`${name}.get`),
  () => call(`${name}.set`, [dice.value()]),
  () => assign(name, "value", dice.value()),
  () => call(`${name}.set`),
  () => call(`${name}.get`, [1]),
)];

const array: Steps = (dice, name) => {
  const does = (method: string, ...args: Given[]) => call(`${name}.${method}`, args);
  return [dice.one(
    () => does("__getitem__", dice.from(-6, 6)),
    () => does("__setitem__", dice.from(-6, 6), dice.from(-100, 100)),
    () => does("__setitem__", 0, dice.pick<Given>(["x", 1.5, null, 10n ** 12n])),
    () => does("__len__"),
    () => code(`list(${name})`, `listed(${name})`),
    () =>
      code(
        `list(${name}.__getitem__(slice(0, 3)))`,
        `${name}.__getitem__(managers.slice(0, 3)).then((part) => [...part])`,
      ),
    () => does("__getitem__", "x"),
  )];
};

const STEPS: Record<string, Steps> = {
  list,
  sorted,
  dict,
  Namespace: namespace,
  Value: value,
  Array: array,
};

/** Proxies in what other proxies stand for. */
function nested(writer: Writer, manager: string): void {
  const { dice } = writer;
  const list = writer.make("list", call(`${manager}.list`, [numbers(dice, 3)]));
  const outer = writer.make("list", call(`${manager}.list`, [[code(list)]]));
  const dict = writer.make("dict", call(`${manager}.dict`));
  const inner = writer.make("inner", call(`${outer}.__getitem__`, [0]));
  writer.show(
    call(`${dict}.__setitem__`, ["l", code(list)]),
    call(`${dict}.__setitem__`, ["d", code(outer)]),
    call(`${outer}.append`, [code(dict)]),
    call(`${inner}.append`, [dice.value()]),
    shown(list),
    call(`${list}.__len__`),
    call(`${outer}.__len__`),
    call(`${dict}.keys`),
    call(`${dict}.__getitem__`, ["l"]),
    call(`${dict}.pop`, ["l"]),
    call(`${inner}._getvalue`),
    call(`${outer}.pop`, [0]),
    shown(list),
  );
}

/** A pool of the server's. */
function servedPool(writer: Writer, manager: string): void {
  const { dice } = writer;
  const pool = writer.make("pool", call(`${manager}.Pool`, [1]));
  const square = code("work.square");
  const result = writer.make(
    "result",
    call(`${pool}.apply_async`, [square, [dice.from(0, 9)]]),
  );
  writer.show(
    call(`${pool}.apply`, [square, [dice.from(0, 9)]]),
    call(`${pool}.map`, [square, numbers(dice, 5)]),
    call(`${pool}.starmap`, [code("work.add"), [[1, 2], [3, 4]]]),
    call(`${pool}.apply`, [code("work.fail"), ["text"]]),
    call(`${result}.get`),
    call(`${result}.successful`),
    code(`repr(${pool})`, `${pool}.__repr__()`),
    call(`${pool}.close`),
    call(`${pool}.apply`, [square, [1]]),
    call(`${pool}.join`),
  );
}

/** A process that uses the same objects. */
function child(writer: Writer, objects: Known[]): void {
  const { dice } = writer;
  const process = writer.process(
    writer.body(objects.map(({ name }) => name), (inner) => {
      for (let n = dice.from(3, 12); n > 0; n--) {
        const { kind, name } = dice.pick(objects);
        inner.show(...STEPS[kind]!(dice, name));
      }
      inner.show(...objects.map(({ name }) => shown(name)));
    }),
  );
  writer.show(
    call(`${process}.start`),
    call(`${process}.join`, [20]),
    code(`${process}.exitcode`),
    ...objects.map(({ name }) => shown(name)),
  );
}

/** Writes a program about what threads share, held by a manager or of `dummy`. */
export function served(writer: Writer, length: number): void {
  const manager = writer.make("manager", call("mp.Manager"));
  threadObjects(writer, length, manager, true);
  writer.show(call(`${manager}.shutdown`));
}

/** The same objects in this process. */
export function threads(writer: Writer, length: number): void {
  threadObjects(writer, length, "dummy", false);
}

function threadObjects(
  writer: Writer,
  length: number,
  maker: string,
  isServed: boolean,
): void {
  const { dice } = writer;
  const kinds = ["Queue", "JoinableQueue", "Event", "Lock", "RLock", "Semaphore"];
  kinds.push("BoundedSemaphore", "Condition", "Barrier");
  const objects = new Map<string, { kind: string; held: number }>();
  const make = () => {
    const kind = dice.pick(kinds);
    const count = dice.from(0, 2);
    const args: Given[] = kind === "Barrier"
      ? [1]
      : kind.endsWith("Semaphore") || kind.endsWith("Queue")
      ? [count]
      : [];
    const name = writer.make(kind.toLowerCase(), call(`${maker}.${kind}`, args));
    objects.set(name, { kind, held: kind.endsWith("Semaphore") ? count : 0 });
  };
  for (let n = 6; n > 0; n--) make();
  while (writer.steps.length < length) {
    if (dice.once(15)) make();
    const [name, object] = dice.pick([...objects]);
    const step = threadStep(dice, name, object, isServed);
    if (step !== undefined) writer.show(step);
  }
}

function threadStep(
  dice: Dice,
  name: string,
  object: { kind: string; held: number },
  isServed: boolean,
): Code | undefined {
  const does = (method: string, args: Given[] = [], keywords = {}) =>
    call(`${name}.${method}`, args, keywords);
  switch (object.kind) {
    case "Queue":
    case "JoinableQueue":
      return dice.one(
        () => does("put", [dice.value(), false]),
        () => does("put", [dice.value(), true, 0.01]),
        () => does("put_nowait", [dice.value()]),
        () => does("get", [false]),
        () => does("get", [true, 0.01]),
        () => does("get_nowait"),
        () => does("qsize"),
        () => does("empty"),
        () => does("full"),
        () => does("task_done"),
        () => does("get", [true, -1]),
        () => does("put", [1], { timeout: -1 }),
        () => does("put"),
        () => does("get", [1, 2, 3]),
        () => dice.once(6) ? does("shutdown", dice.pick([[], [true]])) : does("qsize"),
      );
    case "Event":
      return dice.one(
        () => does("set"),
        () => does("clear"),
        () => does("is_set"),
        () => does("wait", [0.01]),
        () => does("wait", [], { timeout: 0 }),
        () => isServed ? does("is_set") : text(name),
      );
    case "Barrier":
      return dice.one(
        () => does("wait", [5]),
        () => code(`${name}.parties`),
        () => code(`${name}.n_waiting`),
        () => code(`${name}.broken`),
        () => does("reset"),
        () => dice.once(3) ? does("abort") : does("reset"),
      );
    case "Condition":
      if (dice.once(2)) {
        return dice.one(
          () => does("notify"),
          () => does("notify", [2]),
          () => does("notify_all"),
          () => does("wait", [0.01]),
          () => does("wait_for", [code("(lambda: 5)", "(() => 5)"), 0.01]),
        );
      }
  }
  const isSemaphore = object.kind.endsWith("Semaphore");
  if (dice.once(2)) {
    // A lock of the server's is a thread's own: who releases it is the same here.
    if (object.held > 0 || isSemaphore || dice.once(2)) {
      if (isSemaphore) object.held++;
      else if (object.held > 0) object.held--;
      return does("release");
    }
    return undefined;
  }
  const form = dice.one(
    () => does("acquire", [false]),
    () => does("acquire", [true, 0.01]),
  );
  if (isSemaphore) object.held = Math.max(0, object.held - 1);
  else if (object.held === 0 || object.kind !== "Lock") object.held++;
  return form;
}
