/**
 * Pools of processes and of threads: every way to submit, with chunk sizes, callbacks and
 * errors; results that are waited for; what a pool that is closed or terminated says.
 *
 * @module
 */
import { call, type Code, code, type Given, text } from "../code.ts";
import type { Dice, Writer } from "../program.ts";

const SQUARE = code("work.square");
const ADD = code("work.add");
const FAIL = code("work.fail");
const ODD = code("work.fail_on_odd");
const ECHO = code("work.echo");

/** Writes a program about pools of processes. */
export function pools(writer: Writer, length: number): void {
  poolsOf(writer, length, "mp.Pool");
}

/** The same about pools of threads. */
export function threadPools(writer: Writer, length: number): void {
  poolsOf(writer, length, "pool.ThreadPool");
}

function poolsOf(writer: Writer, length: number, maker: string): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const pool = made(writer, maker);
    for (let n = dice.from(12, 30); n > 0; n--) step(writer, pool);
    end(writer, pool);
  }
}

function made(writer: Writer, maker: string): string {
  const { dice } = writer;
  const initializer = code("work.remember");
  const value = dice.value(1);
  const forms = [
    () => call(maker, [1]),
    () => call(maker, [2]),
    () => call(maker, [], { processes: 2 }),
    () => call(maker, [1, initializer, [value]]),
    () => call(maker, [], { processes: 2, initializer, initargs: [value] }),
  ];
  if (maker === "mp.Pool") {
    forms.push(() => call(maker, [2], { maxtasksperchild: 2 }));
  }
  return writer.make("pool", dice.pick(forms)());
}

function step(writer: Writer, pool: string): void {
  const { dice } = writer;
  dice.one(
    () => writer.show(applied(dice, pool)),
    () => writer.show(mapped(dice, pool)),
    () => writer.show(mapped(dice, pool)),
    () => writer.show(iterated(dice, pool)),
    () => iterator(writer, pool),
    () => result(writer, pool),
    () => result(writer, pool),
    () => called(writer, pool),
    () => writer.show(wrong(dice, pool)),
    () => writer.show(failed(dice, pool)),
    () => writer.show(text(pool)),
  );
}

function numbers(dice: Dice): number[] {
  return Array.from({ length: dice.below(9) }, () => dice.from(-9, 9));
}

/** Numbers, of which one may be odd: which error comes first is left open otherwise. */
function mostlyEven(dice: Dice): number[] {
  const all = Array.from({ length: dice.from(1, 8) }, () => dice.from(0, 9) * 2);
  if (dice.once(2)) all[dice.below(all.length)]! += 1;
  return all;
}

function chunks(dice: Dice): Given[] {
  return dice.pick<Given[]>([[], [1], [2], [3], [100], [null]]);
}

function applied(dice: Dice, pool: string): Code {
  const apply = (args: Given[], keywords = {}) => call(`${pool}.apply`, args, keywords);
  return dice.one(
    () => apply([SQUARE, [dice.from(-5, 5)]]),
    () => apply([ADD, [1, dice.from(1, 5)]]),
    () => apply([ADD, [1], new Map([["b", 5]])]),
    () => apply([ADD], { args: [2, 3, 4] }),
    () => apply([ADD], { args: [2], kwds: new Map([["c", 4]]) }),
    () => apply([ECHO, [dice.value()]]),
    () => apply([ECHO]),
    () => apply([code("work.nothing")]),
    () => apply([code("work.recall")]),
    () => apply([FAIL, ["text"]]),
    () => apply([FAIL, ["text", dice.pick(["KeyError", "TypeError", "OSError"])]]),
  );
}

function mapped(dice: Dice, pool: string): Code {
  const pairs = numbers(dice).map((n): Given => [n, n + 1]);
  return dice.one(
    () => call(`${pool}.map`, [SQUARE, numbers(dice), ...chunks(dice)]),
    () => call(`${pool}.map`, [SQUARE, numbers(dice)], { chunksize: 2 }),
    () => call(`${pool}.map`, [ECHO, dice.values(6), ...chunks(dice)]),
    () => call(`${pool}.map`, [ODD, mostlyEven(dice), ...chunks(dice)]),
    () => call(`${pool}.map`, [code("work.recall"), numbers(dice)]),
    () => call(`${pool}.map`, [ECHO, "text"]),
    () => call(`${pool}.map`, [ECHO, new Map([["x", 1], ["y", 2]])]),
    () => call(`${pool}.map`, [ECHO, code("range(5)", "[0, 1, 2, 3, 4].values()")]),
    () => call(`${pool}.starmap`, [ADD, pairs, ...chunks(dice)]),
    () => call(`${pool}.starmap`, [ADD, pairs], { chunksize: 3 }),
    () => call(`${pool}.starmap`, [ADD, [[1], [2, 3], [4, 5, 6]]]),
  );
}

function iterated(dice: Dice, pool: string): Code {
  const name = dice.pick(["imap", "imap_unordered"]);
  const size = dice.pick<Given[]>([[], [1], [2], [50]]);
  const made = dice.one(
    () => call(`${pool}.${name}`, [SQUARE, numbers(dice), ...size]),
    () => call(`${pool}.${name}`, [ECHO, numbers(dice), ...size]),
    () => call(`${pool}.${name}`, [SQUARE, numbers(dice)], { chunksize: 3 }),
    () => call(`${pool}.imap`, [ODD, mostlyEven(dice), ...size]),
  );
  const isSorted = made.py.includes("unordered");
  return code(
    isSorted ? `sorted(list(${made.py}))` : `list(${made.py})`,
    isSorted
      ? `listed(${made.ts}).then((all) => all.sort((a, b) => a - b))`
      : `listed(${made.ts})`,
  );
}

function iterator(writer: Writer, pool: string): void {
  const { dice } = writer;
  const given = mostlyEven(dice);
  const args: Given[] = [dice.pick([ODD, SQUARE]), given];
  // With chunks, CPython's is a generator and no IMapIterator.
  const isChunked = dice.once(3);
  if (isChunked) args.push(2);
  else if (dice.once(2)) args.push(1);
  const made = writer.make("iter", call(`${pool}.imap`, args));
  for (let n = given.length + dice.below(2); n > 0; n--) {
    if (isChunked) writer.show(code(`next(${made})`, `${made}.next()`));
    else {writer.show(dice.one(
        () => code(`next(${made})`, `${made}.next()`),
        () => call(`${made}.next`),
        () => call(`${made}.next`, [20]),
        () => call(`${made}.next`, [], { timeout: 20 }),
      ));}
  }
  if (!isChunked) writer.show(text(made));
}

function submitted(dice: Dice, pool: string): Code {
  return dice.one(
    () => call(`${pool}.apply_async`, [SQUARE, [dice.from(-5, 5)]]),
    () => call(`${pool}.apply_async`, [ADD], { args: [1], kwds: new Map([["b", 2]]) }),
    () => call(`${pool}.apply_async`, [FAIL, ["text"]]),
    () => call(`${pool}.map_async`, [SQUARE, numbers(dice), ...chunks(dice)]),
    () => call(`${pool}.map_async`, [ODD, mostlyEven(dice), ...chunks(dice)]),
    () => call(`${pool}.starmap_async`, [ADD, [[1, 2], [3, 4]], ...chunks(dice)]),
  );
}

function result(writer: Writer, pool: string): void {
  const { dice } = writer;
  const made = writer.make("result", submitted(dice, pool));
  if (dice.once(2)) writer.show(call(`${made}.wait`, dice.pick([[], [20]])));
  else writer.show(call(`${made}.get`, dice.pick([[], [20]])));
  for (let n = dice.from(1, 4); n > 0; n--) {
    writer.show(dice.one(
      () => call(`${made}.ready`),
      () => call(`${made}.successful`),
      () => call(`${made}.get`),
      () => call(`${made}.get`, [], { timeout: 20 }),
      () => call(`${made}.get`, [0]),
      () => call(`${made}.wait`, [0]),
      () => text(made),
      () => call(`${made}.get`, [1, 2]),
      () => call(`${made}.ready`, [1]),
      () => call(`${made}.wait`, [], { bogus: 1 }),
    ));
  }
}

/** With callbacks. */
function called(writer: Writer, pool: string): void {
  const { dice } = writer;
  const calls = writer.make("calls", code("[]"));
  const append = code(`${calls}.append`, `(value) => void ${calls}.push(value)`);
  const keywords = dice.pick<Record<string, Given>>([
    { callback: append },
    { error_callback: append },
    { callback: append, error_callback: append },
  ]);
  const made = writer.make(
    "result",
    dice.one(
      () => call(`${pool}.apply_async`, [SQUARE, [3]], keywords),
      () => call(`${pool}.apply_async`, [FAIL, ["text"]], keywords),
      () => call(`${pool}.map_async`, [ODD, mostlyEven(dice)], keywords),
      () => call(`${pool}.starmap_async`, [ADD, [[1, 2]]], keywords),
    ),
  );
  writer.show(call(`${made}.wait`, [20]), code(calls));
}

/** What an error is made of. */
function failed(dice: Dice, pool: string): Code {
  const made = dice.one(
    () => call(`${pool}.apply`, [FAIL, ["text"]]),
    () => call(`${pool}.map`, [ODD, [2, 3, 4]]),
    () => call(`${pool}.apply`, [FAIL, ["text", "KeyError"]]),
  );
  return code(`caught(lambda: ${made.py})`, `caught(() => ${made.ts})`);
}

function wrong(dice: Dice, pool: string): Code {
  return dice.one(
    () => call(`${pool}.map`, [SQUARE]),
    () => call(`${pool}.map`, [SQUARE, 5]),
    () => call(`${pool}.map`, [SQUARE, null]),
    () => call(`${pool}.map`, [SQUARE, [1], 1, 1]),
    () => call(`${pool}.map`, [SQUARE, [1]], { bogus: 1 }),
    () => call(`${pool}.starmap`, [ADD, [1]]),
    () => call(`${pool}.starmap`, [ADD, 5]),
    () =>
      code(
        `list(${pool}.imap(work.square, 5))`,
        `listed(${pool}.imap(work.square, 5))`,
      ),
    () => call(`${pool}.imap`, [SQUARE, [1], 0]),
    () => call(`${pool}.map`, [SQUARE, [1, 2], dice.pick([0, -1])]),
    () => call(`${pool}.apply`, [5]),
    () => call(`${pool}.apply`),
    () => call(`${pool}.apply_async`),
    () => call(`${pool}.join`),
    () => call(`${pool}.join`, [1]),
    () => call(`${pool}.close`, [1]),
    () => call(`${pool}.terminate`, [1]),
    () => call("mp.Pool", [0]),
    () => call("mp.Pool", [-1]),
    () => call("mp.Pool", ["x"]),
    () => call("mp.Pool", [1.5]),
    () => call("mp.Pool", [1, 5]),
    () => call("mp.Pool", [], { maxtasksperchild: 0 }),
    () => call("mp.Pool", [], { maxtasksperchild: "x" }),
    () => call("mp.Pool", [], { bogus: 1 }),
    () => call("pool.ThreadPool", [0]),
    () => call("pool.ThreadPool", [], { maxtasksperchild: 1 }),
    () => call("pool.ThreadPool", [1, 5]),
  );
}

function end(writer: Writer, pool: string): void {
  const { dice } = writer;
  const waiting = writer.make("result", call(`${pool}.apply_async`, [SQUARE, [9]]));
  const way = dice.pick(["close", "close", "terminate", "__exit__"]);
  if (way !== "close") writer.show(call(`${waiting}.get`, [20]));
  writer.show(
    way === "__exit__"
      ? code(`${pool}.__exit__(None, None, None)`, `${pool}.__exit__()`)
      : call(`${pool}.${way}`),
  );
  for (let n = dice.from(1, 5); n > 0; n--) {
    writer.show(dice.one(
      () => call(`${pool}.apply`, [SQUARE, [1]]),
      () => call(`${pool}.map`, [SQUARE, [1]]),
      () => call(`${pool}.apply_async`, [SQUARE, [1]]),
      () => call(`${pool}.imap`, [SQUARE, [1]]),
      () => call(`${pool}.imap_unordered`, [SQUARE, [1]]),
      () => call(`${pool}.starmap`, [ADD, [[1, 1]]]),
      () => call(`${pool}.close`),
      () => code(`${pool}.__enter__()`),
    ));
  }
  if (way === "close" && dice.once(3)) writer.show(call(`${pool}.terminate`));
  else writer.show(call(`${waiting}.get`, [20]));
  writer.show(call(`${pool}.join`), text(pool), call(`${pool}.join`));
}
