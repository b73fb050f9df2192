/**
 * Processes at the ends of pipes are killed at random instants, and nothing else happens:
 * no message is torn or doubled, only one that was taken is lost, nobody hangs, the end
 * is seen by everybody. `KILL_ROUNDS` and `KILL_SEED` in the environment change how often,
 * and which instants.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
  active_children,
  BrokenPipeError,
  EOFError,
  Pipe,
  Process,
  SimpleQueue,
} from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { exitcodeOf } from "../cpython/helpers/checks.ts";
import { withFolder } from "../helpers/folders.ts";
import { checkItem, type Item, makeItem, random, randomTurns } from "./items.ts";
import * as victims from "./pipe_victims.ts";
import { test } from "../suite.ts";

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 100);
const SEED = Number(process.env["KILL_SEED"] ?? 20260802);

/** The folder for notes and the random numbers of one kind of rounds. */
class Arena {
  readonly chance: () => number;
  readonly directory: string;
  #ids = 0;

  constructor(seed: number, directory: string) {
    this.chance = random(seed);
    this.directory = directory;
  }

  /** Starts a process at an end of a pipe; this process's own copy is closed. */
  async start<C extends Connection>(
    target: (end: C, hello: SimpleQueue<number>, by: number, path: string) => unknown,
    end: C,
    keepsEnd = false,
  ): Promise<Victim> {
    const by = ++this.#ids;
    const notes = join(this.directory, `${by}`);
    const hello = SimpleQueue<number>();
    const child = new Process({
      target: target as (...args: unknown[]) => unknown,
      args: [end, hello, by, notes],
    });
    const started = child.start();
    if (!keepsEnd) end.close();
    await started;
    return { by, child, hello, notes };
  }

  /** Lets it be for a random while, and kills it. */
  async kill({ child, hello }: Victim): Promise<void> {
    if (this.chance() < 0.9) await hello.get();
    await randomTurns(this.chance);
    child.kill();
    strictEqual(await exitcodeOf(child), -9);
  }
}

interface Victim {
  by: number;
  child: Process;
  hello: SimpleQueue<number>;
  notes: string;
}

/** Receives till the end; gives the numbers of the items of `by`. */
async function drain(reader: Connection<Item>, by: number): Promise<number[]> {
  const numbers: number[] = [];
  try {
    for (;;) {
      const [from, n] = checkItem(await reader.recv());
      strictEqual(from, by);
      numbers.push(n);
    }
  } catch (error) {
    if (!(error instanceof EOFError)) throw error;
  }
  reader.close();
  return numbers;
}

function notesOf({ notes }: Victim): Int32Array {
  try {
    return new Int32Array(new Uint8Array(readFileSync(notes)).buffer);
  } catch {
    return new Int32Array(); // killed before it opened the file
  }
}

/** The messages that a killed reader has received. */
function received(victim: Victim): number[] {
  return [...notesOf(victim)].filter((_, i) => i % 2 === 1);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Whatever a writer has sent arrives, in order, and then the end. */
async function killWriter(arena: Arena): Promise<void> {
  const [reader, writer] = Pipe<Item>(false);
  const victim = await arena.start(victims.doomedWriter, writer);
  const numbers = drain(reader, victim.by);
  await arena.kill(victim);
  const found = await numbers;
  deepStrictEqual(found, upTo(found.length));
  const noted = notesOf(victim)[0] ?? 0;
  ok(found.length === noted || found.length === noted + 1, `${found.length}, ${noted}`);
}

/** A writer whose only reader is killed gets an error, also if it waits for room. */
async function killReader(arena: Arena): Promise<void> {
  const [reader, writer] = Pipe<Item>(false);
  const victim = await arena.start(victims.doomedReader, reader);
  const killed = arena.kill(victim);
  let sent = 0;
  try {
    for (;;) await writer.send(makeItem(0, sent++));
  } catch (error) {
    if (!(error instanceof BrokenPipeError)) throw error;
  }
  await killed;
  const found = received(victim);
  deepStrictEqual(found, upTo(found.length));
  ok(found.length <= sent);
  writer.close();
}

/** Of two readers one is killed: the other gets all that the first has not taken. */
async function killOneOfTwo(arena: Arena): Promise<void> {
  const [reader, writer] = Pipe<Item>(false);
  const victim = await arena.start(victims.doomedReader, reader, true);
  const survivor = arena.chance() < 0.5 &&
    await arena.start(victims.doomedReader, reader, true);
  const mine = survivor ? (reader.close(), Promise.resolve([])) : drain(reader, 0);
  const killed = arena.kill(victim);
  const count = Math.floor(arena.chance() * 100);
  for (let n = 0; n < count; n++) await writer.send(makeItem(0, n));
  await killed;
  writer.close();
  const rest = await mine;
  if (survivor) {
    strictEqual(await exitcodeOf(survivor.child), 0);
    rest.push(...received(survivor) as never[]);
  }
  const all = [...received(victim), ...rest];
  strictEqual(new Set(all).size, all.length, "a message came twice");
  ok(all.length >= count - 1, `${count - all.length} messages are lost`);
}

/** Ends that travel to a process which is killed count as closed, wherever they were. */
async function killReceiver(arena: Arena): Promise<void> {
  const [conn, child] = Pipe<Connection, Connection>();
  const victim = await arena.start(victims.doomedKeeper, child);
  const killed = arena.kill(victim);
  const readers: Connection<Item>[] = [];
  try {
    for (let n = 0; n < 5; n++) {
      const [reader, writer] = Pipe<Item>(false);
      readers.push(reader);
      const sent = conn.send(writer);
      writer.close();
      await sent;
    }
  } catch (error) {
    if (!(error instanceof BrokenPipeError)) throw error;
  }
  await killed;
  for (const reader of readers) deepStrictEqual(await drain(reader, 0), []);
  conn.close();
}

/** Ends that a process has sent before it was killed are as good as others. */
async function killSender(arena: Arena): Promise<void> {
  const [conn, child] = Pipe<Connection<Item>, unknown>();
  const victim = await arena.start(victims.doomedGiver, child);
  const killed = arena.kill(victim);
  const ends: Connection<Item>[] = [];
  try {
    for (;;) ends.push(await conn.recv());
  } catch (error) {
    if (!(error instanceof EOFError)) throw error;
  }
  await killed;
  for (const [n, end] of ends.entries()) {
    const items = await drain(end, victim.by);
    if (n < ends.length - 1) deepStrictEqual(items, [n]);
    else ok(items.length <= 1);
  }
  conn.close();
}

const KINDS = {
  "a writer": killWriter,
  "the only reader": killReader,
  "one of two readers": killOneOfTwo,
  "a process that gets ends of pipes": killReceiver,
  "a process that sends ends of pipes": killSender,
};

for (const [i, [who, round]] of Object.entries(KINDS).entries()) {
  test(`SIGKILL at random instants: ${who}`, async () => {
    await withFolder(async (folder) => {
      const arena = new Arena(SEED + i, folder);
      const rounds = Math.ceil(ROUNDS / 5);
      for (let n = 0; n < rounds; n += 2) {
        await Promise.all([round(arena), round(arena)]);
      }
    });
    strictEqual(active_children().length, 0);
  }, { timeout: 110 });
}
