/** Supervision of real processes. */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { supervise, type SupervisedExit } from "../../src/process/supervisor.ts";
import { CLAIM_WAIT, processExists } from "../cpython/helpers/checks.ts";
import { startProgram } from "../helpers/run.ts";
import * as targets from "../helpers/supervised_targets.ts";
import { test } from "../suite.ts";

/** What was told of the ends: exit codes and delays. */
function notes() {
  const told: [exitcode: number | null, delay: number | null][] = [];
  const exits: SupervisedExit[] = [];
  const on_exit = (exit: SupervisedExit) => {
    told.push([exit.exitcode, exit.delay]);
    exits.push(exit);
  };
  return { told, exits, on_exit };
}

/** A queue that holds these. */
async function queueOf(...numbers: number[]): Promise<Queue<number>> {
  const queue = Queue<number>();
  for (const number of numbers) await queue.put(number);
  return queue;
}

test("a process that fails is started again, later each time, and ends well", async () => {
  const { told, exits, on_exit } = notes();
  const codes = await queueOf(3, 3, 3, 0);
  const supervisor = supervise(
    () => new Process({ target: targets.endWithNext, args: [codes] }),
    { delay: 0.001, factor: 3, max_delay: 0.005, on_exit },
  );
  strictEqual(supervisor.is_alive(), true);
  await supervisor.join(CLAIM_WAIT);
  deepStrictEqual(told, [[3, 0.001], [3, 0.003], [3, 0.005], [0, null]]);
  deepStrictEqual([supervisor.restarts, supervisor.exitcode], [3, 0]);
  strictEqual(supervisor.is_alive(), false);
  strictEqual(new Set(exits.map(({ process }) => process)).size, 4);
  strictEqual(supervisor.process, exits.at(-1)!.process);
});

test("a process that fails too often in a row is given up", async () => {
  const { told, on_exit } = notes();
  const supervisor = supervise(
    () => new Process({ target: targets.endWith, args: [7] }),
    { restarts: 2, delay: 0, on_exit },
  );
  await supervisor.join(CLAIM_WAIT);
  deepStrictEqual(told, [[7, 0], [7, 0], [7, null]]);
  deepStrictEqual([supervisor.restarts, supervisor.exitcode], [2, 7]);
});

test("restarts are counted anew when a process was healthy", async () => {
  const { told, on_exit } = notes();
  const codes = await queueOf(3, 3, 3, 3, 0);
  const supervisor = supervise(
    () => new Process({ target: targets.endWithNext, args: [codes] }),
    { restarts: 1, delay: 0, healthy_after: 0, on_exit },
  );
  await supervisor.join(CLAIM_WAIT);
  deepStrictEqual(told.map(([exitcode]) => exitcode), [3, 3, 3, 3, 0]);
});

test("a process that is killed is started again; terminate stops it for good", async () => {
  const { told, on_exit } = notes();
  const said = Queue<number>();
  await using supervisor = supervise(
    () => new Process({ target: targets.sayAndHang, args: [said] }),
    { delay: 0, on_exit },
  );
  const first = await said.get(true, CLAIM_WAIT);
  supervisor.process!.kill();
  const second = await said.get(true, CLAIM_WAIT);
  ok(first !== second);
  await supervisor.join(0);
  strictEqual(supervisor.exitcode, null);
  supervisor.terminate();
  await supervisor.join(CLAIM_WAIT);
  deepStrictEqual(told, [[-9, 0], [-15, null]]);
  deepStrictEqual([supervisor.restarts, supervisor.exitcode], [1, -15]);
  ok(!processExists(second));
});

test("a signal stops the supervision, also in the pause before a restart", async () => {
  const controller = new AbortController();
  const { told, on_exit } = notes();
  const paused = supervise(
    () => new Process({ target: targets.endWith, args: [1] }),
    {
      delay: 1000,
      max_delay: 1000,
      signal: controller.signal,
      on_exit(exit) {
        on_exit(exit);
        controller.abort();
      },
    },
  );
  await paused.join(CLAIM_WAIT);
  deepStrictEqual(told, [[1, 1000]]);
  deepStrictEqual([paused.restarts, paused.exitcode], [0, 1]);

  const said = Queue<number>();
  const other = new AbortController();
  const running = supervise(
    () => new Process({ target: targets.sayAndHang, args: [said] }),
    { signal: other.signal },
  );
  await said.get(true, CLAIM_WAIT);
  other.abort();
  await running.join(CLAIM_WAIT);
  strictEqual(running.exitcode, -15);

  let isMade = false;
  const never = supervise(() => {
    isMade = true;
    return new Process();
  }, { signal: other.signal });
  await never.join();
  deepStrictEqual([isMade, never.exitcode], [false, null]);
});

test("kill stops for good what ignores SIGTERM", async () => {
  const said = Queue<number>();
  const supervisor = supervise(
    () => new Process({ target: targets.sayAndHang, args: [said] }),
  );
  await said.get(true, CLAIM_WAIT);
  supervisor.kill();
  await supervisor.join(CLAIM_WAIT);
  strictEqual(supervisor.exitcode, -9);
});

test("what cannot be started is tried again, and its error is told", async () => {
  const { exits, on_exit } = notes();
  let count = 0;
  const supervisor = supervise(() => {
    throw new RangeError(`no ${++count}`);
  }, { restarts: 1, delay: 0, on_exit });
  await rejects(supervisor.join(CLAIM_WAIT), { name: "RangeError", message: "no 2" });
  deepStrictEqual(exits.map(({ error, process }) => [String(error), process]), [
    ["RangeError: no 1", null],
    ["RangeError: no 2", null],
  ]);
  strictEqual(supervisor.exitcode, null);

  const unsendable = supervise(
    () => new Process({ target: () => {} }),
    { restarts: 0 },
  );
  await rejects(unsendable.join(CLAIM_WAIT), { name: "PicklingError" });
});

test("an error of on_exit ends the supervision", async () => {
  const supervisor = supervise(
    () => new Process({ target: targets.endWith, args: [1] }),
    {
      on_exit() {
        throw new RangeError("mine");
      },
    },
  );
  await rejects(supervisor.join(CLAIM_WAIT), { name: "RangeError", message: "mine" });
});

test("join can be given up", async () => {
  const said = Queue<number>();
  await using supervisor = supervise(
    () => new Process({ target: targets.sayAndHang, args: [said] }),
  );
  await supervisor.join({ timeout: 0.01 });
  strictEqual(supervisor.is_alive(), true);
  await rejects(
    supervisor.join(null, { signal: AbortSignal.abort("enough") }),
    (reason) => reason === "enough",
  );
});

test("what is wrong with the arguments of supervise", () => {
  const factory = () => new Process();
  throws(() => supervise(5 as never), {
    name: "TypeError",
    message: "'int' object is not callable",
  });
  throws(() => supervise(factory, { on_exit: 1 as never }), { name: "TypeError" });
  throws(() => supervise(factory, { restarts: "1" as never }), {
    name: "TypeError",
    message: "restarts must be a number, not str",
  });
  throws(() => supervise(factory, { restarts: -1 }), {
    name: "ValueError",
    message: "restarts must be at least 0",
  });
  throws(() => supervise(factory, { factor: 0.5 }), {
    name: "ValueError",
    message: "factor must be at least 1",
  });
  throws(() => supervise(factory, { delay: NaN }), { name: "ValueError" });
  throws(() => supervise(factory, { delays: 1 } as never), {
    name: "TypeError",
    message:
      "supervise() got an unexpected keyword argument 'delays'. Did you mean 'delay'?",
  });
});

test("a program stays for a restart, and nothing is started again at its end", async () => {
  const program = startProgram("tests/children/supervisor.ts");
  const { code, stdout } = await program.finished;
  deepStrictEqual([code, stdout], [0, "failed 3 0.05\nfailed 3 null\n"]);
  const ending = startProgram("tests/children/supervisor.ts", { args: ["exit"] });
  const { code: other, stdout: printed } = await ending.finished;
  deepStrictEqual([other, printed], [4, "running\n"]);
});
