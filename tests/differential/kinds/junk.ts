/**
 * Calls with arguments of any type. Each has an object of its own, so that none waits for
 * what another has left.
 *
 * @module
 */
import { call, type Code, code, type Given, literal } from "../code.ts";
import type { Dice, Writer } from "../program.ts";

/** A value of any type; no number that a call could wait for. */
function junk(dice: Dice): Given {
  return dice.pick<Given>([
    ...[null, true, false, 0, -1, 1, 1.5, NaN, 10n ** 30n, "x", ""],
    [],
    [1],
    new Map([["a", 1]]),
    new Map(),
    new Set([1]),
    Uint8Array.of(),
    Uint8Array.of(1, 2),
  ]);
}

/** Calls of one object's methods, one after the other; the value of the last. */
function use(object: Code, ...calls: [method: string, args: Given[], Keys?][]): Code {
  const made = calls.map(([method, args, keywords]) =>
    call(method.startsWith("[") ? `o${method}` : `o.${method}`, args, keywords)
  );
  return code(
    `use(${[object.py, ...made.map(({ py }) => `lambda o: ${py}`)].join(", ")})`,
    `use(${[object.ts, ...made.map(({ ts }) => `(o) => ${ts}`)].join(", ")})`,
  );
}

type Keys = Record<string, Given>;

/** One of these calls. */
type Step = (dice: Dice, any: () => Given) => Code;

const LOCKS: Step[] = [
  (dice, any) => {
    const lock = dice.pick(["Lock", "RLock", "Semaphore", "BoundedSemaphore"]);
    return use(
      code(`mp.${lock}()`),
      dice.pick<[string, Given[], Keys?]>([
        ["acquire", [any()]],
        ["acquire", [any(), any()]],
        ["acquire", [], { block: any() }],
        ["acquire", [], { timeout: any() }],
      ]),
    );
  },
  (dice, any) =>
    use(code(`mp.${dice.pick(["Lock", "RLock"])}()`), ["release", [any()]]),
  (dice, any) => call(`mp.${dice.pick(["Semaphore", "BoundedSemaphore"])}`, [any()]),
  (_, any) => use(code("mp.Event()"), ["set", []], ["wait", [any()]]),
  (_, any) => use(code("mp.Condition()"), ["acquire", []], ["notify", [any()]]),
  (_, any) =>
    use(code("mp.Condition()"), ["wait_for", [
      code("(lambda: 1)", "(() => 1)"),
      any(),
    ]]),
  (_, any) => use(code("mp.Condition()"), ["acquire", []], ["wait_for", [any(), 0]]),
  (_, any) => use(code("mp.Barrier(1)"), ["wait", [any()]]),
];

const QUEUES: Step[] = [
  (dice, any) => call(`mp.${dice.pick(["Queue", "JoinableQueue"])}`, [any()]),
  (_, any) => use(code("mp.Queue()"), ["put", [1, any(), any()]]),
  (_, any) => use(code("mp.Queue()"), ["put", [1], { timeout: any() }]),
  (_, any) => use(code("mp.Queue()"), ["put", [1]], ["get", [true, any()]]),
  (_, any) => use(code("mp.Queue()"), ["get", [false, any()]]),
  (_, any) => use(code("mp.SimpleQueue()"), ["put", [any()]], ["get", []]),
  (_, any) => use(code("dummy.Queue()"), ["put", [1, any(), any()]]),
  (_, any) => use(code("dummy.Queue()"), ["put", [1]], ["get", [any(), any()]]),
];

const PIPES: Step[] = [
  (_, any) => piped(["0", "send", [any()]], ["1", "recv", []]),
  (_, any) => piped(["0", "send", [1]], ["1", "poll", [any()]]),
  (_, any) => piped(["0", "send_bytes", [any()]]),
  (_, any) => piped(["0", "send_bytes", [Uint8Array.of(1, 2, 3), any()]]),
  (_, any) => piped(["0", "send_bytes", [Uint8Array.of(1, 2, 3), 0, any()]]),
  (_, any) =>
    piped(["0", "send_bytes", [Uint8Array.of(1, 2)]], ["1", "recv_bytes", [any()]]),
  (_, any) => call("connection.address_type", [any()]),
  (_, any) => call("connection.Client", [any()]),
  (_, any) => call("connection.wait", [any(), 0]),
  (_, any) => call("connection.wait", [[], any()]),
];

function piped(...calls: [end: string, method: string, args: Given[]][]): Code {
  return use(
    code("mp.Pipe()"),
    ...calls.map(([end, method, args]): [string, Given[]] => [
      `[${end}].${method}`,
      args,
    ]),
  );
}

const PROCESSES: Step[] = [
  (_, any) => call(code("mp.Process", "new mp.Process"), [], { name: any() }),
  (_, any) => call(code("mp.Process", "new mp.Process"), [], { args: any() }),
  (_, any) => call(code("mp.Process", "new mp.Process"), [], { kwargs: any() }),
  (_, any) => {
    const { py, ts } = literal(any());
    return code(
      `mp.Process(daemon=${py}).daemon`,
      `new mp.Process({ daemon: ${ts} }).daemon`,
    );
  },
  (_, any) => call("mp.get_context", [any()]),
  (_, any) => call("mp.set_start_method", [any()]),
  (_, any) => call("mp.get_start_method", [any()]),
  (_, any) => call("mp.set_executable", [any()]),
  (_, any) => call("mp.set_forkserver_preload", [any()]),
  (_, any) => call("mp.log_to_stderr", [any()]),
];

const MEMORY: Step[] = [
  (dice, any) => call("mp.Value", [dice.pick([..."bBhiIqQfdcu"]), any()]),
  (dice, any) => call("mp.RawValue", [dice.pick([..."bBhiIqQfdcu"]), any()]),
  (_, any) => call("mp.Value", [any(), 1]),
  (_, any) => call("mp.Value", ["i", 1], { lock: any() }),
  (dice, any) => call("mp.RawArray", [dice.pick([..."bhid"]), any()]),
  (dice, any) => call("mp.Array", [dice.pick([..."bhid"]), any()]),
  (_, any) => call("mp.Array", [any(), 1]),
  (_, any) => call("shared_memory.SharedMemory", [any()]),
  (_, any) => call("shared_memory.SharedMemory", [], { create: true, size: any() }),
  (_, any) => call("shared_memory.ShareableList", [any()]),
];

const THREADS: Step[] = [
  (_, any) => use(code("dummy.Lock()"), ["acquire", [any(), any()]]),
  (_, any) => use(code("dummy.Semaphore()"), ["acquire", [any(), any()]]),
  (_, any) => call("dummy.Semaphore", [any()]),
  (_, any) => use(code("dummy.Event()"), ["set", []], ["wait", [any()]]),
  (_, any) => use(code("dummy.Condition()"), ["acquire", []], ["notify", [any()]]),
  (_, any) => use(code("dummy.Barrier(1)"), ["wait", [any()]]),
  (_, any) => call("pool.ThreadPool", [any()]),
  (_, any) => call("pool.ThreadPool", [1, any()]),
];

/** Of a manager's list and dict. */
const MANAGED: ((dice: Dice, any: () => Given, list: string, dict: string) => Code)[] =
  [
    (dice, any, list) =>
      call(
        `${list}.${
          dice.pick(["__getitem__", "__delitem__", "pop", "remove", "count", "index"])
        }`,
        [any()],
      ),
    (dice, any, list) =>
      call(`${list}.${dice.pick(["extend", "__add__", "__mul__", "__contains__"])}`, [
        any(),
      ]),
    (_, any, list) => call(`${list}.insert`, [any(), 1]),
    (_, any, list) => call(`${list}.__setitem__`, [any(), 1]),
    (_, any, list) => call(`${list}.sort`, [any()]),
    (_, any, list) => call(`${list}.index`, [1, any()]),
    (dice, any, _, dict) =>
      call(
        `${dict}.${
          dice.pick([
            "__getitem__",
            "__delitem__",
            "pop",
            "get",
            "setdefault",
            "update",
          ])
        }`,
        [any()],
      ),
    (_, any, __, dict) => call(`${dict}.__contains__`, [any()]),
    (_, any, __, dict) => call(`${dict}.__setitem__`, [any(), 1]),
    (_, __, list) => code(`str(${list})`, `${list}.__str__()`),
    (_, __, ___, dict) => code(`str(${dict})`, `${dict}.__str__()`),
  ];

/** Writes a program of such calls. */
export function junkCalls(writer: Writer, length: number): void {
  const { dice } = writer;
  const any = () => junk(dice);
  const groups = [LOCKS, QUEUES, PIPES, PROCESSES, MEMORY, THREADS];
  while (writer.steps.length < length) {
    writer.show(dice.pick(dice.pick(groups))(dice, any));
  }
}

/** Writes a program of such calls of a manager's objects. */
export function junkManaged(writer: Writer, length: number): void {
  const { dice } = writer;
  const any = () => junk(dice);
  const manager = writer.make("manager", call("mp.Manager"));
  while (writer.steps.length < length) {
    const list = writer.make("list", call(`${manager}.list`, [[1, 2, "x"]]));
    const dict = writer.make("dict", call(`${manager}.dict`, [new Map([["a", 1]])]));
    for (let n = dice.from(4, 15); n > 0; n--) {
      writer.show(dice.pick(MANAGED)(dice, any, list, dict));
    }
    writer.show(
      call(`${manager}.${dice.pick(["list", "dict"])}`, [any()]),
      call(`${manager}.${dice.pick(["Semaphore", "Queue"])}`, [any()]),
      call(`${manager}.Array`, [dice.pick<Given>(["i", any()]), any()]),
    );
  }
  writer.show(call(`${manager}.shutdown`));
}
