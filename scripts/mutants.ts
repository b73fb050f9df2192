/**
 * Faults that the tests must see: the table of mutate.ts. Most of them were once not seen
 * by any test. The kinds: one operation, then a quiet root; a failure, and then more of the
 * same; bounds; whether something is gone; two of them instead of one; tests that end too
 * soon to fail.
 *
 * If a source changes, its mutants move with it: `text` must occur once in `file`.
 *
 * @module
 */

import { CASES } from "./mutants_cases.ts";
import { CORE } from "./mutants_core.ts";

/** One small fault in one file. */
export interface Mutant {
  /** The part of the package and what is wrong, in a few words. */
  readonly name: string;
  readonly file: string;
  /** What stands there now; it occurs once. */
  readonly text: string;
  /** What stands there instead. */
  readonly replacement: string;
  /** The test files that must fail. */
  readonly tests: readonly string[];
  /** A part of the name of the tests that must fail, where the whole files take long. */
  readonly only?: string;
}

/** Faults of mechanisms that there are no more. */
export const GONE: readonly { readonly name: string; readonly why: string }[] = [
  {
    name: "queue: no other consumer counts as a rival after a second",
    why:
      "no time counts: only the process that asked last is sent items ahead; see `who asks again`",
  },
];

/** The table: here those of what uses the parts of CORE, in the order of the sources. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "hub queue: the root's takeNow lets no putter in",
    file: "src/hub/queue.ts",
    text:
      "    if (this.#putters.length > 0) this.#out.touch(this);\n    return item.body;",
    replacement: "    return item.body;",
    tests: ["tests/hub/queue_test.ts"],
  },
  {
    name: "root: takeNow schedules nothing",
    file: "src/link/root.ts",
    text: "    if (!this.#isScheduled && this.#hub.isUnsettled) this.#schedule();\n",
    replacement: "",
    tests: ["tests/link/root_test.ts"],
    only: "takes an item",
  },
  {
    name: "root: what a timer of the hub sends is not flushed",
    file: "src/link/root.ts",
    text: "      callback();\n      this.#flush();",
    replacement: "      callback();",
    tests: ["tests/link/root_test.ts"],
    only: "timer of the hub",
  },
  {
    name: "root: the segments of a killed server stay",
    file: "src/link/root.ts",
    text: "    removeKept(process);",
    replacement: "    void removeKept;",
    tests: ["tests/managers/shared_memory_manager_test.ts"],
    only: "server that is killed",
  },
  {
    name: "root: a child killed before it was ready counts as a failed start",
    file: "src/link/root.ts",
    text: "if (!link.isReady && exitcode >= 0)",
    replacement: "if (!link.isReady)",
    tests: ["tests/link/root_test.ts"],
    only: "killed before",
  },
  {
    name: "root: the link of a child that has ended is kept",
    file: "src/link/root.ts",
    text: "    this.#links.delete(process); // not before",
    replacement: "    // not before",
    tests: ["tests/link/root_test.ts"],
    only: "link of a child",
  },
  {
    name: "queue: a put overtakes one whose function is looked for",
    file: "src/queues/base.ts",
    text: "if (!(payload instanceof PendingPayload) && this.#order.isClear) {",
    replacement: "if (!(payload instanceof PendingPayload)) {",
    tests: ["tests/collections/ordered_sender_test.ts"],
    only: "Queue",
  },
  {
    name: "queue: a put that fails spoils later ones",
    file: "src/collections/ordered_sender.ts",
    text: "    tell?.();\n    this.#sendReady();",
    replacement: "    tell?.();",
    tests: ["tests/collections/ordered_sender_test.ts"],
    only: "Queue",
  },
  {
    name: "queue consumer: the hub is not told of a get that is given up",
    file: "src/queues/base.ts",
    text: "    if (getter.item.isAsking) this.#asking--;\n    this.#tellSoon();",
    replacement: "    if (getter.item.isAsking) this.#asking--;",
    tests: ["tests/queues/base_test.ts"],
  },
  {
    name: "queue consumer: a grab overtakes gets that the hub was not told of",
    file: "src/queues/base.ts",
    text:
      "    this.#tell(); // of the getters that have waited longer: they come first\n",
    replacement: "",
    tests: ["tests/queues/base_test.ts"],
  },
  {
    name: "queue consumer: a grab that lost its item does not ask again",
    file: "src/queues/base.ts",
    text: "        if (came === true) return this.#askNow(getter);\n",
    replacement: "",
    tests: ["tests/queues/base_test.ts"],
  },
  {
    name: "hub queue: no limit of the bytes that are sent ahead",
    file: "src/hub/queue.ts",
    text: "prefetched.length < this.#credit &&\n" +
      "      prefetched.bytes + this.#available.at(0)!.body.length <= MAX_AHEAD_BYTES",
    replacement: "prefetched.length < this.#credit",
    tests: ["tests/hub/queue_test.ts"],
  },
  {
    name: "hub queue: who asks again after another is sent as much ahead as before",
    file: "src/hub/queue.ts",
    text: "    this.#last = consumer;\n    this.#credit = 0;",
    replacement: "    this.#last = consumer;",
    tests: ["tests/hub/queue_test.ts"],
  },
  {
    name: "hub tasks: only the first of several joiners is told",
    file: "src/hub/tasks.ts",
    text: "for (const joiner of this.#joiners.clear()) this.#answer(joiner, true);",
    replacement: "for (const joiner of [...this.#joiners.clear()].slice(0, 1)) " +
      "this.#answer(joiner, true);",
    tests: ["tests/hub/tasks_test.ts"],
  },
  {
    name: "hub: the tokens of a sender that is gone are kept",
    file: "src/hub/hub.ts",
    text: "    this.#tokens.gone(process);\n",
    replacement: "",
    tests: ["tests/hub/hub_test.ts"],
  },
  {
    name: "hub: ranges of numbers are not used again",
    file: "src/hub/hub.ts",
    text: "    this.#idRanges.close(member.idRange);\n",
    replacement: "",
    tests: ["tests/hub/hub_test.ts"],
  },
  {
    name: "hub: an object that a child is given twice counts twice",
    file: "src/hub/hub.ts",
    text: "      if (child.objects.has(id)) continue;\n",
    replacement: "",
    tests: ["tests/hub/hub_test.ts"],
  },
  {
    name: "hub pipe: writers of processes that have left are kept",
    file: "src/hub/pipe.ts",
    text: "    this.#outgoing?.writerLeft(process);\n",
    replacement: "",
    tests: ["tests/hub/pipe_end_test.ts"],
  },
  {
    name: "child link: the end is told before the rest of the output was read",
    file: "src/link/root_end.ts",
    text: "await this.#silence(Promise.all([reading, complaining]));",
    replacement: "!!(void complaining);",
    tests: ["tests/link/root_end_test.ts"],
  },
  {
    name: "child: a process that ignores interrupts does not",
    file: "src/startup/child_program.ts",
    text: "if (identity.ignoresInterrupt || interruptWaits()) return;",
    replacement: "if (interruptWaits()) return;",
    tests: ["tests/startup/child_program_test.ts"],
    only: "SIGINT",
  },
  {
    name: "child: who has waited for the parent's end is kept",
    file: "src/process/popen.ts",
    text: "return () => this.#watchers.delete(callback);",
    replacement: "return () => {};",
    tests: ["tests/startup/child_program_test.ts"],
    only: "parent_process().join",
  },
  {
    name: "waiting: long times are not split",
    file: "src/link/waiting.ts",
    text: "const step = Math.min(left, LONGEST);",
    replacement: "const step = left;",
    tests: ["tests/link/waiting_test.ts"],
  },
  {
    name: "waiting: a time is over before what came is read",
    file: "src/link/waiting.ts",
    text: "inTurns(TURNS_TO_READ, end)",
    replacement: "end()",
    tests: ["tests/link/waiting_test.ts", "tests/reach/times_test.ts"],
  },
  {
    name: "waiting: a wait that was left rings in a later turn",
    file: "src/link/waiting.ts",
    text: "if (!isCancelled) callback();",
    replacement: "callback();",
    tests: ["tests/link/waiting_test.ts"],
  },
  {
    name: "inspect: a wait whose line was not known is not looked at again",
    file: "src/inspect/present_waits.ts",
    text: "this.promise === undefined || this.where",
    replacement: "this.promise === undefined || this.where !== undefined",
    tests: ["tests/inspect/present_waits_test.ts"],
  },
  {
    name: "inspect: a wait that ends while it is listed ends the list",
    file: "src/inspect/present_waits.ts",
    text: "wait = after!;",
    replacement: "if (wait.after === undefined) return;\n      wait = after!;",
    tests: ["tests/inspect/present_waits_test.ts"],
  },
  {
    name: "waiting: listeners of signals are kept",
    file: "src/link/waiting.ts",
    text: `    signal?.removeEventListener("abort", abort);\n`,
    replacement: "",
    tests: ["tests/link/waiting_test.ts"],
  },
  {
    name: "waiting: whatever was waited at is kept",
    file: "src/link/waiting.ts",
    text: "    waitedFor.delete(pin);\n",
    replacement: "",
    tests: ["tests/link/waiting_test.ts"],
  },
  {
    name: "pool job: a lone byte array is not copied",
    file: "src/pool/job.ts",
    text: "isOwn ? packed.bytes : copyToRoom(packed.bytes);",
    replacement: "isOwn ? packed.bytes : (void copyToRoom, packed.bytes);",
    tests: ["tests/pool/job_test.ts"],
  },
  {
    name: "pool job: listeners of signals are kept",
    file: "src/pool/job.ts",
    text: `    signal?.removeEventListener("abort", this.#abort);\n`,
    replacement: "",
    tests: ["tests/pool/job_test.ts"],
  },
  {
    name: "pool imap: bytes that were fetched are not given free",
    file: "src/pool/imap_job.ts",
    text: "    if (isWhole) this.#bytes -= batch.bytes;\n",
    replacement: "",
    tests: ["tests/pool/imap_job_test.ts"],
  },
  {
    name: "pool imap: a failure that is fetched makes no room",
    file: "src/pool/imap_job.ts",
    text: "this.#outstanding -= batch.isSuccess ? 1 : batch.count;",
    replacement: "if (batch.isSuccess) this.#outstanding--;",
    tests: ["tests/pool/imap_job_test.ts"],
  },
  {
    name: "pool workers: the watch goes on after a task with a timeout",
    file: "src/pool/workers.ts",
    text: "    if (worker.stopWatch !== undefined) this.#watch(worker);\n",
    replacement: "",
    tests: ["tests/pool/workers_test.ts"],
  },
  {
    name: "pool workers: a start that failed is not tried again",
    file: "src/pool/workers.ts",
    text: "if (this.isEmpty) runtime.setTimer(",
    replacement: "if (false as boolean) runtime.setTimer(",
    tests: ["tests/pool/workers_test.ts"],
  },
  {
    name: "pool workers: the last ones end as well when they idle",
    file: "src/pool/workers.ts",
    text: "    if (staying <= this.#factory.sizes.min) return false;\n",
    replacement: "",
    tests: ["tests/pool/workers_test.ts"],
  },
  {
    name: "pool workers: one that hangs at its end keeps its place",
    file: "src/pool/workers.ts",
    text: "    worker.stopWatch = after(LEAVE_TIMEOUT, () => this.#kill(worker));\n",
    replacement: "",
    tests: ["tests/pool/workers_test.ts"],
  },
  {
    name: "pool workers: one that makes room and has done nothing is no failure",
    file: "src/pool/workers.ts",
    text: "if (!worker.hasCompletedTask || worker.isLeaving) return;",
    replacement: "if (worker.isLeaving) return;",
    tests: ["tests/pool/workers_test.ts"],
  },
  {
    name: "pool workers: a value's time goes on until it is fetched",
    file: "src/pool/workers.ts",
    text: " || task.job.isPaused",
    replacement: "",
    tests: ["tests/pool/workers_test.ts"],
  },
  {
    name: "pool idle: who worked meanwhile is told of too early",
    file: "src/pool/idle_watch.ts",
    text: "if (this.#since.get(worker) === since) {",
    replacement: "if (this.#since.has(worker)) {",
    tests: ["tests/pool/idle_watch_test.ts"],
  },
  {
    name: "pool stream: more values come than were asked for",
    file: "src/pool/stream_job.ts",
    text: "if (--this.#credit < 0) {",
    replacement: "if (--this.#credit < -1e9) {",
    tests: ["tests/pool/workers_test.ts"],
  },
  {
    name: "pool stream: what is left before it begins is begun",
    file: "src/pool/flow.ts",
    text: "  if (flow.isLeft) return 0;\n",
    replacement: "",
    tests: ["tests/pool/flow_test.ts"],
  },
  {
    name: "pool scheduler: what waits in a worker does not count",
    file: "src/pool/scheduler.ts",
    text: "let count = this.#returned.length + this.#ahead;",
    replacement: "let count = this.#returned.length;",
    tests: ["tests/pool/scheduler_test.ts"],
  },
  {
    name: "pool scheduler: dropped tasks that came back are handed out",
    file: "src/pool/scheduler.ts",
    text: "      if (!task.isDropped) return task;",
    replacement: "      return task;",
    tests: ["tests/pool/scheduler_test.ts"],
  },
  {
    name: "pool: what was joined is kept until the program's exit",
    file: "src/pool/base_pool.ts",
    text: "    await this.#engine.join(signal);\n    this.#finalizer.cancel();",
    replacement: "    await this.#engine.join(signal);",
    tests: ["tests/pool/base_pool_test.ts"],
  },
  {
    name: "shared memory manager: the program keeps its note as well",
    file: "src/managers/shared_memory_manager.ts",
    text: "    shared.unregister(shm.name);",
    replacement: "    void shared.unregister;",
    tests: ["tests/managers/shared_memory_manager_test.ts"],
    only: "the program's until",
  },
  {
    name: "shared memory manager: items are read when there is a server",
    file: "src/managers/shared_memory_manager.ts",
    text: "const items = asItIsNow(sequence);",
    replacement: "const items = sequence;",
    tests: ["tests/managers/shared_memory_manager_test.ts"],
    only: "states: not started",
  },
  {
    name: "shared memory server: it is killed with its parent",
    file: "src/managers/shared_memory_server.ts",
    text: "    outliveParent();",
    replacement: "    void outliveParent;",
    tests: ["tests/managers/shared_memory_manager_test.ts"],
    only: "slow to notice",
  },
  {
    name: "shared memory server: it outlives a parent that is no root",
    file: "src/managers/shared_memory_server.ts",
    text: ".then(() => this.stop(), () => {})",
    replacement: ".catch(() => {})",
    tests: ["tests/managers/shared_memory_manager_test.ts"],
    only: "child that has the manager",
  },
  {
    name: "shared memory server: segments stay at its end",
    file: "src/managers/shared_memory_server.ts",
    text: "    this.#tracker.end();",
    replacement: "    void this.#tracker;",
    tests: ["tests/managers/shared_memory_manager_test.ts"],
    only: "a server of this process",
  },
  {
    name: "shared memory server: a segment of the same name is taken for its own",
    file: "src/shared_memory/segments.ts",
    text: "if (number !== undefined && fileNumber(path) === number) removeFile",
    replacement: "if (number !== undefined) removeFile",
    tests: ["tests/managers/shared_memory_manager_test.ts"],
    only: "unlinked by hand",
  },
  {
    name: "manager client: a call whose argument cannot be sent never rejects",
    file: "src/managers/protocol/native_channel.ts",
    text: "(error) => this.#take(call)?.reject(error),",
    replacement: "() => {},",
    tests: ["tests/collections/ordered_sender_test.ts"],
    only: "in our own protocol",
  },
  {
    name: "manager server: a client that reads no answers is read without bound",
    file: "src/managers/protocol/native_session.ts",
    text: "    if (socket.buffered > MAX_UNREAD) socket.setPaused(true);\n",
    replacement: "",
    tests: ["tests/managers/protocol/native_session_test.ts"],
  },
  {
    name: "manager server: a call of a client that is gone waits on in its machine",
    file: "src/managers/types/machine.ts",
    text: "      for (const one of machines) one.leave(call);\n",
    replacement: "",
    tests: ["tests/managers/types/locks_test.ts"],
  },
  {
    name: "manager server: a condition's call that was woken stays in the lock's line",
    file: "src/managers/types/locks.ts",
    text: "      [this.#machine, lock._machine],\n",
    replacement: "      [this.#machine],\n",
    tests: ["tests/managers/types/locks_test.ts"],
  },
  {
    name: "listener: a slow client fails accept",
    file: "src/connection/listener.ts",
    text: "!this.#handshakes.wasDropped(error) && !wasSlow(error)",
    replacement: "!this.#handshakes.wasDropped(error)",
    tests: ["tests/connection/listener_test.ts"],
  },
  {
    name: "listener: close leaves handshakes under way",
    file: "src/connection/listener.ts",
    text: "    this.#handshakes.drop();\n",
    replacement: "",
    tests: ["tests/connection/listener_test.ts"],
  },
  {
    name: "listener: Client leaves its socket open if the key is no key",
    file: "src/connection/listener.ts",
    text: "      messages.close();\n      throw error;",
    replacement: "      throw error;",
    tests: ["tests/connection/listener_test.ts"],
  },
  {
    name: "handshake: the peer is not held back",
    file: "src/connection/handshake.ts",
    text: "    this.#socket.holdBack(true);\n",
    replacement: "",
    tests: ["tests/connection/handshake_test.ts"],
  },
  {
    name: "pipe reader: that this process has shared its end is forgotten",
    file: "src/connection/pipe_reader.ts",
    text: "if (isAlone && this.#isShared) this.#stopFeeding();",
    replacement: "",
    tests: ["tests/connection/pipe_reader_test.ts"],
  },
  {
    name: "pipe writer: too long a message is not refused",
    file: "src/connection/pipe_writer.ts",
    text: "if (this.#isBroken || message.length > MAX_LENGTH) {",
    replacement: "if (this.#isBroken) {",
    tests: ["tests/connection/pipe_writer_test.ts"],
  },
  {
    name: "peer: the last failure is thrown, not the first",
    file: "src/link/peer.ts",
    text: "failure ??= { error };",
    replacement: "failure = { error };",
    tests: ["tests/link/peer_test.ts"],
  },
  {
    name: "Deno: a child that reads its end of stdin leaves its socket's path",
    file: "src/runtime/deno.ts",
    text:
      "    if (length === 0 && socketPath !== undefined) removePlace(socketPath);\n",
    replacement: "",
    tests: ["tests/runtime/speed/deno_socket_test.ts"],
  },
  {
    name: "hosts: a process on one is told of words in this machine's memory",
    file: "src/link/root.ts",
    text: " && link.hosted === undefined;",
    replacement: ";",
    tests: ["tests/hosts/relay_test.ts"],
    only: "queues, locks",
  },
  {
    name: "hosts: a process on one has the root start others elsewhere",
    file: "src/link/root.ts",
    text: "from?.hosted?.host ?? launch.host",
    replacement: "launch.host ?? from?.hosted?.host",
    tests: ["tests/hosts/relay_test.ts"],
    only: "elsewhere",
  },
  {
    name: "hosts: a process on one is offered claims in files of this machine",
    file: "src/link/root_end.ts",
    text: "    if (this.hosted !== undefined) return void (this.#claims = null);\n",
    replacement: "",
    tests: ["tests/link/hosted_test.ts"],
  },
  {
    name: "hosts: so is a pool's worker",
    file: "src/pool/worker_process.ts",
    text: "isRunning && this.host === null && switches.prefetch",
    replacement: "isRunning && switches.prefetch",
    tests: ["tests/hosts/relay_test.ts"],
    only: "20,000",
  },
  {
    name: "hosts: segments that a process on one has made stay there",
    file: "src/startup/child_program.ts",
    text: "  else runtime.onExit(removeShared);\n",
    replacement: "",
    tests: ["tests/hosts/relay_test.ts"],
    only: "segment goes",
  },
  {
    name: "hosts: the supervisor does not end the process at the end of its stdin",
    file: "src/runtime/supervise.ts",
    text: "    kill(9);\n",
    replacement: "",
    tests: ["tests/runtime/supervise_test.ts"],
    only: "end of its stdin",
  },
  ...CASES,
  ...CORE,
];
