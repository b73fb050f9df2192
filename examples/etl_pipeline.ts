/**
 * A pipeline of processes: one reads, some parse, one writes, in the order of the input. The
 * queues are short, so that no part is far ahead of the others, however long the input is;
 * each is shut down when nothing more comes, which ends the loops of its readers.
 *
 * The same program in Python: `python/etl_pipeline.py`. Where a line looks different there,
 * the Python line stands behind it: queues between processes cannot be shut down there, so a
 * None for each reader says that nothing more comes.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process, Queue } from "../mod.ts";

type Line = [number: number, text: string];
type Row = [number: number, name: string, cents: number];

const PARSERS = 3;
const LINES = 1000;

/** Puts the lines of a file, which is made up here. */
export async function read(lines: Queue<Line>): Promise<void> {
  for (let i = 0; i < LINES; i++) { // for i in range(LINES):
    const text = `item${i};${i % 7}.${String(i % 100).padStart(2, "0")}`;
    await lines.put([i, text]);
  }
  await lines.shutdown(); // for _ in range(PARSERS): lines.put(None)
}

/** Makes a row of each line. */
export async function parse(lines: Queue<Line>, rows: Queue<Row>): Promise<void> {
  for await (const [number, text] of lines) { // iter(lines.get, None)
    const [name, price] = text.split(";") as [string, string];
    await rows.put([number, name, Math.round(Number(price) * 100)]);
  }
}

/** Writes the rows in the order of their numbers. */
export async function write(rows: Queue<Row>): Promise<void> {
  const early = new Map<number, Row>(); // early = {}
  let next = 0;
  let sum = 0;
  for await (const row of rows) { // iter(rows.get, None)
    early.set(row[0], row);
    while (early.has(next)) {
      const [number, name, cents] = early.get(next)!;
      early.delete(next); // early.pop(next)
      if (number % 250 === 0) console.log(number, name, cents);
      sum += cents;
      next++;
    }
  }
  console.log(`${next} rows, ${sum} cents, ${early.size} out of order`);
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const lines = Queue<Line>(8);
  const rows = Queue<Row>(8);
  const reader = new Process({ target: read, args: [lines] });
  const parsers = Array.from(
    { length: PARSERS },
    () => new Process({ target: parse, args: [lines, rows] }),
  );
  const writer = new Process({ target: write, args: [rows] });
  const all = [reader, ...parsers, writer];
  for (const p of all) p.start();
  for (const p of parsers) await p.join();
  await rows.shutdown(); // rows.put(None)
  for (const p of all) await p.join();
  console.log("exit codes", ...all.map((p) => p.exitcode));
}
