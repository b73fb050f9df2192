/**
 * Wrong input to locks, semaphores, conditions, events and barriers: for
 * each public call a table of wrong arguments with what CPython 3.13 makes of them, error
 * or value. Where that CPython is at hand, the table itself is compared with it.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  Queue,
  RLock,
  Semaphore,
} from "../../mod.ts";
import { wrong } from "../cpython/helpers/checks.ts";
import {
  call,
  compareTables,
  integer,
  make,
  missing,
  type Row,
  rows,
  takes,
  unexpected,
} from "./tables.ts";
import { test } from "../suite.ts";

const TOO_OFTEN = "ValueError: semaphore or lock released too many times";
const NOT_OWNED =
  "AssertionError: attempt to release recursive lock not owned by thread";
const NO_WAIT = "AssertionError: must acquire() condition before using wait()";
const NO_NOTIFY = "AssertionError: lock is not owned";

async function held<T extends Lock | Semaphore | Condition>(it: T): Promise<() => T> {
  await it.acquire();
  return () => it;
}

const CONSTRUCTORS: Row[] = [
  ...Object.entries({ Lock, RLock, Event }).flatMap(([name, Maker]): Row[] => [
    [takes(`BaseContext.${name}`, 1, 1, 2), `${name}(1)`, () => make(Maker, 1)],
    [
      unexpected(`BaseContext.${name}`, "x"),
      `${name}(x=1)`,
      () => make(Maker, { x: 1 }),
    ],
  ]),
  ...Object.entries({ Semaphore, BoundedSemaphore }).flatMap(([name, Maker]): Row[] => [
    ["OSError: [Errno 22] Invalid argument", `${name}(-1)`, () => Maker(-1)],
    [integer("str"), `${name}('x')`, () => Maker(wrong("x"))],
    [integer("NoneType"), `${name}(None)`, () => Maker(wrong(null))],
    [integer("float"), `${name}(1.5)`, () => Maker(1.5)],
    [integer("list"), `${name}([])`, () => Maker(wrong([]))],
    [
      "OverflowError: Python int too large to convert to C int",
      `${name}(2**31)`,
      () => Maker(2 ** 31),
    ],
    [
      takes(`BaseContext.${name}`, 1, 2, 3),
      `${name}(1, 2)`,
      () => make(Maker, 1, 2),
    ],
    [
      unexpected(`BaseContext.${name}`, "valu", "value"),
      `${name}(valu=1)`,
      () => make(Maker, { valu: 1 }),
    ],
    [
      `<${name}(value=1`,
      `str(${name}(True))[:${name.length + 9}]`,
      () => String(Maker(wrong(true))).slice(0, name.length + 9),
    ],
  ]),
  ...rows("AttributeError: 'int' object has no attribute 'acquire'", {
    "Condition(5)": () => Condition(wrong(5)),
  }),
  ...rows("AttributeError: 'str' object has no attribute 'acquire'", {
    "Condition('x')": () => Condition(wrong("x")),
  }),
  ...rows("<Condition(<RLock(None, 0)>, 0)>", {
    "Condition(0)": () => Condition(wrong(0)),
  }),
  ...rows(takes("BaseContext.Condition", 1, 2, 3), {
    "Condition(None, 3)": () => make(Condition, null, 3),
  }),
  ...rows(unexpected("BaseContext.Condition", "bogus"), {
    "Condition(bogus=1)": () => make(Condition, { bogus: 1 }),
  }),
  ...rows(missing("BaseContext.Barrier", "parties"), {
    "Barrier()": () => make(Barrier),
  }),
  ...rows(takes("BaseContext.Barrier", 2, 4, 5), {
    "Barrier(2, None, None, 4)": () => make(Barrier, 2, null, null, 4),
  }),
  ...rows(unexpected("BaseContext.Barrier", "bogus"), {
    "Barrier(2, bogus=1)": () => make(Barrier, 2, { bogus: 1 }),
  }),
];

const NOT_REAL = "TypeError: must be real number, not str";
const NOT_ADDED = "TypeError: unsupported operand type(s) for +: 'float' and 'str'";
const INVALID = "OSError: [Errno 22] Invalid argument";

const LOCKS: Row[] = Object.entries({ Lock, Semaphore, RLock }).flatMap(
  ([name, Maker]): Row[] => [
    ...rows("TypeError: acquire() got an unexpected keyword argument 'blocking'", {
      [`${name}().acquire(blocking=False)`]: () =>
        Maker().acquire(wrong({ blocking: false })),
    }),
    ...rows(NOT_REAL, {
      [`${name}().acquire(True, 'x')`]: () => Maker().acquire(true, wrong("x")),
      [`${name}().acquire(False, 'x')`]: () => Maker().acquire(false, wrong("x")),
    }),
    ...rows("TypeError: must be real number, not list", {
      [`${name}().acquire(timeout=[])`]: () => Maker().acquire({ timeout: wrong([]) }),
    }),
    ...rows("TypeError: acquire() takes at most 2 arguments (3 given)", {
      [`${name}().acquire(1, 2, 3)`]: () => call(Maker(), "acquire", 1, 2, 3),
    }),
    ...rows(
      "TypeError: argument for acquire() given by name ('block') and position (1)",
      {
        [`${name}().acquire(True, block=True)`]: () =>
          call(Maker(), "acquire", true, { block: true }),
      },
    ),
    ...rows("TypeError: SemLock.release() takes no arguments (1 given)", {
      [`${name}().release(1)`]: () => call(Maker(), "release", 1),
    }),
  ],
);

const HELD: Row[] = [
  [TOO_OFTEN, "Lock().release()", () => Lock().release()],
  [TOO_OFTEN, "Lock().__exit__()", () => Lock().__exit__()],
  [TOO_OFTEN, "BoundedSemaphore(3).release()", () => BoundedSemaphore(3).release()],
  [TOO_OFTEN, "BoundedSemaphore(0).release()", () => BoundedSemaphore(0).release()],
  [TOO_OFTEN, "Semaphore(2**31-1).release()", () => Semaphore(2 ** 31 - 1).release()],
  [NOT_OWNED, "RLock().release()", () => RLock().release()],
  ...rows(takes("Semaphore.get_value", 1, 1, 2), {
    "Semaphore().get_value(1)": () => call(Semaphore(), "get_value", 1),
  }),
  ...([
    ["False", "acquire(False)", (lock) => lock.acquire(false)],
    ["False", "acquire(0)", (lock) => lock.acquire(wrong(0))],
    ["False", "acquire(None)", (lock) => call(lock, "acquire", null)],
    ["False", "acquire(True, -1)", (lock) => lock.acquire(true, -1)],
    ["False", "acquire(True, 0)", (lock) => lock.acquire(true, 0)],
    ["False", "acquire(True, False)", (lock) => lock.acquire(true, wrong(false))],
    [INVALID, "acquire(True, float('nan'))", (lock) => lock.acquire(true, NaN)],
    [NOT_REAL, "acquire(False, 'x')", (lock) => lock.acquire(false, wrong("x"))],
  ] as [string, string, (lock: Lock) => unknown][]).map(
    ([outcome, python, act]): Row => [
      outcome,
      `held(Lock()).${python}`,
      async () => act((await held(Lock()))()),
    ],
  ),
  ...rows("True", {
    "held(RLock()).acquire(True, 'x')": async () =>
      (await held(RLock()))().acquire(true, wrong("x")),
  }),
];

/** Of a condition that is held. */
const OWNED: [string, string, (condition: Condition) => unknown][] = [
  ["False", "wait(-1)", (c) => c.wait(-1)],
  [NOT_REAL, "wait('x')", (c) => c.wait(wrong("x"))],
  [INVALID, "wait(float('nan'))", (c) => c.wait(NaN)],
  [INVALID, "wait_for(lambda: 0, float('nan'))", (c) => c.wait_for(() => 0, NaN)],
  [takes("Condition.wait", 1, 2, 3), "wait(1, 2)", (c) => call(c, "wait", 1, 2)],
  ...rows<[Condition]>(unexpected("Condition.wait", "bogus"), {
    "wait(bogus=1)": (c) => c.wait(wrong({ bogus: 1 })),
  }),
  ...rows<[Condition]>(
    "TypeError: '<' not supported between instances of 'int' and 'str'",
    {
      "notify('x')": (c) => c.notify(wrong("x")),
    },
  ),
  ...rows<[Condition]>(
    "TypeError: '<' not supported between instances of 'int' and 'NoneType'",
    {
      "notify(None)": (c) => c.notify(wrong(null)),
    },
  ),
  ["None", "notify(0)", (c) => c.notify(0)],
  ["None", "notify(-1)", (c) => c.notify(-1)],
  ["None", "notify(1.5)", (c) => c.notify(1.5)],
  ["None", "notify(float('nan'))", (c) => c.notify(NaN)],
  ["None", "notify(True)", (c) => c.notify(wrong(true))],
  ["None", "notify(10**30)", (c) => c.notify(wrong(10n ** 30n))],
  [takes("Condition.notify", 1, 2, 3), "notify(1, 2)", (c) => call(c, "notify", 1, 2)],
  ...rows<[Condition]>(unexpected("Condition.notify", "m"), {
    "notify(m=1)": (c) => c.notify(wrong({ m: 1 })),
  }),
  ...rows<[Condition]>(takes("Condition.notify_all", 1, 1, 2), {
    "notify_all(1)": (c) => call(c, "notify_all", 1),
  }),
  ...rows<[Condition]>(NOT_ADDED, {
    "wait_for(lambda: 0, 'x')": (c) => c.wait_for(() => 0, wrong("x")),
  }),
  ["0", "wait_for(lambda: 0, -1)", (c) => c.wait_for(() => 0, -1)],
  ...rows<[Condition]>("TypeError: 'int' object is not callable", {
    "wait_for(5)": (c) => c.wait_for(wrong(5)),
  }),
  ...rows<[Condition]>(missing("Condition.wait_for", "predicate"), {
    "wait_for()": (c) => call(c, "wait_for"),
  }),
  ...rows<[Condition]>(takes("Condition.wait_for", 2, 3, 4), {
    "wait_for(lambda: 1, 1, 1)": (c) => call(c, "wait_for", () => 1, 1, 1),
  }),
];

const CONDITIONS: Row[] = [
  [NO_WAIT, "Condition().wait()", () => Condition().wait()],
  [NO_WAIT, "Condition().wait('x')", () => Condition().wait(wrong("x"))],
  [NO_WAIT, "Condition().wait_for(lambda: 0)", () => Condition().wait_for(() => 0)],
  [NO_NOTIFY, "Condition().notify()", () => Condition().notify()],
  [NO_NOTIFY, "Condition().notify('x')", () => Condition().notify(wrong("x"))],
  [NO_NOTIFY, "Condition().notify_all()", () => Condition().notify_all()],
  ["0", "Condition().wait_for(lambda: 0, 0)", () => Condition().wait_for(() => 0, 0)],
  ["5", "Condition().wait_for(lambda: 5)", () => Condition().wait_for(() => 5)],
  [NOT_OWNED, "Condition().release()", () => Condition().release()],
  [TOO_OFTEN, "Condition(Lock()).release()", () => Condition(Lock()).release()],
  ...rows("TypeError: acquire() takes at most 2 arguments (3 given)", {
    "Condition().acquire(1, 2, 3)": () => call(Condition(), "acquire", 1, 2, 3),
  }),
  ...OWNED.map(([outcome, python, act]): Row => [
    outcome,
    `held(Condition()).${python}`,
    async () => act((await held(Condition()))()),
  ]),
];

const EVENTS: Row[] = [
  [NOT_REAL, "Event().wait('x')", () => Event().wait(wrong("x"))],
  [INVALID, "Event().wait(float('nan'))", () => Event().wait(NaN)],
  ["False", "Event().wait(-1)", () => Event().wait(-1)],
  ["False", "Event().wait(0)", () => Event().wait(0)],
  ...rows(takes("Event.wait", 1, 2, 3), {
    "Event().wait(1, 2)": () => call(Event(), "wait", 1, 2),
  }),
  ...rows(unexpected("Event.wait", "bogus"), {
    "Event().wait(bogus=1)": () => Event().wait(wrong({ bogus: 1 })),
  }),
  ...["set", "clear", "is_set"].map((method): Row => [
    takes(`Event.${method}`, 1, 1, 2),
    `Event().${method}(1)`,
    () => call(Event(), method, 1),
  ]),
];

const BROKEN = "BrokenBarrierError: ";

const BARRIERS: Row[] = [
  ...rows(NOT_ADDED, {
    "Barrier(2).wait('x')": () => Barrier(2).wait(wrong("x")),
    "Barrier(2, None, 'x').wait()": () => Barrier(2, null, wrong("x")).wait(),
    "Barrier(2, timeout='x').wait()": () => Barrier(2, { timeout: wrong("x") }).wait(),
  }),
  [INVALID, "Barrier(2).wait(float('nan'))", () => Barrier(2).wait(NaN)],
  [BROKEN, "Barrier(2).wait(0)", () => Barrier(2).wait(0)],
  [BROKEN, "Barrier(2).wait(-1)", () => Barrier(2).wait(-1)],
  ["0", "Barrier(1).wait(0.5)", () => Barrier(1).wait(0.5)],
  ["0", "Barrier(1, 0).wait()", () => Barrier(1, wrong(0)).wait()],
  ...rows("TypeError: 'int' object is not callable", {
    "Barrier(1, 5).wait()": () => Barrier(1, wrong(5)).wait(),
  }),
  ...rows(takes("Barrier.wait", 1, 2, 3), {
    "Barrier(2).wait(1, 2)": () => call(Barrier(2), "wait", 1, 2),
  }),
  ...rows(unexpected("Barrier.wait", "bogus"), {
    "Barrier(2).wait(bogus=1)": () => Barrier(2).wait(wrong({ bogus: 1 })),
  }),
  ...["reset", "abort"].map((method): Row => [
    takes(`Barrier.${method}`, 1, 1, 2),
    `Barrier(2).${method}(1)`,
    () => call(Barrier(2), method, 1),
  ]),
];

const TABLES = { CONSTRUCTORS, LOCKS, HELD, CONDITIONS, EVENTS, BARRIERS };

for (const [subject, rows] of Object.entries(TABLES)) {
  test(`wrong input: ${subject.toLowerCase()} do what CPython's do`, async () => {
    const found: string[] = [];
    for (const [, python, call] of rows) {
      found.push(`${python}: ${await outcomeOf(call)}`);
    }
    deepStrictEqual(found, rows.map(([outcome, python]) => `${python}: ${outcome}`));
  });
}

async function outcomeOf(call: () => unknown): Promise<string> {
  try {
    const value = await call();
    if (typeof value === "boolean") return value ? "True" : "False";
    return value === undefined ? "None" : String(value);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** Prints for each expression of argv what comes of it. */
const PYTHON = String.raw`
import json, sys
from multiprocessing import *
def held(lock):
    lock.acquire(); return lock
for line in json.loads(sys.argv[1]):
    try: text = str(eval(line))
    except Exception as e: text = '%s: %s' % (type(e).__name__, e)
    print(line + ': ' + text)
`;

compareTables(
  "wrong input: the tables of locks say what CPython 3.13 says",
  TABLES,
  PYTHON,
);

test("wrong input: what CPython lets pass and then waits for ever", async () => {
  const refused: [string, () => unknown][] = [
    ["ValueError: parties must be > 0", () => Barrier(0)],
    ["ValueError: parties must be > 0", () => Barrier(-1)],
    ["ValueError: parties must be > 0", () => Barrier({ parties: 0 })],
    [
      "TypeError: '<' not supported between instances of 'str' and 'int'",
      () => Barrier(wrong("2")),
    ],
    [
      "TypeError: '<' not supported between instances of 'NoneType' and 'int'",
      () => Barrier(wrong(null)),
    ],
    [integer("float"), () => Barrier(1.5)],
    [integer("float"), () => Barrier(NaN)],
    [
      "AttributeError: 'Queue' object has no attribute 'acquire'",
      () => Condition(wrong(Queue())),
    ],
    [
      "AttributeError: 'dict' object has no attribute '_semlock'",
      () => Condition({ lock: wrong({ acquire() {} }) }),
    ],
  ];
  for (const [error, call] of refused) strictEqual(await outcomeOf(call), error);
});

test("wrong input: a signal must be one", async () => {
  const error = "TypeError: signal must be an AbortSignal, not int";
  const signal = wrong(5);
  const condition = (await held(Condition()))();
  const waits: (() => unknown)[] = [
    () => Lock().acquire({ signal }),
    () => Lock().with(() => {}, { signal }),
    () => Lock().__enter__({ signal }),
    () => Event().wait({ signal }),
    () => Barrier(2).wait({ signal }),
    () => condition.wait({ signal }),
    () => condition.wait_for(() => 0, { signal }),
  ];
  for (const wait of waits) strictEqual(await outcomeOf(wait), error);
});
