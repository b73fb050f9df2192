/**
 * Too many arguments, and too few, for each public function that takes few or none: the
 * error is CPython's. Where CPython 3.13 is at hand, the tables are compared with it.
 */
import { deepStrictEqual } from "node:assert/strict";
import * as mp from "../../mod.ts";
import * as connection from "../../src/connection.ts";
import * as dummy from "../../src/dummy.ts";
import { Client, Listener } from "../../src/dummy/connection.ts";
import { public_methods, SyncManager } from "../../src/managers.ts";
import { type AsyncResult, ThreadPool } from "../../src/pool.ts";
import * as resource_tracker from "../../src/resource_tracker.ts";
import { ShareableList, SharedMemory } from "../../src/shared_memory.ts";
import { copy } from "../../src/sharedctypes.ts";
import { get_executable } from "../../src/spawn.ts";
import * as util from "../../src/util.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { test } from "../suite.ts";
import { call, compareTables, make, missing, type Row, takes } from "./tables.ts";

/** What the calls are made of; each row takes what it needs. */
interface Things {
  process: mp.Process;
  connection: connection.Connection;
  pool: ThreadPool;
  result: AsyncResult<unknown>;
  list: ShareableList<number>;
  memory: SharedMemory;
  array: object;
}

/** `Pool.close` of `pool`, with one argument more than it takes. */
function methods(
  owner: keyof Things,
  of: string,
  names: string[],
): Row<[Things]>[] {
  return names.map((name) => [
    takes(`${of}.${name}`, 1, 1, 2),
    `${owner}.${name}(1)`,
    (things) => call(things[owner], name, 1),
  ]);
}

/** A function of a module, with more arguments than it takes. */
function surplus<A extends unknown[] = [Things]>(
  name: string,
  python: string,
  counts: [least: number, most: number, self: 0 | 1],
  function_: unknown,
  module = "mp",
): Row<A> {
  const [least, most, self] = counts;
  const given = Array.from({ length: most + 1 }, (_, i) => i);
  const outcome = takes(name, least + self, most + self, given.length + self)
    .replace(/but 1 were/, "but 1 was");
  return [
    outcome,
    `${module}.${python}(${given.join(", ")})`,
    () => make(function_, ...given),
  ];
}

const OF_CONTEXT = [
  ...["Manager", "cpu_count", "freeze_support", "get_logger"],
  "allow_connection_pickling",
] as const;

const FUNCTIONS: Row<[Things]>[] = [
  ...OF_CONTEXT.map((name) =>
    surplus(`BaseContext.${name}`, name, [0, 0, 1], mp[name])
  ),
  ...(["active_children", "current_process", "parent_process"] as const)
    .map((name) => surplus(name, name, [0, 0, 0], mp[name])),
  surplus(
    "DefaultContext.get_all_start_methods",
    "get_all_start_methods",
    [0, 0, 1],
    mp.get_all_start_methods,
  ),
  surplus("BaseContext.set_executable", "set_executable", [1, 1, 1], mp.set_executable),
  ...(["get_start_method", "set_start_method"] as const).map((name): Row<[Things]> => [
    takes(
      `BaseContext.${name}`,
      name.startsWith("g") ? 1 : 2,
      name === "get_start_method" ? 2 : 3,
      4,
    ),
    `mp.get_context('spawn').${name}(1, 2, 3)`,
    () => call(mp.get_context("spawn"), name, 1, 2, 3),
  ]),
  ...([
    ["address_type", [1, 1, 0]],
    ["arbitrary_address", [1, 1, 0]],
    ["deliver_challenge", [2, 3, 0]],
    ["answer_challenge", [2, 2, 0]],
  ] as const).map(([name, counts]) =>
    surplus(name, name, [...counts], connection[name], "connection_module")
  ),
  ...([["register", 2], ["unregister", 2], ["ensure_running", 0]] as const).map((
    [name, most],
  ) =>
    surplus(
      `ResourceTracker.${name}`,
      name,
      [most, most, 1],
      resource_tracker[name],
      "resource_tracker",
    )
  ),
  surplus("copy", "copy", [1, 1, 0], copy, "sharedctypes"),
  surplus("public_methods", "public_methods", [1, 1, 0], public_methods, "managers"),
];

const METHODS: Row<[Things]>[] = [
  ...methods("process", "BaseProcess", [
    ...["start", "run", "is_alive", "terminate", "kill", "close"],
  ]),
  ...methods("connection", "_ConnectionBase", ["close", "fileno"]),
  ...methods("pool", "Pool", ["close", "join", "terminate"]),
  ...methods("result", "ApplyResult", ["ready", "successful"]),
  ...methods("memory", "SharedMemory", ["close", "unlink"]),
  ...methods("array", "SynchronizedBase", ["get_lock", "get_obj"]),
  [
    "TypeError: SemLock.release() takes no arguments (1 given)",
    "array.release(1)",
    ({ array }) => call(array, "release", 1),
  ],
  [
    takes("ShareableList.count", 2, 2, 3),
    "list.count(1, 2)",
    ({ list }) => call(list, "count", 1, 2),
  ],
  ...[mp.Queue, mp.JoinableQueue].flatMap((Queue, i): Row<[Things]>[] =>
    ["close", "cancel_join_thread"].map((name) => [
      takes(`Queue.${name}`, 1, 1, 2),
      `mp.${["Queue", "JoinableQueue"][i]}().${name}(1)`,
      () => call(Queue(), name, 1),
    ])
  ),
  [
    takes("SimpleQueue.close", 1, 1, 2),
    "mp.SimpleQueue().close(1)",
    () => call(mp.SimpleQueue(), "close", 1),
  ],
];

async function outcome(run: () => unknown): Promise<string> {
  try {
    return `no error, but ${await run()}`;
  } catch (error) {
    const { name, message } = error as Error;
    // The errors of a manager's server come as text.
    const remote = /^\w+Error: .*$/m.exec(message)?.[0];
    return `${name}: ${name === "RemoteError" ? remote : message}`;
  }
}

async function check<A>(table: Row<[A]>[], things: A): Promise<void> {
  const found: string[] = [];
  for (const [, python, run] of table) {
    found.push(`${python}: ${await outcome(() => run(things))}`);
  }
  deepStrictEqual(found, table.map(([outcome, python]) => `${python}: ${outcome}`));
}

SOCKETS.test("surplus arguments of functions and methods raise what CPython raises", async () => {
  const [one, other] = mp.Pipe();
  const pool = ThreadPool(1);
  const memory = SharedMemory({ create: true, size: 8 });
  const list = ShareableList([1]);
  try {
    await check([...FUNCTIONS, ...METHODS], {
      process: new mp.Process(),
      connection: one,
      pool,
      result: pool.apply_async(() => 1),
      list,
      memory,
      array: mp.Array("i", 1),
    });
  } finally {
    await pool.terminate();
    one.close();
    other.close();
    for (const shm of [memory, list.shm]) {
      shm.close();
      shm.unlink();
    }
  }
});

/** `Thread.run` of `dummy.Process()`, with one argument more than it takes. */
function ofThreads(
  of: string,
  [python, made]: [python: string, made: () => object],
  counts: Record<string, [least: number, most: number]>,
): Row[] {
  return Object.entries(counts).map(([name, [least, most]]) => {
    const given = Array.from({ length: most + 1 }, (_, i) => i);
    return [
      takes(`${of}.${name}`, least + 1, most + 1, most + 2),
      `${python}.${name}(${given.join(", ")})`,
      () => call(made(), name, ...given),
    ];
  });
}

/** Locks, which CPython has in C, with its other text. */
const OF_LOCKS: Row[] = ([
  ["lock.release", [1], "dummy.Lock()", dummy.Lock],
  ["lock.locked", [1], "dummy.Lock()", dummy.Lock],
  ["acquire", [1, 2, 3], "dummy.Lock()", dummy.Lock],
  ["RLock.release", [1], "dummy.RLock()", dummy.RLock],
  ["acquire", [1, 2, 3], "dummy.RLock()", dummy.RLock],
  ["RLock.release", [1], "dummy.Condition()", () => dummy.Condition()],
  ["acquire", [1, 2, 3], "dummy.Condition()", () => dummy.Condition()],
  [
    ...["lock.release", [1], "dummy.Condition(dummy.Lock())"] as const,
    () => dummy.Condition(dummy.Lock()),
  ],
  [
    ...["lock.release", [1], "util.ForkAwareThreadLock()"] as const,
    () => new util.ForkAwareThreadLock(),
  ],
] as const).map(([name, given, python, made]) => {
  const method = name.slice(name.indexOf(".") + 1);
  const most = given.length === 1 ? "no" : `at most ${given.length - 1}`;
  return [
    `TypeError: ${name}() takes ${most} arguments (${given.length} given)`,
    `${python}.${method}(${given.join(", ")})`,
    () => call(made(), method, ...given),
  ];
});

const finalizer = () => new util.Finalize({}, () => {});

const OF_THREADS: Row[] = [
  ...ofThreads("Thread", ["dummy.Process()", () => new dummy.Process()], {
    ...{ run: [0, 0], is_alive: [0, 0], join: [0, 1] },
  }),
  ...ofThreads("DummyProcess", ["dummy.Process()", () => new dummy.Process()], {
    start: [0, 0],
  }),
  ...ofThreads("Connection", ["dummy.Pipe()[0]", () => dummy.Pipe()[0]], {
    ...{ close: [0, 0], poll: [0, 1] },
  }),
  ...ofThreads("Listener", ["dummy_connection.Listener()", () => Listener()], {
    ...{ accept: [0, 0], close: [0, 0] },
  }),
  ...ofThreads("Semaphore", ["dummy.Semaphore()", () => dummy.Semaphore()], {
    ...{ acquire: [0, 2], release: [0, 1] },
  }),
  ...ofThreads("BoundedSemaphore", [
    "dummy.BoundedSemaphore()",
    () => dummy.BoundedSemaphore(),
  ], { release: [0, 1] }),
  ...ofThreads("Condition", ["dummy.Condition()", () => dummy.Condition()], {
    ...{ notify: [0, 1], notify_all: [0, 0], wait: [0, 1], wait_for: [1, 2] },
  }),
  ...ofThreads("Event", ["dummy.Event()", dummy.Event], {
    ...{ set: [0, 0], clear: [0, 0], is_set: [0, 0], wait: [0, 1] },
  }),
  ...ofThreads("Barrier", ["dummy.Barrier(1)", () => dummy.Barrier(1)], {
    ...{ abort: [0, 0], reset: [0, 0], wait: [0, 1] },
  }),
  ...ofThreads("Queue", ["dummy.Queue()", () => dummy.Queue()], {
    ...{ get: [0, 2], put: [1, 3], get_nowait: [0, 0], put_nowait: [1, 1] },
    ...{ qsize: [0, 0], join: [0, 0], task_done: [0, 0], shutdown: [0, 1] },
  }),
  ...ofThreads("Finalize", ["util.Finalize(dummy, print)", finalizer], {
    ...{ cancel: [0, 0], still_active: [0, 0] },
  }),
  ...([
    ["active_children", "dummy", [0, 0, 0], dummy.active_children],
    ["freeze_support", "dummy", [0, 0, 0], dummy.freeze_support],
    ["shutdown", "dummy", [0, 0, 0], dummy.shutdown],
    ["Manager", "dummy", [0, 0, 0], dummy.Manager],
    ["Pipe", "dummy", [0, 1, 0], dummy.Pipe],
    ["Pool", "dummy", [0, 3, 0], dummy.Pool],
    ["Client", "dummy_connection", [1, 1, 0], Client],
    ["get_executable", "spawn", [0, 0, 0], get_executable],
    ["get_temp_dir", "util", [0, 0, 0], util.get_temp_dir],
    ["is_exiting", "util", [0, 0, 0], util.is_exiting],
    ["register_after_fork", "util", [2, 2, 0], util.register_after_fork],
    ["_run_finalizers", "util", [0, 1, 0], util._run_finalizers],
    ["log_to_stderr", "util", [0, 1, 0], util.log_to_stderr],
    [
      "is_abstract_socket_namespace",
      "util",
      [1, 1, 0],
      util.is_abstract_socket_namespace,
    ],
  ] as const).map(([name, module, counts, function_]) =>
    surplus<[]>(name, name, [...counts], function_, module)
  ),
  surplus<[]>(
    "current_thread",
    "current_process",
    [0, 0, 0],
    dummy.current_process,
    "dummy",
  ),
];

test("surplus arguments of threads and of util raise what CPython raises", async () => {
  await check<undefined>([...OF_THREADS, ...OF_LOCKS], undefined);
});

/** What a manager makes of wrong arguments, which the server notices. */
const MADE: Row<[SyncManager]>[] = [
  ...([
    ["lock expected 0 arguments, got 1", "Lock", [1]],
    ["Event.__init__() takes 1 positional argument but 2 were given", "Event", [1]],
    ["Namespace.__init__() takes 1 positional argument but 2 were given", "Namespace", [
      1,
    ]],
    [missing("Value.__init__", "value").slice(11), "Value", ["i"]],
    [missing("Array", "sequence").slice(11), "Array", ["i"]],
    [missing("Barrier.__init__", "parties").slice(11), "Barrier", []],
    [takes("Semaphore.__init__", 1, 2, 3).slice(11), "Semaphore", [1, 2]],
    [takes("Queue.__init__", 1, 2, 3).slice(11), "Queue", [1, 2]],
    [takes("Barrier.__init__", 2, 4, 5).slice(11), "Barrier", [1, 2, 3, 4]],
  ] as const).map(([text, name, args]): Row<[SyncManager]> => [
    `RemoteError: TypeError: ${text}`,
    `manager.${name}(${args.map((one) => JSON.stringify(one)).join(", ")})`,
    (manager) => call(manager, name, ...args),
  ]),
  [
    "RemoteError: AttributeError: 'int' object has no attribute 'acquire'",
    "manager.Condition(5)",
    (manager) => call(manager, "Condition", 5),
  ],
  ...([
    ["Value", "('i', 1)", "ValueProxy", ["get"]],
    ["Event", "()", "EventProxy", ["is_set", "set", "clear"]],
    ["Barrier", "(1)", "BarrierProxy", ["abort", "reset"]],
    ["Condition", "()", "ConditionProxy", ["notify_all"]],
    ["list", "()", "BaseProxy", ["_getvalue"]],
  ] as const).flatMap(([type, args, proxy, names]) =>
    names.map((name): Row<[SyncManager]> => [
      takes(`${proxy}.${name}`, 1, 1, 2),
      `manager.${type}${args}.${name}(1)`,
      async (manager) => {
        const given = JSON.parse(
          args.replace("(", "[").replace(")", "]").replaceAll("'", '"'),
        );
        return await call(await call(manager, type, ...given) as object, name, 1);
      },
    ])
  ),
  [
    missing("ValueProxy.set", "value"),
    "manager.Value('i', 1).set()",
    async (manager) => await call(await manager.Value("i", 1), "set"),
  ],
  ...["connect", "get_server"].map((name): Row<[SyncManager]> => [
    takes(`BaseManager.${name}`, 1, 1, 2),
    `manager.${name}(1)`,
    (manager) => call(manager, name, 1),
  ]),
];

test(
  "surplus arguments of managers and proxies raise what CPython raises",
  async () => {
    await using manager = new SyncManager();
    await manager.start();
    await check(MADE, manager);
  },
);

/** Prints for each expression of argv what it raises. */
const PYTHON = String.raw`
import json, sys
import multiprocessing as mp
from multiprocessing import dummy, managers, resource_tracker, sharedctypes, spawn, util
from multiprocessing.dummy import connection as dummy_connection
from multiprocessing import connection as connection_module
from multiprocessing.pool import ThreadPool
from multiprocessing.shared_memory import ShareableList, SharedMemory
mp.set_start_method('fork')
connection, other = mp.Pipe()
process, pool, memory = mp.Process(), ThreadPool(1), SharedMemory(create=True, size=8)
result, list, array = pool.apply_async(int), ShareableList([1]), mp.Array('i', 1)
manager = mp.Manager()
for line in json.loads(sys.argv[1]):
    try: text = 'no error, but %r' % (eval(line),)
    except managers.RemoteError as e:
        text = 'RemoteError: ' + str(e).rstrip().split('\n')[-2]
    except Exception as e: text = '%s: %s' % (type(e).__name__, e)
    print(line + ': ' + text)
manager.shutdown()
pool.terminate()
for shm in memory, list.shm: shm.close(); shm.unlink()
`;

compareTables(
  "surplus arguments: the tables say what CPython 3.13 says",
  { FUNCTIONS, METHODS, OF_THREADS, OF_LOCKS, MADE },
  PYTHON,
);
