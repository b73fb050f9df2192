/**
 * Wrong calls of the queues, with the error that CPython 3.13 raises for them, class
 * and text (without addresses).
 */
import { JoinableQueue, type Process, Queue, SimpleQueue } from "../../mod.ts";
import { wrong } from "../cpython/helpers/checks.ts";
import {
  call,
  make,
  missing,
  type Row as TableRow,
  rows as rowsOf,
  takes,
  unexpected,
} from "./tables.ts";

/** A call that may need a running process. */
export type Row = TableRow<[running: Process]>;

/** Such calls with the same outcome. */
export const rows = rowsOf<[running: Process]>;

const MAKERS = { Queue, JoinableQueue, SimpleQueue };
type Kind = keyof typeof MAKERS;

/** Methods without arguments, and methods that need one. */
const WITHOUT: Record<Kind, string[]> = {
  Queue: ["get_nowait", "qsize", "empty", "full", "join_thread"],
  JoinableQueue: ["task_done", "join"],
  SimpleQueue: ["get", "empty"],
};
const WITH: Record<Kind, string[]> = {
  Queue: ["put", "put_nowait"],
  JoinableQueue: ["put"],
  SimpleQueue: ["put"],
};

/** One row for each method. */
function each(methods: Record<Kind, string[]>, row: (kind: Kind, name: string) => Row) {
  const kinds = Object.entries(methods) as [Kind, string[]][];
  return kinds.flatMap(([kind, names]) => names.map((name) => row(kind, name)));
}

/** Errors about the names and the number of arguments. */
const NAMES: Row[] = [
  ...each(WITHOUT, (kind, name) => [
    takes(`${kind}.${name}`, 1, 1, 2),
    `${kind}().${name}(1)`,
    () => call(MAKERS[kind](), name, 1),
  ]),
  ...each(WITH, (kind, name) => [
    missing(`${kind}.${name}`, "obj"),
    `${kind}().${name}()`,
    () => call(MAKERS[kind](), name),
  ]),
  ...rows(takes("Queue.put_nowait", 2, 2, 3), {
    "Queue().put_nowait(1, 2)": () => call(Queue(), "put_nowait", 1, 2),
  }),
  ...rows(takes("BaseContext.SimpleQueue", 1, 1, 2), {
    "SimpleQueue(1)": () => make(SimpleQueue, 1),
  }),
  ...rows(unexpected("BaseContext.Queue", "bogus"), {
    "Queue(bogus=1)": () => Queue(wrong({ bogus: 1 })),
  }),
  ...rows(unexpected("Queue.put", "bogus"), {
    "Queue().put(1, bogus=1)": () => Queue().put(1, wrong({ bogus: 1 })),
  }),
  ...rows(unexpected("Queue.get", "bogus"), {
    "Queue().get(bogus=1)": () => Queue().get(wrong({ bogus: 1 })),
  }),
  ...rows(takes("Queue.put", 2, 4, 5), {
    "Queue().put(1, True, None, 4)": () => call(Queue(), "put", 1, true, null, 4),
  }),
  ...rows(takes("Queue.get", 1, 3, 4), {
    "Queue().get(True, None, 3)": () => call(Queue(), "get", true, null, 3),
  }),
];

/** Wrong calls of Queue and JoinableQueue. */
export const QUEUES: Row[] = [
  ...NAMES,
  ...(["Queue", "JoinableQueue"] as const).flatMap((kind): Row[] => {
    const made = MAKERS[kind] as typeof Queue;
    const full = async () => {
      const q = made<number>(1);
      await q.put(0);
      return q;
    };
    const closed = () => {
      const q = made<number>();
      q.close();
      return q;
    };
    const isClosed =
      `ValueError: Queue <multiprocessing.queues.${kind} object> is closed`;
    const used = async () => {
      const q = made<number>();
      await q.put(1);
      q.close();
      await q.join_thread();
      return q;
    };
    return [
      ...rows("TypeError: '<=' not supported between instances of 'str' and 'int'", {
        [`${kind}('x')`]: () => made(wrong("x")),
        [`${kind}(maxsize='x')`]: () => made({ maxsize: wrong("x") }),
      }),
      ...rows(
        "TypeError: '<=' not supported between instances of 'NoneType' and 'int'",
        {
          [`${kind}(None)`]: () => made(wrong(null)),
        },
      ),
      ...rows("TypeError: '<=' not supported between instances of 'list' and 'int'", {
        [`${kind}([])`]: () => made(wrong([])),
      }),
      ...rows("TypeError: 'float' object cannot be interpreted as an integer", {
        [`${kind}(1.5)`]: () => made(1.5),
      }),
      ...rows("OverflowError: Python int too large to convert to C int", {
        [`${kind}(2**31)`]: () => made(2 ** 31),
      }),
      ...rows("TypeError: must be real number, not str", {
        [`${kind}().put(1, True, 'x')`]: () => made<number>().put(1, true, wrong("x")),
        [`${kind}().put(1, False, 'x')`]: () =>
          made<number>().put(1, false, wrong("x")),
        [`full(${kind}).put(1, True, 'x')`]: async () =>
          await (await full()).put(1, true, wrong("x")),
        [`${kind}().get(False, 'x')`]: () => made().get(false, wrong("x")),
      }),
      ...rows("TypeError: must be real number, not list", {
        [`${kind}().put(1, timeout=[])`]: () =>
          made<number>().put(1, { timeout: wrong([]) }),
      }),
      ...rows("Full: ", {
        [`full(${kind}).put(1, True, -1)`]: async () => (await full()).put(1, true, -1),
        [`full(${kind}).put(1, None)`]: async () => (await full()).put(1, wrong(null)),
      }),
      ...rows("TypeError: unsupported operand type(s) for +: 'float' and 'str'", {
        [`${kind}().get(True, 'x')`]: () => made().get(true, wrong("x")),
      }),
      ...rows("TypeError: unsupported operand type(s) for +: 'float' and 'list'", {
        [`${kind}().get(timeout=[])`]: () => made().get({ timeout: wrong([]) }),
      }),
      ...rows("ValueError: cannot convert float NaN to integer", {
        [`${kind}().get(True, float('nan'))`]: () => made().get(true, NaN),
      }),
      ["Empty: ", `${kind}().get(0)`, () => made().get(wrong(0))],
      ["Empty: ", `${kind}().get(True, -1)`, () => made().get(true, -1)],
      ["Empty: ", `${kind}().get_nowait()`, () => made().get_nowait()],
      ...rows(
        `AssertionError: Queue <multiprocessing.queues.${kind} object> not closed`,
        {
          [`${kind}().join_thread()`]: () => made().join_thread(),
        },
      ),
      [isClosed, `closed(${kind}).put(1)`, () => closed().put(1)],
      [isClosed, `closed(${kind}).get()`, () => closed().get()],
      [isClosed, `closed(${kind}).put_nowait(1)`, () => closed().put_nowait(1)],
      [isClosed, `closed(${kind}).get_nowait()`, () => closed().get_nowait()],
      [isClosed, `used(${kind}).get()`, async () => (await used()).get()],
      ...rows("OSError: handle is closed", {
        [`used(${kind}).empty()`]: async () => (await used()).empty(),
      }),
    ];
  }),
];

/** Those of SimpleQueue and of what JoinableQueue adds. */
export const OTHER_QUEUES: Row[] = [
  ...rows("ValueError: task_done() called too many times", {
    "JoinableQueue().task_done()": () => JoinableQueue().task_done(),
    "closed(JoinableQueue).task_done()": () => {
      const q = JoinableQueue();
      q.close();
      return q.task_done();
    },
  }),
  ...([
    ["put(1)", (q) => q.put(1)],
    ["get()", (q) => q.get()],
    ["empty()", (q) => q.empty()],
  ] as [string, (q: SimpleQueue<number>) => unknown][]).map(([what, act]): Row => [
    "OSError: handle is closed",
    `closed(SimpleQueue).${what}`,
    () => {
      const q = SimpleQueue<number>();
      q.close();
      return act(q);
    },
  ]),
];
