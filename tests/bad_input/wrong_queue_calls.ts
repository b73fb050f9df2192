/**
 * Wrong calls of the queues, with the error that CPython 3.13 raises for them, class
 * and text (without addresses).
 */
import { JoinableQueue, type Process, Queue, SimpleQueue } from "../../mod.ts";
import { wrong } from "../cpython/helpers/checks.ts";
import type { Row as TableRow } from "./tables.ts";

/** A call that may need a running process. */
export type Row = TableRow<[running: Process]>;

/** Errors about the names and the number of arguments. */
const NAMES: Row[] = [
  [
    "TypeError: Queue.put_nowait() missing 1 required positional argument: 'obj'",
    "Queue().put_nowait()",
    () => Reflect.apply(Queue().put_nowait, Queue(), []),
  ],
  [
    "TypeError: Queue.put_nowait() takes 2 positional arguments but 3 were given",
    "Queue().put_nowait(1, 2)",
    () => Queue().put_nowait(1, wrong(2)),
  ],
  [
    "TypeError: Queue.get_nowait() takes 1 positional argument but 2 were given",
    "Queue().get_nowait(1)",
    () => Queue().get_nowait(wrong(1)),
  ],
  [
    "TypeError: Queue.qsize() takes 1 positional argument but 2 were given",
    "Queue().qsize(1)",
    () => Queue().qsize(wrong(1)),
  ],
  [
    "TypeError: Queue.empty() takes 1 positional argument but 2 were given",
    "Queue().empty(1)",
    () => Queue().empty(wrong(1)),
  ],
  [
    "TypeError: Queue.full() takes 1 positional argument but 2 were given",
    "Queue().full(1)",
    () => Queue().full(wrong(1)),
  ],
  [
    "TypeError: Queue.join_thread() takes 1 positional argument but 2 were given",
    "Queue().join_thread(1)",
    () => Queue().join_thread(wrong(1)),
  ],
  [
    "TypeError: JoinableQueue.put() missing 1 required positional argument: 'obj'",
    "JoinableQueue().put()",
    () => Reflect.apply(JoinableQueue().put, JoinableQueue(), []),
  ],
  [
    "TypeError: JoinableQueue.task_done() takes 1 positional argument but 2 were given",
    "JoinableQueue().task_done(1)",
    () => JoinableQueue().task_done(wrong(1)),
  ],
  [
    "TypeError: JoinableQueue.join() takes 1 positional argument but 2 were given",
    "JoinableQueue().join(1)",
    () => JoinableQueue().join(wrong(1)),
  ],
  [
    "TypeError: BaseContext.SimpleQueue() takes 1 positional argument but 2 were given",
    "SimpleQueue(1)",
    () => Reflect.apply(SimpleQueue, null, [1]),
  ],
  [
    "TypeError: SimpleQueue.put() missing 1 required positional argument: 'obj'",
    "SimpleQueue().put()",
    () => Reflect.apply(SimpleQueue().put, SimpleQueue(), []),
  ],
  [
    "TypeError: SimpleQueue.get() takes 1 positional argument but 2 were given",
    "SimpleQueue().get(1)",
    () => SimpleQueue().get(wrong(1)),
  ],
  [
    "TypeError: SimpleQueue.empty() takes 1 positional argument but 2 were given",
    "SimpleQueue().empty(1)",
    () => SimpleQueue().empty(wrong(1)),
  ],
  [
    "TypeError: BaseContext.Queue() got an unexpected keyword argument 'bogus'",
    "Queue(bogus=1)",
    () => Queue(wrong({ bogus: 1 })),
  ],
  [
    "TypeError: Queue.put() got an unexpected keyword argument 'bogus'",
    "Queue().put(1, bogus=1)",
    () => Queue().put(1, wrong({ bogus: 1 })),
  ],
  [
    "TypeError: Queue.get() got an unexpected keyword argument 'bogus'",
    "Queue().get(bogus=1)",
    () => Queue().get(wrong({ bogus: 1 })),
  ],
  [
    "TypeError: Queue.put() missing 1 required positional argument: 'obj'",
    "Queue().put()",
    () => Reflect.apply(Queue().put, Queue(), []),
  ],
  [
    "TypeError: Queue.put() takes from 2 to 4 positional arguments but 5 were given",
    "Queue().put(1, True, None, 4)",
    () => Reflect.apply(Queue().put, Queue(), [1, true, null, 4]),
  ],
  [
    "TypeError: Queue.get() takes from 1 to 3 positional arguments but 4 were given",
    "Queue().get(True, None, 3)",
    () => Reflect.apply(Queue().get, Queue(), [true, null, 3]),
  ],
];

const QUEUE_MAKERS = { Queue, JoinableQueue };
/** Wrong calls of Queue and JoinableQueue. */
export const QUEUES: Row[] = [
  ...NAMES,
  ...(["Queue", "JoinableQueue"] as const).flatMap((kind) => {
    const make = QUEUE_MAKERS[kind] as typeof Queue;
    const full = async () => {
      const q = make<number>(1);
      await q.put(0);
      return q;
    };
    const closed = () => {
      const q = make<number>();
      q.close();
      return q;
    };
    const isClosed =
      `ValueError: Queue <multiprocessing.queues.${kind} object> is closed`;
    const used = async () => {
      const q = make<number>();
      await q.put(1);
      q.close();
      await q.join_thread();
      return q;
    };
    const rows: Row[] = [
      [
        "TypeError: '<=' not supported between instances of 'str' and 'int'",
        `${kind}('x')`,
        () => make(wrong("x")),
      ],
      [
        "TypeError: '<=' not supported between instances of 'str' and 'int'",
        `${kind}(maxsize='x')`,
        () => make({ maxsize: wrong("x") }),
      ],
      [
        "TypeError: '<=' not supported between instances of 'NoneType' and 'int'",
        `${kind}(None)`,
        () => make(wrong(null)),
      ],
      [
        "TypeError: '<=' not supported between instances of 'list' and 'int'",
        `${kind}([])`,
        () => make(wrong([])),
      ],
      [
        "TypeError: 'float' object cannot be interpreted as an integer",
        `${kind}(1.5)`,
        () => make(1.5),
      ],
      [
        "OverflowError: Python int too large to convert to C int",
        `${kind}(2**31)`,
        () => make(2 ** 31),
      ],
      [
        "TypeError: must be real number, not str",
        `${kind}().put(1, True, 'x')`,
        () => make<number>().put(1, true, wrong("x")),
      ],
      [
        "TypeError: must be real number, not list",
        `${kind}().put(1, timeout=[])`,
        () => make<number>().put(1, { timeout: wrong([]) }),
      ],
      [
        "TypeError: must be real number, not str",
        `${kind}().put(1, False, 'x')`,
        () => make<number>().put(1, false, wrong("x")),
      ],
      [
        "TypeError: must be real number, not str",
        `full(${kind}).put(1, True, 'x')`,
        async () => await (await full()).put(1, true, wrong("x")),
      ],
      [
        "Full: ",
        `full(${kind}).put(1, True, -1)`,
        async () => (await full()).put(1, true, -1),
      ],
      [
        "Full: ",
        `full(${kind}).put(1, None)`,
        async () => (await full()).put(1, wrong(null)),
      ],
      [
        "TypeError: unsupported operand type(s) for +: 'float' and 'str'",
        `${kind}().get(True, 'x')`,
        () => make().get(true, wrong("x")),
      ],
      [
        "TypeError: unsupported operand type(s) for +: 'float' and 'list'",
        `${kind}().get(timeout=[])`,
        () => make().get({ timeout: wrong([]) }),
      ],
      [
        "TypeError: must be real number, not str",
        `${kind}().get(False, 'x')`,
        () => make().get(false, wrong("x")),
      ],
      [
        "ValueError: cannot convert float NaN to integer",
        `${kind}().get(True, float('nan'))`,
        () => make().get(true, NaN),
      ],
      ["Empty: ", `${kind}().get(0)`, () => make().get(wrong(0))],
      ["Empty: ", `${kind}().get(True, -1)`, () => make().get(true, -1)],
      ["Empty: ", `${kind}().get_nowait()`, () => make().get_nowait()],
      [
        `AssertionError: Queue <multiprocessing.queues.${kind} object> not closed`,
        `${kind}().join_thread()`,
        () => make().join_thread(),
      ],
      [isClosed, `closed(${kind}).put(1)`, () => closed().put(1)],
      [isClosed, `closed(${kind}).get()`, () => closed().get()],
      [isClosed, `closed(${kind}).put_nowait(1)`, () => closed().put_nowait(1)],
      [isClosed, `closed(${kind}).get_nowait()`, () => closed().get_nowait()],
      [isClosed, `used(${kind}).get()`, async () => (await used()).get()],
      [
        "OSError: handle is closed",
        `used(${kind}).empty()`,
        async () => (await used()).empty(),
      ],
    ];
    return rows;
  }),
];

/** Those of SimpleQueue and of what JoinableQueue adds. */
export const OTHER_QUEUES: Row[] = [
  [
    "ValueError: task_done() called too many times",
    "JoinableQueue().task_done()",
    () => JoinableQueue().task_done(),
  ],
  [
    "ValueError: task_done() called too many times",
    "closed(JoinableQueue).task_done()",
    () => {
      const q = JoinableQueue();
      q.close();
      return q.task_done();
    },
  ],
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
