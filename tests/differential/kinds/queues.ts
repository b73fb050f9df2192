/**
 * Queues: what is put and got, in all forms; their sizes; what they are when closed. And
 * the same handed from one process to the other.
 *
 * @module
 */
import { call, type Code, code, construct, type Given, text } from "../code.ts";
import type { Dice, Writer } from "../program.ts";

/** A queue, and what is known of it. */
class Known {
  readonly name: string;
  readonly kind: string;
  /** Items that it takes. */
  readonly room: number;
  items = 0;
  unfinished = 0;
  /** Whether anything was put by this process. */
  fed = false;
  closed = false;
  joined = false;

  constructor(name: string, kind: string, room: number) {
    this.name = name;
    this.kind = kind;
    this.room = room;
  }

  get full(): boolean {
    return this.items >= this.room;
  }

  /** A call of its method. */
  do(method: string, args: Given[] = [], keywords = {}): Code {
    return call(`${this.name}.${method}`, args, keywords);
  }

  /** The same; in Python after what was put has arrived in the pipe. */
  settled(method: string, args: Given[] = [], keywords = {}): Code {
    const { ts } = this.do(method, args, keywords);
    const { py } = call(`settled(${this.name}).${method}`, args, keywords);
    return this.items > 0 ? code(py, ts) : this.do(method, args, keywords);
  }
}

/** Writes a program about queues of one process. */
export function queues(writer: Writer, length: number): void {
  const { dice } = writer;
  let queue = made(writer);
  while (writer.steps.length < length) {
    if (dice.once(18)) {
      if (!queue.closed) close(writer, queue);
      queue = made(writer);
    }
    step(writer, queue);
  }
  if (!queue.closed) close(writer, queue);
}

function made(writer: Writer): Known {
  const { dice } = writer;
  const kind = dice.pick(["Queue", "Queue", "JoinableQueue", "SimpleQueue"]);
  if (kind === "SimpleQueue") {
    return new Known(writer.make("q", call("mp.SimpleQueue")), kind, 50);
  }
  const size = dice.pick([0, 1, 2, 3, -1]);
  const make = dice.one(
    () => call(`mp.${kind}`, [size]),
    () => call(`mp.${kind}`, [], { maxsize: size }),
    () => call(code(`mp.get_context("spawn").${kind}`), [size]),
  );
  return new Known(writer.make("q", make), kind, size > 0 ? size : 50);
}

function step(writer: Writer, queue: Known): void {
  const { dice } = writer;
  if (dice.once(9)) return writer.show(wrong(dice, queue));
  if (queue.closed) return writer.show(afterwards(dice, queue));
  if (queue.kind === "SimpleQueue") return simple(writer, queue);
  dice.one(
    () => put(writer, queue),
    () => put(writer, queue),
    () => get(writer, queue),
    () => get(writer, queue),
    () => writer.show(queue.do("qsize")),
    () => writer.show(queue.settled("empty")),
    () => writer.show(queue.do("full")),
    () => writer.show(text(queue.name)),
    () => joinable(writer, queue),
    () => dice.once(4) ? close(writer, queue) : put(writer, queue),
  );
}

function simple(writer: Writer, queue: Known): void {
  writer.dice.one(
    () => {
      if (queue.full) return;
      queue.items++;
      writer.show(queue.do("put", [writer.dice.value()]));
    },
    () => {
      if (queue.items === 0) return;
      queue.items--;
      writer.show(queue.do("get"));
    },
    () => writer.show(queue.do("empty")),
    () => writer.show(text(queue.name)),
    () => writer.dice.once(4) && close(writer, queue),
  );
}

function put(writer: Writer, queue: Known): void {
  const { dice } = writer;
  const value = dice.value();
  const quick: [string, Given[], Record<string, Given>][] = [
    ["put_nowait", [value], {}],
    ["put", [value, false], {}],
    ["put", [value], { block: false }],
    ["put", [value, false, 7], {}],
    ["put", [value, true, 0.01], {}],
    ["put", [value], { timeout: 0.01 }],
    ["put", [value, true, 0], {}],
    ["put", [value, true, -1], {}],
    ["put", [value], { block: true, timeout: 0.01 }],
  ];
  const patient: typeof quick = [
    ["put", [value], {}],
    ["put", [value, true], {}],
    ["put", [value], { timeout: 5 }],
    ["put", [value, true, null], {}],
    ["put", [value, 1], {}],
  ];
  writer.show(queue.do(...dice.pick(queue.full ? quick : [...quick, ...patient])));
  if (queue.full) return;
  queue.items++;
  queue.unfinished++;
  queue.fed = true;
}

function get(writer: Writer, queue: Known): void {
  const { dice } = writer;
  const quick: [string, Given[], Record<string, Given>][] = [
    ["get_nowait", [], {}],
    ["get", [false], {}],
    ["get", [], { block: false }],
    ["get", [false, 7], {}],
    ["get", [true, 0.01], {}],
    ["get", [], { timeout: 0.01 }],
    ["get", [true, 0], {}],
    ["get", [true, -1], {}],
  ];
  const patient: typeof quick = [
    ["get", [], {}],
    ["get", [true], {}],
    ["get", [], { timeout: 5 }],
    ["get", [true, null], {}],
    ["get", [1, 5], {}],
  ];
  const forms = queue.items > 0 ? [...quick, ...patient] : quick;
  writer.show(queue.settled(...dice.pick(forms)));
  if (queue.items > 0) queue.items--;
}

function joinable(writer: Writer, queue: Known): void {
  if (queue.kind !== "JoinableQueue") return;
  if (queue.unfinished === 0 && writer.dice.once(2)) {
    return writer.show(queue.do("join"));
  }
  writer.show(queue.do("task_done"));
  if (queue.unfinished > 0) queue.unfinished--;
}

function close(writer: Writer, queue: Known): void {
  const { dice } = writer;
  if (queue.kind !== "SimpleQueue" && dice.once(6)) {
    writer.show(queue.do("join_thread"));
  }
  writer.show(queue.do("close"));
  queue.closed = true;
}

/** What may be asked of a closed queue. */
function afterwards(dice: Dice, queue: Known): Code {
  if (queue.kind === "SimpleQueue") {
    return dice.one(
      () => queue.do("close"),
      () => queue.do("put", [1]),
      () => queue.do("get"),
      () => queue.do("empty"),
      () => text(queue.name),
    );
  }
  if (!queue.joined) {
    queue.joined = true;
    return queue.do("join_thread");
  }
  return dice.one(
    () => queue.do("close"),
    () => queue.do("join_thread"),
    () => queue.do("cancel_join_thread"),
    () => queue.do("put", [dice.value()]),
    () => queue.do("put_nowait", [1]),
    () => queue.do("put", [1, false]),
    () => queue.do("get"),
    () => queue.do("get_nowait"),
    () => queue.do("get", [true, 0.01]),
    () => queue.do("qsize"),
    () => queue.do("full"),
    () => queue.do("empty"),
    () => text(queue.name),
  );
}

/** A call that is wrong whatever the queue holds. */
function wrong(dice: Dice, queue: Known): Code {
  const { name, kind } = queue;
  if (kind === "SimpleQueue") {
    return dice.one(
      () => queue.do("put"),
      () => queue.do("get", [1]),
      () => queue.do("empty", [1]),
      () => queue.do("put", [1, 2]),
      () => queue.do("get", [], { timeout: 1 }),
      () => call("mp.SimpleQueue", [1]),
    );
  }
  return dice.one(
    () => queue.do("put"),
    () => queue.do("put_nowait"),
    () => queue.do("put_nowait", [1, 2]),
    () => queue.do("get_nowait", [true]),
    () => queue.do("put", [1, true, 1, 1]),
    () => queue.do("get", [true, 1, 1]),
    () => queue.do("get", [], { bogus: 1 }),
    () => queue.do("put", [1], { bogus: 1 }),
    () => queue.do("qsize", [1]),
    () => queue.do("empty", [1]),
    () => queue.do("full", [1]),
    () => queue.do("close", [1]),
    () => queue.do("join_thread", [1]),
    () => call(`mp.${kind}`, [1, 2]),
    () => call(`mp.${kind}`, ["x"]),
    () => call(`mp.${kind}`, [], { size: 3 }),
    () => call(`mp.${kind}`, [null]),
    () => call(`mp.${kind}`, [1.5]),
    () => queue.closed ? text(name) : queue.settled("get", [true, "x"]),
    () => kind === "JoinableQueue" ? queue.do("task_done", [1]) : text(name),
    () => construct("mp.Process", [], { args: 5 }),
  );
}

/** Writes a program in which processes hand values to each other. */
export function handOffs(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const kind = dice.pick(["Queue", "JoinableQueue", "SimpleQueue"]);
    const there = writer.make("q", call(`mp.${kind}`));
    const back = writer.make("q", call(`mp.${dice.pick(["Queue", "SimpleQueue"])}`));
    const sent = Array.from({ length: dice.from(1, 6) }, () => dice.value());
    const answers = Array.from({ length: dice.from(0, 6) }, () => dice.value());
    const process = writer.process(writer.body([there, back], (child) => {
      sent.forEach(() => {
        child.show(call(`${there}.get`));
        if (kind === "JoinableQueue") child.show(call(`${there}.task_done`));
      });
      child.show(text(there));
      for (const value of answers) child.show(call(`${back}.put`, [value]));
      if (kind !== "SimpleQueue") child.show(call(`${there}.qsize`));
      child.show(call(`${there}.empty`));
    }));
    for (const value of sent) {
      if (dice.once(3)) writer.show(call(`${there}.put`, [value]));
    }
    writer.show(call(`${process}.start`));
    // Those that are not put yet.
    const put = writer.steps.filter(({ code }) => code.py.startsWith(`${there}.put`));
    for (const value of sent.slice(put.length)) {
      writer.show(call(`${there}.put`, [value]));
    }
    if (kind === "JoinableQueue") writer.show(call(`${there}.join`));
    for (const _ of answers) writer.show(call(`${back}.get`));
    writer.show(
      call(`${process}.join`, [20]),
      code(`${process}.exitcode`),
      call(`${back}.empty`),
    );
    for (const queue of [there, back]) writer.show(call(`${queue}.close`));
  }
}
