/**
 * Wrong calls of every public function, with the error that CPython 3.13 raises for
 * them, class and text (without addresses).
 */
import {
  current_process,
  get_context,
  Process,
  set_executable,
  set_forkserver_preload,
  set_start_method,
} from "../../mod.ts";
import { wrong } from "../cpython/helpers/checks.ts";
import { nothing } from "../cpython/helpers/process_targets.ts";
import { takes, unexpected } from "./tables.ts";
import { OTHER_QUEUES, QUEUES, type Row, rows } from "./wrong_queue_calls.ts";

const f = nothing;

const CONSTRUCTION: Row[] = [
  ...rows(takes("BaseProcess.__init__", 1, 6, 7), {
    "Process(None, None, None, (), {}, True)": () =>
      Reflect.construct(Process, [null, null, null, [], new Map(), true]),
  }),
  ...rows("AssertionError: group argument must be None for now", {
    "Process(1)": () => new Process(wrong(1)),
    "Process(group='x')": () => new Process(wrong({ group: "x" })),
  }),
  ...rows("TypeError: 'int' object is not iterable", {
    "Process(args=5)": () => new Process(wrong({ target: f, args: 5 })),
    "Process(kwargs=5)": () => new Process(wrong({ target: f, kwargs: 5 })),
  }),
  ...rows("TypeError: 'NoneType' object is not iterable", {
    "Process(None, None, None, None)": () => new Process(null, null, null, wrong(null)),
  }),
  ...rows(unexpected("BaseProcess.__init__", "bogus"), {
    "Process(bogus=1)": () => new Process(wrong({ bogus: 1 })),
  }),
];

const ATTRIBUTES: Row[] = [
  ...rows("AssertionError: name must be a string", {
    "setattr(Process(), 'name', 5)": () => new Process().name = wrong(5),
    "setattr(Process(), 'name', None)": () => new Process().name = wrong(null),
  }),
  ...rows("TypeError: string argument without an encoding", {
    "setattr(Process(), 'authkey', 'x')": () => new Process().authkey = wrong("x"),
  }),
  ...rows("TypeError: cannot convert 'NoneType' object to bytes", {
    "setattr(Process(), 'authkey', None)": () => new Process().authkey = wrong(null),
  }),
  ...rows("AssertionError: process has already started", {
    "setattr(running, 'daemon', True)": (running) => running.daemon = true,
  }),
];

const LIFE: Row[] = [
  ...rows(takes("BaseProcess.join", 1, 2, 3), {
    "running.join(1, 2)": (running) => Reflect.apply(running.join, running, [1, 2]),
  }),
  ...rows("AssertionError: can only join a started process", {
    "Process().join()": () => new Process().join(),
    "Process().join(1)": () => new Process().join(1),
  }),
  ...rows("AttributeError: 'NoneType' object has no attribute 'terminate'", {
    "Process().terminate()": () => new Process().terminate(),
  }),
  ...rows("AttributeError: 'NoneType' object has no attribute 'kill'", {
    "Process().kill()": () => new Process().kill(),
  }),
  ...rows("ValueError: process not started", {
    "Process().sentinel": () => new Process().sentinel,
    "current_process().sentinel": () => current_process().sentinel,
  }),
  ...rows(
    "AssertionError: can only start a process object created by current process",
    {
      "current_process().start()": () => current_process().start(),
    },
  ),
  ...rows("AssertionError: can only join a child process", {
    "current_process().join()": () => current_process().join(),
  }),
  ...rows("TypeError: 'int' object is not callable", {
    "Process(target=5).run()": () => new Process(wrong({ target: 5 })).run(),
  }),
  ...rows("TypeError: 'str' object is not callable", {
    "Process(target='x').run()": () => new Process(wrong({ target: "x" })).run(),
  }),
  ...rows("AssertionError: cannot start a process twice", {
    "running.start()": (running) => running.start(),
  }),
  ...rows(
    "ValueError: Cannot close a process while it is still running. " +
      "You should first call join() or terminate().",
    {
      "running.close()": (running) => running.close(),
    },
  ),
  ...rows("TypeError: unsupported operand type(s) for +: 'float' and 'str'", {
    "running.join('x')": (running) => running.join(wrong("x")),
  }),
  ...rows("TypeError: unsupported operand type(s) for +: 'float' and 'list'", {
    "running.join([])": (running) => running.join(wrong([])),
  }),
  ...rows("ValueError: cannot convert float NaN to integer", {
    "running.join(float('nan'))": (running) => running.join(NaN),
  }),
  ...rows(unexpected("BaseProcess.join", "bogus"), {
    "running.join(bogus=1)": (running) => running.join(wrong({ bogus: 1 })),
  }),
];

const CLOSED_PROCESS: Row[] = [
  ...([
    ["start()", (p) => p.start()],
    ["join()", (p) => p.join()],
    ["is_alive()", (p) => p.is_alive()],
    ["terminate()", (p) => p.terminate()],
    ["kill()", (p) => p.kill()],
    ["exitcode", (p) => p.exitcode],
    ["pid", (p) => p.pid],
    ["ident", (p) => p.ident],
    ["sentinel", (p) => p.sentinel],
  ] as [string, (p: Process) => unknown][]).map(([what, act]): Row => [
    "ValueError: process object is closed",
    `closed_process().${what}`,
    () => {
      const p = new Process({ target: f });
      p.close();
      return act(p);
    },
  ]),
];

const CONTEXTS: Row[] = [
  ...rows("TypeError: module_names must be a list of strings", {
    "set_forkserver_preload([1])": () => set_forkserver_preload(wrong([1])),
  }),
  ...rows("TypeError: expected str, bytes or os.PathLike object, not int", {
    "set_executable(5)": () => set_executable(wrong(5)),
  }),
  ...rows("TypeError: expected str, bytes or os.PathLike object, not list", {
    "set_executable([])": () => set_executable(wrong([])),
  }),
  ...rows("ValueError: cannot find context for 'bogus'", {
    "get_context('bogus')": () => get_context("bogus"),
    "set_start_method('bogus', True)": () => set_start_method("bogus", true),
    "get_context('spawn').get_context('bogus')": () =>
      get_context("spawn").get_context("bogus"),
  }),
  ["ValueError: cannot find context for ''", "get_context('')", () => get_context("")],
  ...rows("ValueError: cannot find context for 5", {
    "get_context(5)": () => get_context(wrong(5)),
    "set_start_method(5, force=True)": () =>
      set_start_method(wrong(5), { force: true }),
  }),
  ...rows("RuntimeError: context has already been set", {
    "set_start_method('spawn')": () => set_start_method("spawn"),
    "set_start_method('bogus')": () => set_start_method("bogus"),
  }),
  ...rows(unexpected("DefaultContext.get_context", "bogus"), {
    "get_context(bogus='spawn')": () => get_context(wrong({ bogus: "spawn" })),
  }),
  ...rows("ValueError: cannot set start method of concrete context", {
    "get_context('spawn').set_start_method('spawn', True)": () =>
      get_context("spawn").set_start_method("spawn", true),
    "get_context('spawn').set_start_method(None)": () =>
      get_context("spawn").set_start_method(null),
  }),
];

/** All of them, by subject. */
export const TABLES: Record<string, Row[]> = {
  "the constructor of Process": CONSTRUCTION,
  "attributes of Process": ATTRIBUTES,
  "the life of a Process": LIFE,
  "a closed Process": CLOSED_PROCESS,
  "Queue and JoinableQueue": QUEUES,
  "task_done and SimpleQueue": OTHER_QUEUES,
  "contexts": CONTEXTS,
};
