import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  active_children,
  current_process,
  parent_process,
  Process,
  Queue,
} from "../mod.ts";
import { askAtTheEnd, Greeter, nothing, who } from "./children/basics.ts";
import { test } from "./suite.ts";
import { exitcodeOf, started } from "./cpython/helpers/checks.ts";

test("Process tells its child who it is", async () => {
  const answers = Queue();
  const p = new Process({
    target: who,
    args: [answers],
    name: "someone",
    daemon: true,
  });
  p.authkey = Uint8Array.of(1, 2, 3);
  await p.start();
  deepStrictEqual(await answers.get(), {
    name: "someone",
    daemon: true,
    pid: p.pid,
    authkey: Uint8Array.of(1, 2, 3),
    parent: "MainProcess",
  });
  strictEqual(await exitcodeOf(p), 0);
});

test("Process sends a subclass's fields and runs its run()", async () => {
  const answers = Queue();
  const p = new Greeter(answers);
  p.greeting = "good day";
  await p.start();
  deepStrictEqual(await answers.get(), ["good day", "greeter", "Greeter"]);
  await p.join();
});

test("Process.start gives the pid at once in the root", async () => {
  const p = new Process({ target: nothing });
  void p.start();
  ok(p.pid! > 0);
  deepStrictEqual(active_children(), [p]);
  await p.join();
  deepStrictEqual(active_children(), []);
});

test("Process stays as it was when its work cannot be sent", async () => {
  const p = new Process({ target: nothing, args: [Symbol("no")] as never });
  throws(() => p.start(), TypeError);
  match(String(p), /initial>$/);
  const q = new Process({ target: () => {} });
  await rejects(q.start(), { name: "PicklingError" });
  match(String(q), /initial>$/);
  await rejects(q.start(), { name: "PicklingError" }); // and not "cannot start twice"
});

test("Process takes Python's arguments in their order", async () => {
  const p = new Process(null, nothing, "by position", [], null, { daemon: true });
  strictEqual(p.name, "by position");
  strictEqual(p.daemon, true);
  await p.run();
});

test("Process.join can be aborted", async () => {
  const p = await started(who, [Queue()]);
  const aborted = p.join({ signal: AbortSignal.abort("enough") });
  await rejects(aborted, (reason) => reason === "enough");
  p.kill();
  strictEqual(await exitcodeOf(p), -9);
  p.kill(); // nothing happens
});

test("a process that has nothing left to do may still ask for something", async () => {
  const q = Queue<number>();
  const answers = Queue<number>();
  const p = await started(askAtTheEnd, [q, answers]);
  await q.put(4);
  strictEqual(await answers.get(), 5);
  strictEqual(await exitcodeOf(p), 0);
});

test("current_process() and parent_process() in the root", () => {
  strictEqual(current_process().name, "MainProcess");
  strictEqual(current_process(), current_process());
  strictEqual(parent_process(), null);
  match(
    String(current_process()),
    /^<_MainProcess name='MainProcess' parent=None started>$/,
  );
});
