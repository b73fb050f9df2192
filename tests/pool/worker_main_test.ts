/** Tests of src/pool/worker_main.ts, with the other end, src/pool/worker_process.ts. */

import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Pool } from "../../mod.ts";
import {
  FunctionTable,
  Job,
  type JobSettings,
  NOTHING,
  type PoolFunction,
  scalarOf,
  Task,
} from "../../src/pool/job.ts";
import { Command, Form, Mode, Ticks } from "../../src/pool/protocol.ts";
import type { ReceivedTask } from "../../src/pool/runner.ts";
import { CommandReader } from "../../src/pool/worker_main.ts";
import { CommandWriter } from "../../src/pool/worker_process.ts";
import { bound, dumps } from "../../src/reduction/mod.ts";
import { makeRoom } from "../../src/wire/bytes.ts";
import type { Payload } from "../../src/wire/message.ts";
import { raises } from "../cpython/helpers/checks.ts";
import { dumpLater } from "../helpers/pool_work.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";

turnAllOn(); // some tests are about what a switch turns off

class FakeJob extends Job {
  constructor(settings: Partial<JobSettings>) {
    const { func = table.get(Math.sqrt), mode = Mode.Map, timeout = null } = settings;
    const progress = settings.progress ?? null;
    const rest = { pool: {}, isCopying: true, signal: undefined, progress };
    const owner = {
      number: 1,
      wake() {},
      forget() {},
      stop() {},
      grant() {},
      leave: () => false,
    };
    const callbacks = { callback: null, error_callback: null };
    super({ id: 1, owner, func, mode, timeout, ...rest, ...callbacks });
  }

  override succeed(): void {}
  override fail(): void {}
  override abort(): void {}
}

const table = new FunctionTable(true);

function task(settings: Partial<JobSettings>, elements: unknown[]): Task {
  const made = new Task(new FakeJob(settings), 0, elements.length);
  made.payload = dumps(elements) as Payload;
  return made;
}

function scalar(settings: Partial<JobSettings>, value: unknown): Task {
  return new Task(new FakeJob(settings), 0, 1, value);
}

/** A writer, and what a reader makes of all that it writes. */
function linked() {
  const writer = new CommandWriter();
  const events: (ReceivedTask | string | string[])[] = [];
  const reader = new CommandReader({
    onTask: (received) => events.push(received),
    onClaim: (...paths) => events.push(paths),
    onClaimQuicker: (path) => events.push([path]),
    onClaimNoMore: () => events.push("claim no more"),
    onStop: () => events.push("stop"),
  });
  const tell = (tasks: Task[]) => {
    const { operands, items } = writer.write(tasks);
    reader.read(operands, items);
    return operands;
  };
  return { writer, reader, events, tell };
}

test("CommandWriter: a function is told of once, and forgotten when it is used no more", () => {
  const { writer, tell, events } = linked();
  const method = bound("hello", "toUpperCase") as () => string;
  const func = table.get(method);
  ok(func.isTemporary && !table.get(Math.sqrt).isTemporary);
  strictEqual(table.get(Math.sqrt), table.get(Math.sqrt));
  ok(tell([task({ func }, [])]).includes(Command.Define));
  strictEqual(tell([task({ func }, [])])[0], Command.Task);
  const [first, second] = events as ReceivedTask[];
  strictEqual((first!.func as typeof method)(), "HELLO");
  strictEqual(second!.func, first!.func);
  writer.forget(func);
  writer.forget(func);
  deepStrictEqual(tell([]), [Command.Forget, func.id]);
  strictEqual(tell([]).length, 0);
});

test("CommandWriter: tasks with all that belongs to them", () => {
  const { tell, events } = linked();
  tell([
    task({ mode: Mode.Apply }, [4]),
    task({ mode: Mode.Starmap, timeout: 5 }, [[1, 2], [3, 4]]),
    task({ progress: () => {} }, ["a", "b"]),
  ]);
  const shared = { func: Math.sqrt, isSingle: false };
  deepStrictEqual(events, [
    { ...shared, mode: Mode.Apply, ticks: Ticks.Never, values: [4] },
    { ...shared, mode: Mode.Starmap, ticks: Ticks.Always, values: [[1, 2], [3, 4]] },
    { ...shared, mode: Mode.Map, ticks: Ticks.Sometimes, values: ["a", "b"] },
  ]);
});

test("CommandWriter: single arguments of one function are told of together", () => {
  const { tell, events } = linked();
  const values = [1, 2, -0, 0.5, "a", null, true, 2n ** 70n];
  const operands = tell(values.map((value) => scalar({}, value)));
  strictEqual(operands.filter((head) => head === Command.Run).length, 1);
  deepStrictEqual(events.map((event) => (event as ReceivedTask).values), values);
  ok(events.every((event) => (event as ReceivedTask).isSingle));
  const other = table.get(Math.cbrt);
  tell([scalar({}, 1), scalar({ func: other }, 2), task({}, [3]), scalar({}, 4)]);
  deepStrictEqual(
    events.slice(values.length).map((event) => [
      (event as ReceivedTask).func,
      (event as ReceivedTask).values,
    ]),
    [[Math.sqrt, 1], [Math.cbrt, 2], [Math.sqrt, [3]], [Math.sqrt, 4]],
  );
});

test("CommandWriter: a lone number needs no item", () => {
  const { writer, reader, events } = linked();
  writer.write([scalar({}, 1)]); // tells of the function
  const numbers = [7, -0, 0.5, NaN, -Infinity, 2 ** 40];
  for (const number of numbers) {
    const { operands, items } = writer.write([scalar({}, number)]);
    deepStrictEqual(items, []);
    reader.read(operands, items);
  }
  deepStrictEqual(events.map((event) => (event as ReceivedTask).values), numbers);
});

test("Task: which arguments are sent along with those of other calls", () => {
  const { settings } = new FakeJob({});
  for (const value of [1, -0, true, 5n, "x".repeat(1000), null]) {
    strictEqual(scalarOf(settings, [value]), value);
  }
  for (const args of [[], [1, 2], [undefined], [{}], [[1]], ["x".repeat(1001)]]) {
    strictEqual(scalarOf(settings, args), NOTHING);
  }
  strictEqual(scalarOf({ ...settings, timeout: 5 }, [1]), NOTHING);
});

test("CommandReader: a function is at hand once its module has been loaded", async () => {
  const { reader, events } = linked();
  const pool = Pool(1);
  const payload = await pool.apply(dumpLater);
  await pool.terminate();
  const told = [Command.Run, 1, Form.Operand, 1, 3];
  reader.read([Command.Define, 1, ...told], [payload]);
  const first = (events[0] as ReceivedTask).func;
  ok(first instanceof Promise);
  const func = await first;
  reader.read(told, []);
  strictEqual((events[1] as ReceivedTask).func, func);
  strictEqual((func as () => string)(), "later");
});

test("CommandReader: what is no task", () => {
  const { reader, events } = linked();
  const paths = ["/dev/shm/1", "/tmp/ü"].map((path) => new TextEncoder().encode(path));
  reader.read([Command.Claim, Command.ClaimNoMore, Command.Stop], paths);
  deepStrictEqual(events, [["/dev/shm/1", "/tmp/ü"], "claim no more", "stop"]);
  reader.read([Command.ClaimQuicker], [new TextEncoder().encode("/dev/shm/3")]);
  deepStrictEqual(events.at(-1), ["/dev/shm/3"]);
});

test("CommandReader: a function or an argument that cannot be had fails when it is used", async () => {
  const { reader, events } = linked();
  const broken = Uint8Array.of(0xff);
  reader.read([Command.Define, 1, Command.Task, 1, Mode.Apply, 0, 0], [broken, broken]);
  const [received] = events as [ReceivedTask];
  await raises(() => received.func as Promise<unknown>, "UnpicklingError");
  await raises(() => received.values as Promise<unknown>, "UnpicklingError");
});

test("FunctionTable: a function that cannot be sent says so later, each time", async () => {
  const lambda = () => {};
  for (let i = 0; i < 2; i++) {
    const func: PoolFunction = table.get(lambda);
    strictEqual(func.payload, undefined);
    await raises(() => func.ready!, "PicklingError");
  }
  strictEqual(NOTHING.description, "nothing");
});

test("CommandReader: memory of long arguments is used again, the arguments are not in it", () => {
  const { reader, events } = linked();
  const argument = new Uint8Array(200_000).fill(1);
  const item = dumps([argument]) as Payload;
  reader.read([Command.Task, 1, Mode.Apply, 0, 0], [item]);
  strictEqual(makeRoom(200_000).fill(2).buffer, item.buffer);
  deepStrictEqual((events[0] as ReceivedTask).values, [argument]);
});

test("Task: a byte string is copied as it is filled in, into memory that is used again", () => {
  const { tell, events } = linked();
  const bytes = new Uint8Array(260_000).fill(1);
  const [told, released] = [Mode.Apply, Mode.Map].map((mode) => {
    const made = new Task(new FakeJob({ mode }), 0, 1);
    strictEqual(made.fill([bytes]), undefined);
    strictEqual(made.form, Form.OneBytes);
    return made;
  });
  bytes.fill(2); // later changes do not show
  tell([told!]);
  const [found] = (events[0] as ReceivedTask).values as [Uint8Array];
  ok(found.length === 260_000 && found.every((byte) => byte === 1));
  const { payload } = released!;
  notStrictEqual(payload!.buffer, bytes.buffer);
  released!.release();
  strictEqual(makeRoom(260_000).buffer, payload!.buffer);
});
