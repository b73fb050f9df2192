/**
 * Shared memory: values and arrays with and without a lock, structures, segments and lists.
 *
 * @module
 */
import { assign, call, type Code, code, type Given, text } from "../code.ts";
import type { Dice, Writer } from "../program.ts";

const CODES = [..."cubBhHiIlLqQfd"];

/** Writes a program about values and arrays. */
export function ctypes(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const typecode = dice.pick(CODES);
    if (dice.once(3)) value(writer, typecode);
    else array(writer, typecode);
  }
}

/** A value for a typecode, mostly one that fits. */
function element(dice: Dice, typecode: string): Given {
  return dice.once(8) ? unfit(dice) : fit(dice, typecode);
}

function unfit(dice: Dice): Given {
  return dice.one<Given>(
    () => dice.pick(["", "x", "xy"]),
    () => null,
    () => 0.5,
    () => 10n ** 400n,
    () => [],
    () => Uint8Array.of(1, 2).slice(dice.below(3)),
  );
}

function fit(dice: Dice, typecode: string): Given {
  const big = (): Given =>
    (BigInt(dice.below(2 ** 30)) << BigInt(dice.below(40))) * dice.pick([1n, -1n]);
  if (typecode === "c") {
    return dice.pick<Given>([Uint8Array.of(dice.below(256)), dice.below(256)]);
  }
  if (typecode === "u") return dice.pick(["A", "z", "\u20ac", "\u{1f600}"]);
  if ("fd".includes(typecode)) {
    return dice.one<Given>(
      () => (dice.below(2 ** 30) - 2 ** 29 + 0.5) / 2 ** dice.below(60),
      () =>
        dice.pick([1e300, -1e-310, Infinity, -Infinity, NaN, 3.4028235677973366e38]),
      () => dice.from(-300, 300),
      big,
    );
  }
  return dice.one<Given>(
    () => dice.from(-300, 300),
    () => dice.from(-5, 70_000),
    big,
    () => dice.pick([true, false]),
  );
}

function value(writer: Writer, typecode: string): void {
  const { dice } = writer;
  const given = element(dice, typecode);
  const name = writer.make(
    "value",
    dice.one(
      () => call("mp.Value", [typecode, given]),
      () => call("mp.Value", [typecode]),
      () => call("mp.Value", [typecode, given], { lock: false }),
      () => call("mp.Value", [typecode, given], { lock: true }),
      () => call("mp.Value", [typecode, given], { lock: code("mp.Lock()") }),
      () => call("mp.RawValue", [typecode, given]),
    ),
  );
  const { py } = writer.steps.at(-1)!.code;
  const isLocked = !/Raw|False/.test(py);
  for (let n = dice.from(1, 8); n > 0; n--) {
    writer.show(dice.one(
      () => code(`${name}.value`),
      () => assign(name, "value", element(dice, typecode)),
      () => isLocked ? code(`${name}.value`) : copied(name, ".value"),
      () => isLocked ? call(`${name}.acquire`) : code(`${name}.value`),
      () => isLocked ? call(`${name}.release`) : code(`${name}.value`),
      () => isLocked ? call(`${name}.release`, [1]) : code(`${name}.value`),
      () => isLocked ? call(`${name}.get_lock`, [1]) : code(`${name}.value`),
      () => wrong(dice),
    ));
    // A plain lock is not taken twice.
    if (py.includes("mp.Lock") && writer.steps.at(-1)!.code.py.includes("acquire")) {
      writer.show(call(`${name}.release`));
    }
  }
}

/** What is in a copy of an object without a lock. */
function copied(name: string, part: string, there = part): Code {
  return code(
    `sharedctypes.copy(${name})${part}`,
    `sharedctypes.copy(${name})${there}`,
  );
}

function wrong(dice: Dice): Code {
  return dice.one(
    () => call("mp.Value"),
    () => call("mp.Value", ["z", 1]),
    () => call("mp.Value", [5]),
    () => call("mp.Value", ["i", 1], { lock: 5 }),
    () => call("mp.Value", ["i", 1, 2, 3]),
    () => call("mp.Array", ["i"]),
    () => call("mp.Array", ["i", -1]),
    () => call("mp.Array", ["i", "xy"]),
    () => call("mp.Array", ["i", null]),
    () => call("mp.Array", ["i", 2.5]),
    () => call("mp.Array", ["i", 1, 2, 3]),
    () => call("mp.Array", ["i", 3], { lock: "x" }),
    () => call("mp.RawArray", ["i", [1, "x"]]),
    () => call("mp.RawArray", ["i"]),
    () => call("mp.RawValue"),
  );
}

function array(writer: Writer, typecode: string): void {
  const { dice } = writer;
  const size = dice.below(7);
  const items = (length: number) => Array.from({ length }, () => fit(dice, typecode));
  const given: Given = dice.pick<Given>([size, items(size), items(size)]);
  const name = writer.make(
    "array",
    dice.one(
      () => call("mp.Array", [typecode, given]),
      () => call("mp.Array", [typecode, given], { lock: false }),
      () => call("mp.RawArray", [typecode, given]),
    ),
  );
  const bound = () => dice.pick<Given>([null, dice.from(-4, 7)]);
  const part = (step: Given) =>
    call(code("slice", "sharedctypes.slice"), [bound(), bound(), step]);
  const isRaw = !writer.steps.at(-1)!.code.py.includes("mp.Array") ||
    writer.steps.at(-1)!.code.py.includes("False");
  const whole = code(`${name}[:]`, `${name}.slice()`);
  const steps = [
    () => call(`${name}.__getitem__`, [dice.from(-7, 7)]),
    () => call(`${name}.__getitem__`, [part(dice.pick<Given>([null, 1, 2, 3, -1, 0]))]),
    () => call(`${name}.__getitem__`, [part(dice.pick<Given>([null, -2]))]),
    () => call(`${name}.__setitem__`, [dice.from(-7, 7), element(dice, typecode)]),
    () => code(`len(${name})`, `${name}.length`),
    () => call(`${name}.__getitem__`, [dice.pick<Given>(["x", null, 1.5])]),
    () => call(`${name}.__setitem__`, [dice.pick<Given>(["x", null]), 1]),
    () =>
      call(`${name}.__setitem__`, [
        part(dice.pick<Given>([null, 1, 2, -1, 0])),
        Array.from({ length: dice.below(6) }, () => element(dice, typecode)),
      ]),
    () =>
      call(`${name}.__setitem__`, [
        call(code("slice", "sharedctypes.slice"), [null, null, dice.pick([null, -1])]),
        items(size),
      ]),
    () => call(`${name}.__setitem__`, [part(null), unfit(dice)]),
    () => isRaw ? copied(name, "[:]", ".slice()") : whole,
    () => wrong(dice),
    () => whole,
  ];
  const bytes = () => Uint8Array.from({ length: dice.below(9) }, () => dice.below(256));
  if (typecode === "c") {
    steps.push(
      () => code(`${name}.value`),
      () => code(`${name}.raw`),
      () => assign(name, "value", dice.pick<Given>([bytes(), unfit(dice)])),
      () => assign(name, "raw", dice.pick<Given>([bytes(), unfit(dice)])),
    );
  } else if (typecode === "u" && isRaw) {
    steps.push(
      () => code(`${name}.value`),
      () => assign(name, "value", dice.pick<Given>(["a\u20ac", "", "abcdefghi", null])),
    );
  }
  for (let n = dice.from(2, 12); n > 0; n--) writer.show(dice.pick(steps)());
}

/** Writes a program about segments of memory, and lists in them. */
export function segments(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    if (dice.once(3)) segment(writer);
    else shareable(writer);
  }
}

function segment(writer: Writer): void {
  const { dice } = writer;
  const size = dice.from(1, 40);
  const made = call("shared_memory.SharedMemory", [], { create: true, size });
  const name = writer.make("shm", made);
  const other = writer.make(
    "shm",
    code(
      `shared_memory.SharedMemory(${name}.name)`,
      `shared_memory.SharedMemory(${name}.name)`,
    ),
  );
  for (let n = dice.from(2, 8); n > 0; n--) {
    const at = dice.below(size);
    const byte = dice.below(256);
    const one = dice.pick([name, other]);
    writer.show(dice.one(
      () =>
        code(
          `${one}.buf.__setitem__(${at}, ${byte})`,
          `void (${one}.buf[${at}] = ${byte})`,
        ),
      () => code(`${one}.buf[${at}]`),
      () =>
        code(
          `bytes(${one}.buf[0:${at}])`,
          `Uint8Array.from(${one}.buf.slice(0, ${at}))`,
        ),
      () => code(`${one}.size == ${size}`, `${one}.size === ${size}`),
      () => code(`len(${one}.name)`, `${one}.name.length`),
      () => text(one),
      () => call(`${one}.close`, [1]),
      () => call("shared_memory.SharedMemory"),
      () => call("shared_memory.SharedMemory", ["psm_none_of_this_name"]),
      () => call("shared_memory.SharedMemory", [], { create: true }),
      () => call("shared_memory.SharedMemory", [], { create: true, size: 0 }),
      () => call("shared_memory.SharedMemory", [], { create: true, size: -1 }),
      () => call("shared_memory.SharedMemory", [null, false, 10]),
      () => call("shared_memory.SharedMemory", [], { bogus: 1 }),
      () =>
        code(
          `shared_memory.SharedMemory(${name}.name, True, 5)`,
          `shared_memory.SharedMemory(${name}.name, true, 5)`,
        ),
    ));
  }
  writer.show(call(`${other}.close`), call(`${other}.close`));
  writer.show(call(`${name}.close`), code(`${name}.buf`), call(`${name}.unlink`));
  if (dice.once(2)) writer.show(call(`${name}.unlink`));
}

function shareable(writer: Writer): void {
  const { dice } = writer;
  const one = (): Given =>
    dice.one<Given>(
      () => dice.pick([0, 1, -1, dice.from(-100, 100)]),
      () => dice.pick([0.5, -2.25]),
      () => dice.pick([true, false, null]),
      () => dice.pick(["", "abc", "é", "twelve bytes", "x".repeat(9)]),
      () => Uint8Array.from({ length: dice.below(10) }, () => dice.from(1, 255)),
    );
  const size = dice.below(6);
  const items = Array.from({ length: size }, one);
  const name = writer.make("list", call("shared_memory.ShareableList", [items]));
  const index = () => dice.from(0, size);
  for (let n = dice.from(2, 10); n > 0; n--) {
    writer.show(dice.one(
      () => call(`${name}.__getitem__`, [index()]),
      () => call(`${name}.__setitem__`, [index(), one()]),
      () => code(`len(${name})`, `${name}.length`),
      () => code(`list(${name})`, `[...${name}]`),
      () => call(`${name}.count`, [dice.pick([...items, one()])]),
      () => call(`${name}.index`, [dice.pick([...items, one()])]),
      () => call(`${name}.count`, [dice.pick<Given>([0, 1, true, false])]),
      () => code(`${name}.format`),
      () => call(`${name}.__setitem__`, [index(), "longer than it was before"]),
      () => call(`${name}.__getitem__`, ["x"]),
      () => call(`${name}.__setitem__`, [index(), [1]]),
      () => call(`${name}.count`),
      () => call(`${name}.index`, [1, 2]),
      () => call("shared_memory.ShareableList", [5]),
      () => call("shared_memory.ShareableList", [[[1]]]),
      () => call("shared_memory.ShareableList", [[1]], { bogus: 1 }),
      () => text(name),
    ));
  }
  writer.show(call(`${name}.shm.close`), call(`${name}.shm.unlink`));
}
