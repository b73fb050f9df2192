/**
 * Locks of one process, and who holds them when a child looks: all forms of `acquire`,
 * releases that are wrong, texts.
 *
 * @module
 */
import { call, type Code, code, type Given, sequence, text } from "../code.ts";
import type { Dice, Writer } from "../program.ts";

/** A lock, and what is known of it. */
interface Known {
  name: string;
  kind: string;
  /** How often it is held; for semaphores, how many are left. */
  held: number;
  /** The most that a BoundedSemaphore has; of a condition, whether its lock is an RLock. */
  most: number;
}

/** Writes a program about locks of one process. */
export function locks(writer: Writer, length: number): void {
  const { dice } = writer;
  const known = Array.from({ length: 4 }, () => made(writer));
  while (writer.steps.length < length) {
    if (dice.once(25)) known[dice.below(4)] = made(writer);
    step(writer, dice.pick(known));
  }
}

function made(writer: Writer): Known {
  const { dice } = writer;
  const kind = dice.pick([
    ...["Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event"],
    "Barrier",
  ]);
  const count = dice.below(4);
  const module = dice.pick(["mp", "mp", "mp.get_context()"]);
  const of = (args: Given[], keywords = {}) =>
    writer.make("lock", call(`${module}.${kind}`, args, keywords));
  switch (kind) {
    case "Semaphore":
    case "BoundedSemaphore": {
      const name = dice.one(
        () => of([count]),
        () => of([], { value: count }),
      );
      return { name, kind, held: count, most: count };
    }
    case "Condition": {
      const lock = dice.pick(["", "mp.Lock()", "mp.RLock()"]);
      const name = of(lock === "" ? [] : [code(lock)]);
      return { name, kind, held: 0, most: lock === "mp.Lock()" ? 1 : 2 };
    }
    case "Barrier": {
      const name = dice.one(
        () => of([1]),
        () => of([1, code("(lambda: None)", "(() => null)")]),
        () => of([1, null, 5]),
        () => of([1], { timeout: 3 }),
      );
      return { name, kind, held: 1, most: 1 };
    }
    default:
      return { name: of([]), kind, held: 0, most: 1 };
  }
}

function step(writer: Writer, lock: Known): void {
  const { dice } = writer;
  if (dice.once(8)) return writer.show(text(lock.name));
  if (dice.once(12)) return writer.show(wrong(dice, lock));
  switch (lock.kind) {
    case "Event":
      return event(writer, lock);
    case "Barrier":
      return barrier(writer, lock);
    case "Condition":
      if (dice.once(2)) return condition(writer, lock);
  }
  if (dice.once(2)) release(writer, lock);
  else acquire(writer, lock);
}

/** Whether a call of `acquire` would wait. */
function waits({ kind, held, most }: Known): boolean {
  if (kind.endsWith("Semaphore")) return held === 0;
  return held > 0 && (kind === "Lock" || kind === "Condition" && most === 1);
}

function acquire(writer: Writer, lock: Known): void {
  const { dice } = writer;
  const acquire = (args: Given[], keywords = {}) =>
    call(`${lock.name}.acquire`, args, keywords);
  const forms = [
    () => acquire([false]),
    () => acquire([], { block: false }),
    () => acquire([true, 0.01]),
    () => acquire([], { timeout: 0.01 }),
    () => acquire([true, 0]),
    () => acquire([true, -1]),
    () => acquire([false, 5]),
    () => acquire([], { block: true, timeout: 0.01 }),
    () => acquire([0]),
  ];
  if (!waits(lock)) {
    forms.push(
      () => acquire([]),
      () => acquire([true]),
      () => acquire([true, null]),
      () => acquire([], { timeout: 5 }),
    );
    if (lock.kind !== "Condition") {
      forms.push(() => code(`${lock.name}.__enter__()`, `entered(${lock.name})`));
    }
  }
  const form = dice.pick(forms)();
  writer.show(form.ts.startsWith("entered") ? entered(lock.name) : form);
  if (!waits(lock)) lock.held += lock.kind.endsWith("Semaphore") ? -1 : 1;
}

/** `__enter__` gives what ends a block here, which is not shown. */
function entered(name: string): Code {
  return code(`${name}.__enter__()`, `${name}.__enter__().then(() => true)`);
}

function release(writer: Writer, lock: Known): void {
  const { dice } = writer;
  writer.show(
    dice.one(
      () => call(`${lock.name}.release`),
      () => code(`${lock.name}.__exit__(None, None, None)`, `${lock.name}.__exit__()`),
    ),
  );
  if (lock.kind === "Semaphore") lock.held++;
  else if (lock.kind === "BoundedSemaphore") {
    lock.held = Math.min(lock.held + 1, lock.most);
  } else if (lock.held > 0) lock.held--;
}

function condition(writer: Writer, lock: Known): void {
  const { dice } = writer;
  const { name } = lock;
  writer.show(
    dice.one(
      () => call(`${name}.notify`),
      () => call(`${name}.notify`, [dice.from(0, 3)]),
      () => call(`${name}.notify`, [], { n: 2 }),
      () => call(`${name}.notify_all`),
      () => call(`${name}.wait`, [0.01]),
      () => call(`${name}.wait`, [], { timeout: 0 }),
      () => call(`${name}.wait_for`, [code("(lambda: 5)", "(() => 5)")]),
      () => call(`${name}.wait_for`, [code("(lambda: 0)", "(() => 0)"), 0.01]),
      () =>
        call(`${name}.wait_for`, [code("(lambda: False)", "(() => false)")], {
          timeout: 0,
        }),
    ),
  );
}

function event(writer: Writer, lock: Known): void {
  const { dice } = writer;
  const { name } = lock;
  dice.one(
    () => {
      lock.held = 1;
      writer.show(call(`${name}.set`));
    },
    () => {
      lock.held = 0;
      writer.show(call(`${name}.clear`));
    },
    () => writer.show(call(`${name}.is_set`)),
    () => writer.show(call(`${name}.wait`, [0.01])),
    () => writer.show(call(`${name}.wait`, [], { timeout: 0 })),
    () => lock.held > 0 && writer.show(call(`${name}.wait`)),
  );
}

/** A barrier of one: nobody has to wait. */
function barrier(writer: Writer, lock: Known): void {
  const { dice } = writer;
  const { name } = lock;
  writer.show(
    dice.one(
      () => call(`${name}.wait`),
      () => call(`${name}.wait`, [5]),
      () => call(`${name}.wait`, [], { timeout: 5 }),
      () => code(`${name}.n_waiting`),
      () => code(`${name}.parties`),
      () => code(`${name}.broken`),
      () => call(`${name}.reset`),
      () => dice.once(3) ? call(`${name}.abort`) : call(`${name}.reset`),
    ),
  );
}

function wrong(dice: Dice, { name, kind, held, most }: Known): Code {
  const free = !waits({ name, kind, held, most });
  const of: Record<string, (() => Code)[]> = {
    Event: [
      () => call(`${name}.set`, [1]),
      () => call(`${name}.clear`, [1]),
      () => call(`${name}.is_set`, [1]),
      () => call(`${name}.wait`, [1, 2]),
      () => call(`${name}.wait`, [], { bogus: 1 }),
      () => call(`mp.Event`, [1]),
    ],
    Barrier: [
      () => call(`${name}.wait`, [1, 2]),
      () => call(`${name}.reset`, [1]),
      () => call(`${name}.abort`, [1]),
      () => call(`mp.Barrier`),
      () => call(`mp.Barrier`, [dice.pick([0, -1])]),
      () => call(`mp.Barrier`, [1, null, null, 4]),
      () => call(`mp.Barrier`, [2], { bogus: 1 }),
    ],
    Condition: [
      () => call(`${name}.notify`, [1, 2]),
      () => call(`${name}.notify_all`, [1]),
      () => call(`${name}.wait`, [1, 2]),
      () => call(`${name}.wait_for`),
      () => call(`${name}.wait`, [], { bogus: 1 }),
      () => call(`mp.Condition`, [1, 2]),
    ],
    any: [
      () => call(`${name}.acquire`, [1, 2, 3]),
      () => call(`${name}.acquire`, [], { blocking: false }),
      () => call(`${name}.release`, [1]),
      () => call(`mp.${kind}`, [1, 2]),
      () => call(`mp.${kind}`, [], { bogus: 1 }),
      () =>
        kind.includes("Semaphore") && !free
          ? call(`${name}.acquire`, [true, "x"])
          : text(name),
      () => kind.includes("Semaphore") ? call(`mp.${kind}`, ["x"]) : text(name),
      () => kind.includes("Semaphore") ? call(`mp.${kind}`, [-1]) : text(name),
      () => kind.includes("Semaphore") ? call(`mp.${kind}`, [null]) : text(name),
      () => kind.includes("Semaphore") ? call(`${name}.get_value`, [1]) : text(name),
      () => kind.includes("Semaphore") ? call(`${name}.get_value`) : text(name),
    ],
  };
  return dice.pick(of[kind] ?? of["any"]!)();
}

/** Writes a program in which a child finds locks as its parent has left them. */
export function lockHandOffs(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const kind = dice.pick(["Lock", "RLock", "Semaphore", "BoundedSemaphore"]);
    const args = kind.includes("Semaphore") ? [dice.from(1, 2)] : [];
    const lock = writer.make("lock", call(`mp.${kind}`, args));
    const event = writer.make("event", call("mp.Event"));
    const condition = writer.make("cond", call("mp.Condition"));
    const held = dice.once(2);
    if (held) writer.show(call(`${lock}.acquire`));
    if (dice.once(2)) writer.show(call(`${event}.set`));
    const process = writer.process(
      writer.body([lock, event, condition], (child) => {
        child.show(call(`${lock}.acquire`, [false]));
        if (!kind.includes("Semaphore") && held) child.show(call(`${lock}.release`));
        child.show(call(`${event}.is_set`), call(`${event}.wait`, [0]));
        child.show(dice.pick([call(`${event}.clear`), call(`${event}.set`)]));
        child.show(call(`${condition}.notify`));
        child.show(sequence(
          call(`${condition}.acquire`),
          call(`${condition}.notify_all`),
          call(`${condition}.release`),
        ));
      }),
    );
    writer.show(
      call(`${process}.start`),
      call(`${process}.join`, [20]),
      code(`${process}.exitcode`),
      call(`${event}.is_set`),
    );
    if (kind === "Lock" && held) writer.show(call(`${lock}.acquire`, [false]));
    // Two that meet, and take turns.
    const barrier = writer.make("barrier", call("mp.Barrier", [2]));
    const turn = writer.make("sem", call("mp.Semaphore", [0]));
    const other = writer.make("sem", call("mp.Semaphore", [0]));
    const value = writer.make("value", call("mp.Value", ["i", 0]));
    const rounds = dice.from(1, 4);
    const breaks = dice.once(3);
    const partner = writer.process(
      writer.body([barrier, turn, other, value], (child) => {
        child.show(meet(barrier));
        for (let i = 0; i < rounds; i++) {
          child.show(
            call(`${turn}.acquire`, [true, 20]),
            code(`${value}.value`),
            call(`${other}.release`),
          );
        }
        child.show(breaks ? call(`${barrier}.abort`) : meet(barrier));
      }),
    );
    writer.show(call(`${partner}.start`), meet(barrier));
    for (let i = 0; i < rounds; i++) {
      writer.show(
        sequence(
          code(
            `setattr(${value}, 'value', ${i * 7})`,
            `void (${value}.value = ${i * 7})`,
          ),
          call(`${turn}.release`),
          call(`${other}.acquire`, [true, 20]),
        ),
      );
    }
    writer.show(
      meet(barrier),
      code(`${barrier}.broken`),
      call(`${partner}.join`, [20]),
      code(`${partner}.exitcode`),
      call(`${turn}.get_value`),
    );
  }
}

/** To wait at a barrier; who comes first is left open. */
function meet(barrier: string): Code {
  return code(
    `${barrier}.wait(20) in (0, 1)`,
    `${barrier}.wait(20).then((place) => place === 0 || place === 1)`,
  );
}
