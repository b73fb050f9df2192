/**
 * The picture of a pool at work, which works while it is drawn: four workers take tasks of
 * different lengths, one is killed, another takes its place.
 *
 * @module
 */
import { Pool, type WorkerLostError } from "../../mod.ts";
import { box, line, picture, text } from "./svg.ts";
import { compute, die, type Span } from "./timeline_work.ts";

const WIDTH = 880;
const LEFT = 130;
const ROW = 30;
const WORKERS = 4;

/** Milliseconds of the tasks, the same each time. */
const LENGTHS = Array.from({ length: 20 }, (_, i) => 40 + (i * 37) % 90);
/** After this task a function is called that ends its process. */
const KILLED_AFTER = 9;

/** Enough for a successor that is long in coming. */
const MOST_TASKS = 200;

/** What happened, by the clock. */
interface Happened {
  spans: Span[];
  start: number;
  killed: { pid: number; at: number };
}

/** Has a pool work, and draws when which worker did what. */
export async function timelineChart(): Promise<string> {
  const { spans, start, killed } = await work();
  const pids = [...new Set(spans.map(({ pid }) => pid))];
  if (!pids.includes(killed.pid)) pids.push(killed.pid);
  const end = Math.max(...spans.map(({ to }) => to));
  const at = (time: number) =>
    LEFT + (time - start) / (end - start) * (WIDTH - LEFT - 10);
  const title = `A pool of ${WORKERS} at work: ${spans.length} tasks, and one kill`;
  const parts = [text(0, 18, title, "head")];
  const bottom = 36 + pids.length * ROW;
  for (let time = start; time < end; time += 200) {
    const x = at(time);
    parts.push(line(x, 34, x, bottom));
    const anchor = { "text-anchor": "middle" };
    parts.push(text(x, bottom + 16, `${time - start} ms`, "dim small", anchor));
  }
  for (const [row, pid] of pids.entries()) {
    const y = 36 + row * ROW;
    parts.push(text(0, y + 17, row < WORKERS ? `worker ${row + 1}` : "its successor"));
    for (const span of spans.filter((one) => one.pid === pid)) {
      const width = Math.max(2, at(span.to) - at(span.from) - 1);
      const shade = ["one", "two", "three", "four"][span.task % 4]!;
      parts.push(box(at(span.from), y + 4, width, 18, `${shade} faint`));
      const middle = at(span.from) + width / 2;
      const style = { "text-anchor": "middle", style: "fill: #fff" };
      if (width > 16) {
        parts.push(text(middle, y + 17, String(span.task), "small", style));
      }
    }
    if (pid !== killed.pid) continue;
    const x = at(killed.at);
    parts.push(line(x, y + 2, x, y + 24, "strong"));
    parts.push(
      text(x + 6, y + 17, "SIGKILL: its task fails with WorkerLostError", "bad"),
    );
  }
  parts.push(
    text(0, bottom + 36, "deno task charts, of the run that it made", "dim small"),
  );
  return picture(WIDTH, bottom + 44, title, parts);
}

async function work(): Promise<Happened> {
  await using pool = Pool(WORKERS);
  // All are there before the first task.
  const isFirst = new Set<number>();
  const first = Array<[number, number]>(WORKERS).fill([-1, 30]);
  while (isFirst.size < WORKERS) {
    for (const { pid } of await pool.map(compute, first, 1)) isFirst.add(pid);
  }
  const start = Date.now();
  const results: Promise<Span>[] = [];
  let lost: Promise<Happened["killed"]> | undefined;
  for (const [task, length] of LENGTHS.entries()) {
    results.push(pool.apply_async(compute, [[task, length]]).get());
    if (task !== KILLED_AFTER) continue;
    lost = pool.apply(die).then(
      () => Promise.reject(new Error("it was not killed")),
      (error: WorkerLostError) => ({ pid: error.pid!, at: Date.now() }),
    );
  }
  const killed = await lost!;
  const spans = await Promise.all(results);
  // Until the successor has done something.
  while (spans.every(({ pid }) => isFirst.has(pid)) && spans.length < MOST_TASKS) {
    const more = Array.from(
      { length: WORKERS },
      (_, i): [number, number] => [spans.length + i, LENGTHS[i]!],
    );
    spans.push(...await pool.map(compute, more, 1));
  }
  return { spans, start, killed };
}
