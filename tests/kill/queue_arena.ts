/**
 * One queue, two partners that survive, and round after round of victims.
 *
 * A round: the producing partner puts some items; victims (producers, consumers) start
 * and are killed; when they are gone, a mark goes through the queue, and the taking
 * partner has all that is left. So each item is in exactly one list: a victim's notes,
 * or the partner's report. A consumer can lose one item to its death, the one that it
 * had taken and not yet written down; a producer can have put one more than it noted.
 */
import { ok, strictEqual } from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Process, Queue, SimpleQueue } from "../../mod.ts";
import { exitcodeOf, processExists, started } from "../cpython/helpers/checks.ts";
import { type Arena, type Item, MARK, randomTurns } from "./items.ts";
import {
  doomedConsumer,
  doomedProducer,
  producingPartner,
  takingPartner,
} from "./queue_victims.ts";

type Entry = [by: number, n: number];

/** Which victims a round has; P puts, C consumes. */
const CASTS = ["P", "P", "P", "C", "C", "C", "PC", "CC", "PP"];

interface Victim {
  role: "P" | "C";
  id: number;
  notes: string;
  process: Process;
}

/** Options of an arena. */
export interface ArenaOptions {
  /** Of the queue; 0 is unbounded. */
  maxsize: number;
  /** Whether the partners are processes, or tasks of the root. */
  partners: "children" | "root";
  random: () => number;
  /** Where the victims' notes are. */
  directory: string;
}

/** One queue with its partners. */
export class QueueArena implements Arena {
  readonly #options: ArenaOptions;
  readonly #queue: Queue<Item>;
  readonly #hello: SimpleQueue<number> = SimpleQueue();
  readonly #putOrders: SimpleQueue<number | null> = SimpleQueue();
  readonly #takeOrders: SimpleQueue<true | null> = SimpleQueue();
  readonly #reports: SimpleQueue<Entry[]> = SimpleQueue();
  readonly #partnerProcesses: Process[] = [];
  #partnerTasks: Promise<void>[] = [];
  /** The victims that have said that they run. */
  readonly #greeted = new Set<number>();
  /** How many items the producing partner was told to put, in all rounds. */
  #ordered = 0;
  #ids = 0;

  constructor(options: ArenaOptions) {
    this.#options = options;
    this.#queue = Queue(options.maxsize);
  }

  async open(): Promise<void> {
    const producing = [this.#queue, this.#putOrders, 0] as const;
    const taking = [this.#queue, this.#takeOrders, this.#reports] as const;
    if (this.#options.partners === "root") {
      this.#partnerTasks = [producingPartner(...producing), takingPartner(...taking)];
      return;
    }
    this.#partnerProcesses.push(
      await started(producingPartner, producing),
      await started(takingPartner, taking),
    );
  }

  async close(): Promise<void> {
    await this.#putOrders.put(null);
    await this.#takeOrders.put(null);
    await Promise.all(this.#partnerTasks);
    for (const p of this.#partnerProcesses) strictEqual(await exitcodeOf(p), 0);
  }

  async round(round: number): Promise<void> {
    const { random } = this.#options;
    const cast = [...CASTS[Math.floor(random() * CASTS.length)]!] as ("P" | "C")[];
    const takesMeanwhile = random() < 0.5;
    const count = Math.floor(random() * 150);
    const first = this.#ordered;
    this.#ordered += count;

    await this.#putOrders.put(count);
    if (takesMeanwhile) await this.#takeOrders.put(true);
    const victims = await Promise.all(cast.map((role) => this.#startVictim(role)));
    for (const victim of victims) await this.#kill(victim);
    await this.#putOrders.put(-round);
    if (!takesMeanwhile) await this.#takeOrders.put(true);
    const taken = await this.#reports.get();

    strictEqual(taken.pop()?.[0], MARK);
    const inOrder = !takesMeanwhile || !cast.includes("C");
    this.#check(victims, taken, { inOrder, first, count, round });
    strictEqual(await this.#queue.qsize(), 0);
    for (const { notes } of victims) rmSync(notes, { force: true });
  }

  async #startVictim(role: "P" | "C"): Promise<Victim> {
    const id = ++this.#ids;
    const notes = join(this.#options.directory, `${role}${id}`);
    const target = role === "P" ? doomedProducer : doomedConsumer;
    const process = await started(target, [this.#queue, this.#hello, id, notes]);
    return { role, id, notes, process };
  }

  /** Lets it be for a random while, which may be none, and kills it. */
  async #kill({ id, process }: Victim): Promise<void> {
    const { random } = this.#options;
    if (random() < 0.9) {
      while (!this.#greeted.has(id)) this.#greeted.add(await this.#hello.get());
    }
    await randomTurns(random);
    const { pid } = process;
    process.kill();
    strictEqual(await exitcodeOf(process), -9);
    ok(!processExists(pid!));
  }

  #check(
    victims: Victim[],
    taken: Entry[],
    { inOrder, first, count, round }: {
      inOrder: boolean;
      first: number;
      count: number;
      round: number;
    },
  ): void {
    const where = `round ${round}: ${victims.map(({ role }) => role).join("")}`;
    if (inOrder) checkOrder(taken, where);
    const consumers = victims.filter(({ role }) => role === "C");
    const all = [...taken, ...consumers.flatMap(({ notes }) => readEntries(notes))];
    const producers = [
      0,
      ...victims.filter((one) => one.role === "P").map(({ id }) => id),
    ];
    const found = new Map(producers.map((by) => [by, new Set<number>()]));
    for (const [by, n] of all) {
      const numbers = found.get(by);
      ok(numbers !== undefined, `${where}: an item of ${by}, which is long gone`);
      ok(!numbers.has(n), `${where}: item ${n} of ${by} came twice`);
      numbers.add(n);
    }
    let missing = 0;
    for (const [by, numbers] of found) {
      const from = by === 0 ? first : 0;
      const noted = by === 0 ? count : readNote(victims.find(({ id }) => id === by)!);
      const highest = Math.max(from - 1, ...numbers) + 1 - from;
      ok(highest <= noted + (by === 0 ? 0 : 1), `${where}: ${by} put ${noted}`);
      missing += Math.max(noted, highest) - numbers.size;
    }
    ok(missing <= consumers.length, `${where}: ${missing} items are lost`);
  }
}

/** Each producer's numbers only grow. */
function checkOrder(taken: Entry[], where: string): void {
  const last = new Map<number, number>();
  for (const [by, n] of taken) {
    const before = last.get(by) ?? -1;
    ok(n > before, `${where}: item ${n} of ${by} came after its item ${before}`);
    last.set(by, n);
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    return new Uint8Array(); // killed before it opened the file
  }
}

function readEntries(path: string): Entry[] {
  const numbers = new Int32Array(readBytes(path).buffer);
  return Array.from({ length: numbers.length / 2 }, (_, i) => [
    numbers[2 * i]!,
    numbers[2 * i + 1]!,
  ]);
}

function readNote({ notes }: Victim): number {
  return new Uint32Array(readBytes(notes).buffer)[0] ?? 0;
}
