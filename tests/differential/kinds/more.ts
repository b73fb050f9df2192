/**
 * Classes of the program's own, managers of its own, listeners and clients, what is waited
 * for together, structures, and pools and locks of children.
 *
 * @module
 */
import {
  assign,
  call,
  type Code,
  code,
  construct,
  type Given,
  raised,
  text,
} from "../code.ts";
import type { Dice, Writer } from "../program.ts";

/** Writes a program about a manager with types of its own. */
export function ownManagers(writer: Writer, length: number): void {
  const { dice } = writer;
  const manager = writer.make("manager", construct("classes.Own"));
  writer.show(...states(dice, manager));
  writer.show(call(`${manager}.start`), ...states(dice, manager));
  const boxes: string[] = [];
  const kinds = new Map<string, string>();
  while (writer.steps.length < length) {
    if (boxes.length < 2 || dice.once(15)) {
      const name = dice.pick(["Box", "Box", "Half", "Boxes"]);
      const args = dice.pick<Given[]>([[], [dice.from(0, 9)]]);
      const box = writer.make("box", call(`${manager}.${name}`, args));
      boxes.push(box);
      kinds.set(box, name);
    }
    const box = dice.pick(boxes);
    writer.show(boxed(dice, box, kinds.get(box)!));
    if (dice.once(12)) writer.show(wrongOwn(dice, manager));
  }
  const process = writer.process(
    writer.body(boxes.slice(0, 2), (child) => {
      for (let n = dice.from(1, 6); n > 0; n--) {
        const box = dice.pick(boxes.slice(0, 2));
        child.show(boxed(dice, box, kinds.get(box)!));
      }
    }),
  );
  writer.show(
    call(`${process}.start`),
    call(`${process}.join`, [20]),
    code(`${process}.exitcode`),
    call(`${boxes[0]}.get`),
    call(`${manager}.shutdown`),
    ...states(dice, manager),
    call(`${manager}.shutdown`),
  );
}

/** What depends on whether it was started. */
function states(dice: Dice, manager: string): Code[] {
  return Array.from({ length: dice.from(1, 3) }, () =>
    dice.one(
      () => call(`${manager}.get_server`),
      () => call(`${manager}.start`, [1, 2, 3]),
      () => call(`${manager}.connect`, [1]),
      () => call(`${manager}.start`, [5]),
    ));
}

function boxed(dice: Dice, box: string, kind: string): Code {
  if (kind !== "Half" && dice.once(2)) {
    return dice.one(
      () => call(`${box}.set`, [dice.value()]),
      () => call(`${box}.set`, [dice.from(0, 9)]),
      () => call(`${box}.fail`, ["on purpose"]),
      () => kind === "Box" ? call(`${box}.same`, [dice.value()]) : call(`${box}.get`),
    );
  }
  return dice.one(
    () => call(`${box}.get`),
    () => call(`${box}._callmethod`, ["get"]),
    // The traceback that the server sends has CPython's own functions in it.
    () => raised(call(`${box}._callmethod`, ["bogus"])),
    () => raised(call(`${box}._callmethod`, ["_hidden"])),
    () => raised(call(`${box}._callmethod`, ["set", [dice.from(0, 9)]])),
    () => call(`${box}._callmethod`, ["get", [], new Map()]),
    () => code(`repr(${box})`, `${box}.__repr__()`),
  );
}

function wrongOwn(dice: Dice, manager: string): Code {
  return dice.one(
    () => call(`${manager}.start`),
    () => call(`${manager}.get_server`),
    () => call(`${manager}.join`, [1, 2]),
    () => construct("classes.Own", [], { bogus: 1 }),
    () => construct("classes.Own", [], { serializer: "bogus" }),
    () => construct("managers.BaseManager", [5]),
  );
}

/** Writes a program about listeners and clients. */
export function listeners(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const key = dice.pick<Given>([null, Uint8Array.of(1, 2, 3)]);
    const other = key !== null && dice.once(3) ? Uint8Array.of(9) : key;
    const family = dice.pick(["AF_UNIX", "AF_INET"]);
    const listener = writer.make(
      "listener",
      call("connection.Listener", [], { family, authkey: key }),
    );
    writer.show(
      code(`${listener}.last_accepted`),
      family === "AF_INET"
        ? code(`${listener}.address[0]`)
        : code(`len(${listener}.address) > 5`, `${listener}.address.length > 5`),
    );
    const address = writer.make("address", code(`${listener}.address`));
    const values = dice.values(5);
    const fits = other === key;
    const process = writer.process(writer.body([address], (child) => {
      const conn = child.make(
        "conn",
        call("connection.Client", [code(address)], { authkey: other }),
      );
      for (const value of values) {
        child.show(call(`${conn}.send`, [value]), call(`${conn}.recv`));
      }
      child.show(call(`${conn}.recv`), call(`${conn}.close`));
    }));
    writer.show(call(`${process}.start`));
    if (fits) {
      const conn = writer.make("conn", call(`${listener}.accept`));
      for (const _ of values) {
        writer.show(
          call(`${conn}.recv`),
          call(`${conn}.send`, [dice.value()]),
        );
      }
      writer.show(
        code(`${conn}.readable`),
        code(`${conn}.closed`),
        call(`${conn}.close`),
      );
    } else writer.show(call(`${listener}.accept`));
    writer.show(
      call(`${process}.join`, [20]),
      call(`${listener}.close`),
      call(`${listener}.accept`),
      call(`${listener}.close`),
    );
  }
}

/** Writes a program in which several things are waited for. */
export function waits(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const pairs = [0, 1, 2].map(() => writer.make("pair", call("mp.Pipe", [false])));
    const readers = pairs.map((pair) => `${pair}[0]`);
    const body = writer.body([], () => {});
    const process = writer.process(body);
    const sentinel = dice.once(2);
    if (sentinel) writer.show(call(`${process}.start`), call(`${process}.join`, [20]));
    for (let n = dice.from(1, 6); n > 0; n--) {
      const list = [...readers, ...(sentinel ? [`${process}.sentinel`] : [])].join(
        ", ",
      );
      writer.show(dice.one(
        () => call(code(`${dice.pick(pairs)}[1].send`), [dice.value(0)]),
        () =>
          code(
            `[[${list}].index(one) for one in connection.wait([${list}], timeout=0)]`,
            `connection.wait([${list}], { timeout: 0 }).then((ready) => ` +
              `ready.map((one) => [${list}].indexOf(one)).sort())`,
          ),
        () => call("connection.wait", [[], 0.01]),
        () => call("connection.wait", [[]], { bogus: 1 }),
        () => call(code(`${dice.pick(readers)}.poll`)),
      ));
    }
    for (const pair of pairs) {
      writer.show(call(`${pair}[1].close`), call(`${pair}[0].close`));
    }
    // A class of the program's own.
    const queue = writer.make("queue", call("mp.Queue"));
    const teller = writer.make(
      "p",
      construct("classes.Teller", [code(queue), dice.value()]),
    );
    writer.show(
      text(teller),
      call(`${teller}.start`),
      call(`${queue}.get`),
      call(`${teller}.join`, [20]),
      text(teller),
      code(`${teller}.value`),
    );
  }
}

/** Writes a program about structures. */
export function structures(writer: Writer, length: number): void {
  const { dice } = writer;
  const point = code("classes.Point");
  const tuple = (x: number, y: number) => code(`(${x}, ${y})`, `[${x}, ${y}]`);
  while (writer.steps.length < length) {
    const name = writer.make(
      "point",
      dice.one(
        () => call("mp.Value", [point, dice.from(0, 9), dice.from(0, 9)]),
        () => call("mp.Value", [point], { lock: false }),
        () => call("mp.RawValue", [point, 0.5, 3]),
        () => call("mp.RawValue", [point, 1]),
      ),
    );
    const points = writer.make(
      "points",
      dice.one(
        () => call("mp.Array", [point, dice.from(1, 3)]),
        () => call("mp.RawArray", [point, [tuple(1, 2), tuple(3, 4)]]),
        () => call("mp.Array", [point, [tuple(0.5, -2)]], { lock: false }),
      ),
    );
    for (let n = dice.from(2, 10); n > 0; n--) {
      const one = dice.pick([name, `${points}[0]`]);
      writer.show(dice.one(
        () => code(`${one}.x`),
        () => code(`${one}.y`),
        () => assign(one, "x", dice.pick<Given>([1, 0.5, "x", null, 10n ** 30n])),
        () => assign(one, "y", dice.pick<Given>([1, 0.5, "x", null, 2n ** 40n])),
        () => code(`len(${points})`, `${points}.length`),
        () => code(`${points}[0].x + ${points}[0].y`),
        () => call("mp.Value", [point, 1, 2, 3]),
        () => call("mp.RawValue", [point, "x"]),
        () => call("mp.RawArray", [point, [1]]),
      ));
    }
  }
}

/** Writes a program whose children have pools, and wait for notes of their parent. */
export function children(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const daemon = dice.once(3);
    const pooled = writer.process(
      writer.body([], (child) => {
        const pool = child.make("pool", call("mp.Pool", [1]));
        if (daemon) return;
        child.show(
          call(`${pool}.map`, [code("work.square"), [1, 2, dice.from(0, 9)]]),
          call(`${pool}.apply`, [code("work.fail"), ["text"]]),
          call(`${pool}.apply`, [code("work.process_kind")]),
          call(`${pool}.close`),
          call(`${pool}.join`),
        );
      }),
      daemon ? { py: ", daemon=True", ts: ", daemon: true" } : {},
    );
    writer.show(
      call(`${pooled}.start`),
      call(`${pooled}.join`, [20]),
      code(`${pooled}.exitcode`),
    );
    const condition = writer.make("cond", call("mp.Condition"));
    const ready = writer.make("event", call("mp.Event"));
    const value = writer.make("value", call("mp.Value", ["i", 0]));
    const given = dice.from(1, 100);
    const waiter = writer.process(
      writer.body([condition, ready, value], (child) => {
        child.show(
          call(`${condition}.acquire`),
          call(`${ready}.set`),
          call(`${condition}.wait`, [20]),
          code(`${value}.value`),
          call(`${condition}.release`),
          call(`${condition}.release`),
          call(`${condition}.notify`),
        );
      }),
    );
    writer.show(
      call(`${waiter}.start`),
      call(`${ready}.wait`, [20]),
      call(`${condition}.acquire`),
      assign(value, "value", given),
      dice.pick([
        call(`${condition}.notify`),
        call(`${condition}.notify_all`),
        call(`${condition}.notify`, [5]),
      ]),
      call(`${condition}.release`),
      call(`${waiter}.join`, [20]),
      code(`${waiter}.exitcode`),
    );
  }
}
