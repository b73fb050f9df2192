/**
 * The life of processes: names, daemons, texts, exit codes, and the calls that are not
 * allowed before, while and after they run.
 *
 * @module
 */
import {
  all,
  assign,
  call,
  type Code,
  code,
  construct,
  type Given,
  text,
} from "../code.ts";
import type { Dice, Writer } from "../program.ts";

/** Writes a program about processes that are not started. */
export function unstarted(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const process = made(writer);
    for (let n = dice.from(3, 12); n > 0; n--) writer.show(before(dice, process));
    if (dice.once(2)) {
      writer.show(call(`${process}.close`));
      for (let n = dice.from(1, 6); n > 0; n--) writer.show(closed(dice, process));
    }
  }
}

function made(writer: Writer): string {
  const { dice } = writer;
  const keywords: Record<string, Given> = {};
  if (dice.once(2)) keywords["target"] = code("work.nothing");
  if (dice.once(3)) keywords["name"] = dice.pick(["worker", "", "é", "a b"]);
  if (dice.once(3)) keywords["daemon"] = dice.pick([true, false, null]);
  if (dice.once(4)) keywords["args"] = [1, 2];
  if (dice.once(5)) keywords["kwargs"] = new Map([["a", 1]]);
  return writer.make(
    "p",
    dice.one(
      () => construct("mp.Process", [], keywords),
      () => construct("mp.Process", [null, code("work.nothing"), "n", [1]]),
      () =>
        construct("mp.Process", [null, null, null, [], new Map()], { daemon: true }),
    ),
  );
}

/** Of a process that has not been started. */
function before(dice: Dice, name: string): Code {
  return dice.one(
    () => code(`${name}.name`),
    () => code(`${name}.daemon`),
    () => code(`${name}.pid`),
    () => code(`${name}.ident`),
    () => code(`${name}.exitcode`),
    () => code(`${name}.sentinel`),
    () => call(`${name}.is_alive`),
    () => call(`${name}.join`),
    () => call(`${name}.join`, [0]),
    () => call(`${name}.terminate`),
    () => call(`${name}.kill`),
    () => text(name),
    () => assign(name, "name", dice.pick(["other", "", "x y"])),
    () => assign(name, "name", dice.pick([5, null, []])),
    () => assign(name, "daemon", dice.pick([true, false, null, 1])),
    () => call(`${name}.join`, [1, 2]),
    () => call(`${name}.join`, [], { bogus: 1 }),
    () => call(`${name}.start`, [1]),
    () => call(`${name}.close`, [1]),
    () => call(`${name}.is_alive`, [1]),
    () => construct("mp.Process", [1]),
    () => construct("mp.Process", [], { group: 1 }),
    () => construct("mp.Process", [], { args: 5 }),
    () => construct("mp.Process", [], { bogus: 5 }),
    () => construct("mp.Process", [null, null, null, [], new Map(), true]),
    () => construct("mp.Process", [null, code("work.fail"), null, ["it"]]),
    () => code(`mp.current_process().name`),
    () => code(`mp.current_process().daemon`),
    () => code(`mp.current_process().exitcode`),
    () => call(code("mp.current_process().join")),
    () => call(code("mp.current_process().start")),
    () => call(code("mp.current_process().is_alive")),
    () => code("str(mp.current_process())", "String(mp.current_process())"),
    () => call("mp.parent_process"),
    () => call("mp.active_children"),
    () => call("mp.active_children", [1]),
    () => call("mp.current_process", [1]),
    () =>
      code(
        `${name}.authkey == mp.current_process().authkey`,
        `String(new Uint8Array(${name}.authkey)) === ` +
          `String(new Uint8Array(mp.current_process().authkey))`,
      ),
    () => assign(name, "authkey", dice.pick<Given>(["x", null, Uint8Array.of(1)])),
    () => call(runOf(5)),
    () => call(runOf("x")),
    () => call(runOf(null)),
  );
}

function runOf(target: Given): Code {
  const { py, ts } = construct("mp.Process", [], { target });
  return code(`${py}.run`, `(${ts}).run`);
}

/** Of a process that is closed. */
function closed(dice: Dice, name: string): Code {
  return dice.one(
    () => code(`${name}.name`),
    () => code(`${name}.daemon`),
    () => code(`${name}.pid`),
    () => code(`${name}.exitcode`),
    () => code(`${name}.sentinel`),
    () => call(`${name}.is_alive`),
    () => call(`${name}.join`),
    () => call(`${name}.start`),
    () => call(`${name}.terminate`),
    () => call(`${name}.kill`),
    () => call(`${name}.close`),
    () => text(name),
  );
}

/** Ways in which a target ends. */
function ending(dice: Dice): Code | undefined {
  return dice.one(
    () => undefined,
    () => code("7"),
    () => call("work.fail", ["on purpose"]),
    () => call("work.leave", dice.pick<Given[]>([[], [0], [1], [7], [255], [-1]])),
    () =>
      call("work.leave", dice.pick<Given[]>([[256], [300], [null], ["text"], [true]])),
    () => call("work.leave", dice.pick<Given[]>([[false], [[1]], [2.5], [""]])),
    () => call("work.exit_now", [dice.pick([0, 1, 9, 255])]),
    () => call("work.wait_long"),
  );
}

/** Writes a program about processes that run. */
export function lives(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const end = ending(dice);
    const waits = end?.py === "work.wait_long()";
    const event = waits ? writer.make("event", call("mp.Event")) : undefined;
    const daemon = dice.once(3);
    const nested = !waits && dice.once(3);
    // Without the event it may be ended at any time, and what it shows is left open.
    const isAwaited = waits && dice.once(2);
    const body = writer.body(event === undefined ? [] : [event], (child) => {
      if (waits && !isAwaited) return;
      child.show(
        code("mp.current_process().name"),
        code("mp.current_process().daemon"),
        code("mp.parent_process().name"),
        code("str(mp.current_process())", "String(mp.current_process())"),
        code("str(mp.parent_process())", "String(mp.parent_process())"),
        call(code("mp.parent_process().is_alive")),
        call(code(`mp.parent_process().${dice.pick(["start", "terminate", "kill"])}`)),
        call("mp.active_children"),
      );
      if (nested) grandchild(child, daemon);
    }, event === undefined ? end : call("work.tell_and_wait", [code(event)]));
    const named = dice.once(3);
    const process = writer.process(body, {
      py: (named ? `, name="named"` : "") + (daemon ? ", daemon=True" : ""),
      ts: (named ? `, name: "named"` : "") + (daemon ? ", daemon: true" : ""),
    });
    writer.show(call(`${process}.start`));
    for (let n = dice.from(0, 4); n > 0; n--) {
      writer.show(running(dice, process, waits));
    }
    if (waits) {
      if (isAwaited) writer.show(call(`${event}.wait`, [20]));
      if (dice.once(2)) {
        writer.show(call(`${process}.is_alive`), call(`${process}.join`, [0]));
      }
      writer.show(call(`${process}.${dice.pick(["terminate", "kill"])}`));
    }
    writer.show(call(`${process}.join`, [20]), code(`${process}.exitcode`));
    for (let n = dice.from(1, 5); n > 0; n--) writer.show(ended(dice, process));
    if (dice.once(2)) {
      writer.show(call(`${process}.close`), closed(dice, process));
    }
  }
}

function grandchild(child: Writer, daemon: boolean): void {
  const { dice } = child;
  const body = child.body([], (inner) => {
    inner.show(
      code("mp.current_process().name"),
      code("mp.parent_process().name"),
      code("mp.current_process().daemon"),
    );
  }, dice.pick([undefined, code("3"), call("work.leave", [4])]));
  const process = child.process(body);
  child.show(code(`${process}.name`), code(`${process}.daemon`));
  if (daemon && dice.once(2)) child.show(assign(process, "daemon", false));
  child.show(call(`${process}.start`));
  if (!daemon) {
    child.show(call(`${process}.join`, [20]), code(`${process}.exitcode`));
  }
}

/** Of a process that has been started, and may have ended unless it waits. */
function running(dice: Dice, name: string, waits: boolean): Code {
  const always = [
    () => code(`${name}.name`),
    () => code(`${name}.daemon`),
    () => code(`${name}.pid > 0`),
    () => code(`${name}.ident == ${name}.pid`, `${name}.ident === ${name}.pid`),
    () => call(`${name}.start`),
    () => assign(name, "daemon", true),
    () => assign(name, "name", "renamed"),
    () => call(`${name}.join`, ["x"]),
    () => call(`${name}.run`, [1]),
  ];
  const waiting = [
    () => code(`${name}.exitcode`),
    () => text(name),
    () => call(`${name}.is_alive`),
    () => call(`${name}.close`),
    () => code("[c.name for c in mp.active_children()]", NAMES),
  ];
  return dice.pick(waits ? [...always, ...waiting] : always)();
}

const NAMES = "mp.active_children().map((c) => c.name)";

/** Of a process that has ended. */
function ended(dice: Dice, name: string): Code {
  return dice.one(
    () => text(name),
    () => code(`${name}.exitcode`),
    () => call(`${name}.is_alive`),
    () => call(`${name}.start`),
    () => call(`${name}.terminate`),
    () => call(`${name}.kill`),
    () => call(`${name}.join`),
    () => call(`${name}.join`, [0]),
    () => assign(name, "daemon", false),
    () => code("[c.name for c in mp.active_children()]", NAMES),
    () => all(code(`${name}.name`), code(`${name}.daemon`)),
  );
}
