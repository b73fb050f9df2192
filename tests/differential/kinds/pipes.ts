/**
 * Pipes: values and bytes in all forms, what is ready, both directions, ends that are
 * closed, wrong calls; within a process and between two.
 *
 * @module
 */
import { all, call, type Code, code, type Given } from "../code.ts";
import type { Dice, Writer } from "../program.ts";

/** One end, and what is known of it. */
interface End {
  name: string;
  other: End;
  readable: boolean;
  writable: boolean;
  /** What waits here to be received: values, or bytes of a length. */
  inbox: ("value" | number)[];
  closed: boolean;
}

/** Writes a program about pipes of one process. */
export function pipes(writer: Writer, length: number): void {
  const { dice } = writer;
  let ends = made(writer);
  while (writer.steps.length < length) {
    if (dice.once(16)) {
      for (const { name, closed } of ends) {
        if (!closed) writer.show(call(`${name}.close`));
      }
      ends = made(writer);
    }
    step(writer, dice.pick(ends));
  }
}

function made(writer: Writer): End[] {
  const { dice } = writer;
  const duplex = dice.pick([true, true, false]);
  const args: Given[] = dice.pick([[duplex], duplex ? [] : [duplex]]);
  const pair = writer.make(
    "pair",
    duplex || args.length > 0
      ? call("mp.Pipe", args)
      : call("mp.Pipe", [], { duplex: false }),
  );
  const names = [0, 1].map((i) => writer.make("conn", code(`${pair}[${i}]`)));
  const one = { name: names[0]!, readable: true, writable: duplex } as End;
  const other = { name: names[1]!, readable: duplex, writable: true } as End;
  Object.assign(one, { other, inbox: [], closed: false });
  Object.assign(other, { other: one, inbox: [], closed: false });
  return [one, other];
}

function step(writer: Writer, end: End): void {
  const { dice } = writer;
  const { name } = end;
  if (dice.once(10)) return writer.show(wrong(dice, end));
  if (dice.once(12)) {
    return writer.show(
      all(...["readable", "writable", "closed"].map((one) => code(`${name}.${one}`))),
    );
  }
  if (dice.once(40)) {
    // What is not received is reset: the other end may tell so.
    if (end.inbox.length > 0 || end.closed) return;
    end.closed = true;
    return writer.show(call(`${name}.close`));
  }
  dice.one(
    () => send(writer, end),
    () => receive(writer, end),
    () => receive(writer, end),
    () => poll(writer, end),
  );
}

function send(writer: Writer, end: End): void {
  const { dice } = writer;
  const { name, other } = end;
  const works = end.writable && !end.closed && !other.closed;
  if (works && other.inbox.length > 20) return;
  if (dice.once(2)) {
    if (works) other.inbox.push("value");
    return writer.show(call(`${name}.send`, [dice.value()]));
  }
  const bytes = Uint8Array.from({ length: dice.below(12) }, () => dice.below(256));
  const offset = dice.from(-1, 8);
  const size = dice.pick([null, dice.from(-1, 6)]);
  const args: Given[] = dice.one(
    () => [bytes],
    () => [bytes, offset],
    () => [bytes, offset, size],
  );
  const start = (args[1] ?? 0) as number;
  const count = (args[2] ?? bytes.length - start) as number;
  const fits = start >= 0 && start <= bytes.length && count >= 0 &&
    start + count <= bytes.length;
  if (works && fits) other.inbox.push(count);
  writer.show(call(`${name}.send_bytes`, args));
}

function receive(writer: Writer, end: End): void {
  const { dice } = writer;
  const { name, other } = end;
  const works = end.readable && !end.closed;
  // Otherwise it would wait for ever.
  if (works && end.inbox.length === 0 && !other.closed) return;
  const next = works ? end.inbox.shift() : "value";
  if (typeof next !== "number") return writer.show(call(`${name}.recv`));
  dice.one(
    () => writer.show(call(`${name}.recv_bytes`)),
    () => writer.show(call(`${name}.recv_bytes`, [20])),
    () => {
      const room = next + dice.below(4);
      const buffer = writer.make(
        "buffer",
        code(`bytearray(${room})`, `new Uint8Array(${room})`),
      );
      writer.show(
        dice.one(
          () => call(`${name}.recv_bytes_into`, [code(buffer)]),
          () => call(`${name}.recv_bytes_into`, [code(buffer), room - next]),
          () => call(`${name}.recv_bytes_into`, [code(buffer), 0]),
        ),
        code(buffer),
      );
    },
  );
}

function poll(writer: Writer, end: End): void {
  const { name } = end;
  writer.show(
    writer.dice.one(
      () => call(`${name}.poll`),
      () => call(`${name}.poll`, [0]),
      () => call(`${name}.poll`, [0.01]),
      () => call(`${name}.poll`, [], { timeout: 0.01 }),
      () => call(`${name}.poll`, [-1]),
    ),
  );
}

function wrong(dice: Dice, { name, readable, closed, inbox }: End): Code {
  const buffer = code("bytearray(4)", "new Uint8Array(4)");
  const forms = [
    () => call(`${name}.send`),
    () => call(`${name}.send`, [1, 2]),
    () => call(`${name}.send_bytes`),
    () => call(`${name}.send_bytes`, [5]),
    () => call(`${name}.send_bytes`, ["text"]),
    () => call(`${name}.send_bytes`, [null]),
    () => call(`${name}.send_bytes`, [Uint8Array.of(1), "x"]),
    () => call(`${name}.recv`, [1]),
    () => call(`${name}.poll`, [1, 2]),
    () => call(`${name}.poll`, [], { bogus: 1 }),
    () => call(`${name}.close`, [1]),
    () => call(`${name}.fileno`, [1]),
    () => call(`${name}.recv_bytes`, [-1]),
    () => call(`${name}.recv_bytes`, [1, 2]),
    () => call(`${name}.recv_bytes_into`),
    () => call("mp.Pipe", [1, 2]),
    () => call("mp.Pipe", [], { bogus: 1 }),
  ];
  // What looks at the message first.
  if (!readable || closed || inbox.length > 0) {
    forms.push(
      () => call(`${name}.recv_bytes_into`, [buffer, -1]),
      () => call(`${name}.recv_bytes_into`, [buffer, 5]),
    );
  }
  return dice.pick(forms)();
}

/** Writes a program in which processes talk by pipes. */
export function talks(writer: Writer, length: number): void {
  const { dice } = writer;
  while (writer.steps.length < length) {
    const pair = writer.make("pair", call("mp.Pipe"));
    const mine = writer.make("conn", code(`${pair}[0]`));
    const theirs = writer.make("conn", code(`${pair}[1]`));
    const turns = Array.from({ length: dice.from(1, 8) }, () => ({
      down: dice.once(2),
      bytes: dice.once(3),
      size: dice.once(8) ? 70_000 : dice.below(30),
      value: dice.value(),
    }));
    const send = (name: string, { bytes, size, value }: typeof turns[number]) =>
      bytes
        ? code(
          `${name}.send_bytes(b"a" * ${size})`,
          `${name}.send_bytes(new Uint8Array(${size}).fill(97))`,
        )
        : call(`${name}.send`, [value]);
    const receive = (name: string, { bytes }: typeof turns[number]) =>
      bytes
        ? code(
          `len(${name}.recv_bytes())`,
          `${name}.recv_bytes().then((b) => b.length)`,
        )
        : call(`${name}.recv`);
    const ending = dice.pick(["close", "wait", "exit"]);
    const process = writer.process(writer.body([theirs], (child) => {
      for (const turn of turns) {
        child.show(turn.down ? receive(theirs, turn) : send(theirs, turn));
      }
      if (ending === "wait") {
        child.show(call(`${theirs}.recv`), call(`${theirs}.poll`));
        child.show(call(`${theirs}.send`, [1]));
      }
      if (ending === "close") child.show(call(`${theirs}.close`));
    }));
    writer.show(call(`${process}.start`), call(`${theirs}.close`));
    for (const turn of turns) {
      writer.show(turn.down ? send(mine, turn) : receive(mine, turn));
    }
    if (ending === "wait") writer.show(call(`${mine}.close`));
    else {
      writer.show(
        call(`${mine}.poll`, [20]),
        call(`${mine}.recv`),
        call(`${mine}.recv_bytes`),
        call(`${mine}.poll`),
      );
      if (ending === "exit") {
        writer.show(
          call(`${process}.join`, [20]),
          call(`${mine}.send`, [1]),
          call(`${mine}.send_bytes`, [Uint8Array.of(1, 2)]),
        );
      }
      writer.show(call(`${mine}.close`), call(`${mine}.recv`));
    }
    writer.show(call(`${process}.join`, [20]), code(`${process}.exitcode`));
  }
}
