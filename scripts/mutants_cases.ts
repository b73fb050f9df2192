/**
 * Faults that CPython's own cases must see, or the tests of what those have brought to light:
 * a part of the table of mutants.ts. Once no case saw them.
 *
 * @module
 */
import type { Mutant } from "./mutants.ts";

const NOT_EARLY = ["tests/cpython/not_early_test.ts"];

/** This part of the table, in the order of the sources. */
export const CASES: readonly Mutant[] = [
  {
    name: "waits: a timer rings at once",
    file: "src/link/waiting.ts",
    text: "  arm(seconds * 1000);",
    replacement: "  arm(0 * seconds);",
    tests: NOT_EARLY,
    only: "each method",
  },
  {
    name: "waits here and for arrivals: their time is over at once",
    file: "src/link/waiting.ts",
    text: "timeout === null ? undefined : after(timeout, onTime);",
    replacement: "timeout === null ? undefined : after(0, onTime);",
    tests: NOT_EARLY,
    only: "each method",
  },
  {
    name: "child's end: it is looked for once more when it has come",
    file: "src/link/root_end.ts",
    text:
      "        if (isOver) return; // the end came in the turn that was waited for\n",
    replacement: "",
    tests: ["tests/link/root_end_test.ts"],
    only: "leaves no timer",
  },
  {
    name: "Event: wait with a time returns at once",
    file: "src/synchronize/event.ts",
    text: "    if (this.#here?.isSet) return await this._done(true);\n    return",
    replacement: "    if (this.#here?.isSet) return await this._done(true);\n" +
      "    if (limit.timeout !== null) return false;\n    return",
    tests: NOT_EARLY,
    only: "(processes)",
  },
  {
    name: "Event: its text never returns to unset",
    file: "src/synchronize/event.ts",
    text: 'isSet ? "set" : "unset";',
    replacement: '((this as any).was ||= isSet) ? "set" : "unset";',
    tests: ["tests/cpython/test_event_test.ts"],
    only: "test_repr (processes)",
  },
  {
    name: "locks: acquire with a time returns at once",
    file: "src/synchronize/semlock.ts",
    text: "const waits = block && limit.timeout !== 0;",
    replacement: "const waits = block && limit.timeout === null;",
    tests: NOT_EARLY,
    only: "(processes)",
  },
  {
    name: "pool: a failing element of an async function does not end its chunk",
    file: "src/pool/runner.ts",
    text: "    results.push(await value ?? null);\n    tick?.(results.length);\n  }\n" +
      "  return results;",
    replacement:
      "    const got = await Promise.resolve(value).catch((error) => [error]);\n" +
      "    results.push(got ?? null);\n    tick?.(results.length);\n  }\n" +
      "  for (const one of results) if (Array.isArray(one)) throw one[0];\n" +
      "  return results;",
    tests: ["tests/cpython/test_pool_test.ts"],
    only: "ends its chunk (threads)",
  },
  {
    name: "pool: a failing element does not end its chunk",
    file: "src/pool/runner.ts",
    text: "      const value = isStar ? func(...iterated(element)) : func(element);\n" +
      "      if (isThenable(value)) {",
    replacement: "      let value: any;\n" +
      "      try {\n" +
      "        value = isStar ? func(...iterated(element)) : func(element);\n" +
      "      } catch (error) {\n" +
      "        for (const one of elements.slice(results.length + 1)) (func as any)(one);\n" +
      "        throw error;\n" +
      "      }\n" +
      "      if (isThenable(value)) {",
    tests: ["tests/cpython/test_pool_test.ts"],
    only: "ends its chunk (threads)",
  },
  {
    name: "managed objects: a wait's time is over at once",
    file: "src/managers/protocol/caller.ts",
    text: "const limit = { timeout, signal: undefined, isBackground: true };",
    replacement:
      "const limit = { timeout: timeout && 0, signal: undefined, isBackground: true };",
    tests: NOT_EARLY,
    only: "(threads)",
  },
  {
    name: "proxies: a call throws what cannot be sent",
    file: "src/managers/proxies/base_proxy.ts",
    text: "      return Promise.reject(error);",
    replacement: "      throw error;",
    tests: ["tests/managers/proxies/traps_test.ts"],
    only: "cannot be sent",
  },
  {
    name: "list proxy: iterates over a snapshot",
    file: "src/managers/proxies/list_proxy.ts",
    text: "    for (let i = 0;; i++) {\n      try {\n        yield await",
    replacement: "    yield* await this._getvalue() as T[];\n" +
      "    for (let i = 1 / 0;; i++) {\n      try {\n        yield await",
    tests: ["tests/cpython/test_managers_test.ts"],
    only: "test_list_iter",
  },
  {
    name: "dict: an iterator knows the size from its first step only",
    file: "src/managers/types/iteration.ts",
    text: "  const { size } = container;\n  const entries",
    replacement: "  let before: number | undefined;\n" +
      "  const compared = { get size() { return before ??= container.size; } };\n" +
      "  const size: any = { valueOf: () => compared.size };\n  const entries",
    tests: ["tests/managers/types/iteration_test.ts"],
  },
  {
    name: "dict: an iterator that has failed goes on",
    file: "src/managers/types/iteration.ts",
    text: 'state === "failed" || container.size !== size',
    replacement: "container.size !== size",
    tests: ["tests/managers/types/iteration_test.ts"],
  },
  {
    name: "threads: their calls give way to nothing",
    file: "src/dummy/waits.ts",
    text: "return currentPeer().yieldToLoop(",
    replacement: "return undefined; currentPeer().yieldToLoop(",
    tests: ["tests/dummy/synchronize_test.ts"],
    only: "lets timers",
  },
  {
    name: "threads: a daemon's calls keep the process alive",
    file: "src/dummy/waits.ts",
    text: "current_thread().daemon ? quietly : undefined",
    replacement: "undefined",
    tests: ["tests/dummy/process_test.ts"],
    only: "daemon",
  },
  {
    name: "hub shutdown: what a feeder puts before it knows is lost",
    file: "src/hub/shutdown.ts",
    text: "return !this.isBegun || this.#unaware.has(process);",
    replacement: "return !this.isBegun;",
    tests: ["tests/hub/shutdown_test.ts"],
  },
  {
    name: "hub shutdown: getters are told before all feeders know",
    file: "src/hub/shutdown.ts",
    text: "return this.isBegun && this.#unaware.size === 0;",
    replacement: "return this.isBegun;",
    tests: ["tests/hub/shutdown_test.ts"],
  },
  {
    name: "hub shutdown: a feeder that computes is waited for without end",
    file: "src/hub/shutdown.ts",
    text: "if (--this.#turnsLeft > 0) return this.#startTurn();",
    replacement: "return this.#startTurn();",
    tests: ["tests/hub/shutdown_test.ts"],
  },
  {
    name: "hub shutdown: a feeder's time does not begin with the shutdown",
    file: "src/hub/shutdown.ts",
    text: "    if (!this.isComplete) this.#startTurn();\n",
    replacement: "",
    tests: ["tests/hub/shutdown_test.ts"],
  },
  {
    name: "hub queue: who comes to hold a queue is not told that it was shut down",
    file: "src/hub/queue.ts",
    text:
      "      this.#out.send(process, [Kind.ShutDown, this.#id, false]);\n    } else",
    replacement: "    } else",
    tests: ["tests/hub/shutdown_test.ts"],
  },
  {
    name: "peer: what came before the handle of a queue is forgotten",
    file: "src/link/peer.ts",
    text: "else if (message[0] === Kind.ShutDown) this.#shutDown",
    replacement: "else if (message[0] === Kind.Exited) this.#shutDown",
    tests: ["tests/queues/shutdown_test.ts"],
  },
  {
    name: "hub queue: what comes back after an immediate shutdown stays",
    file: "src/hub/queue.ts",
    text: "    if (this.#isDropping) this.#drop();\n",
    replacement: "",
    tests: ["tests/hub/shutdown_test.ts"],
  },
  {
    name: "hub queue: what a dead process had in progress is lost",
    file: "src/hub/queue.ts",
    text: "    putBack(this.#available, this.#tasks.leave(process));\n",
    replacement: "    this.#tasks.leave(process);\n",
    tests: ["tests/hub/in_progress_test.ts"],
  },
  {
    name: "hub tasks: an item comes back without end",
    file: "src/hub/in_progress.ts",
    text: "(returns > this.#most ? dead : back)",
    replacement: "(returns > this.#most ? back : back)",
    tests: ["tests/hub/in_progress_test.ts"],
  },
];
