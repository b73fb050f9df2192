/**
 * The tree of processes: what each does, uses, waits for and holds.
 *
 * @module
 */
import type { ProcessSnapshot, WaitSnapshot } from "../src/inspect/snapshot.ts";
import { type Content, el, svg } from "./dom.ts";
import { bytes, duration, percent } from "./format.ts";
import { card, leftOut, placeOf, since, table, type View } from "./view.ts";

/** Rows of the table at most. */
const MAX_ROWS = 200;
/** Sentences of a process at most. */
const MAX_SENTENCES = 6;
/** Steps by which names are indented at most. */
const MAX_DEPTH = 8;
/** Seconds without a word before that is told. */
const SILENT = 2;

const COLUMNS = [
  ["name"],
  ["pid", "number wide"],
  ["state"],
  ["CPU", "number"],
  ["memory", "number wide"],
  ["age", "number wide"],
  ["does, waits for, holds", "sentences"],
] as const;

/** The card of the processes. */
export function processes(view: View): HTMLElement {
  const rows = inOrder(view.now.processes);
  const shown = rows.slice(0, MAX_ROWS);
  return card(
    "processes",
    "Processes",
    table(
      COLUMNS,
      shown.map(([process, depth]) => cells(view, process, depth)),
      shown.map(([{ state }]) => state === "stuck" ? "bad" : ""),
    ),
    leftOut(rows.length, shown.length),
  );
}

/** Each process and how deep it stands, children after their parent. */
function inOrder(all: readonly ProcessSnapshot[]): [ProcessSnapshot, number][] {
  const numbers = new Set(all.map(({ number }) => number));
  const children = new Map<number | null, ProcessSnapshot[]>();
  for (const process of all) {
    const { parent, number } = process;
    const isTop = parent === null || parent === number || !numbers.has(parent);
    const key = isTop ? null : parent;
    children.set(key, [...children.get(key) ?? [], process]);
  }
  const walk = (
    parent: number | null,
    depth: number,
  ): [ProcessSnapshot, number][] =>
    (children.get(parent) ?? []).flatMap((
      process,
    ): [ProcessSnapshot, number][] => [
      [process, depth],
      ...walk(process.number, depth + 1),
    ]);
  return walk(null, 0);
}

function cells(view: View, process: ProcessSnapshot, depth: number): Content[] {
  const { name, pid, state, cpu, memory, age, host, runtime } = process;
  const title = [
    runtime,
    host === null ? "" : `on ${host}`,
    process.daemon ? "daemon" : "",
  ]
    .filter((part) => part !== "").join(", ");
  return [
    el(`span.name.depth${Math.min(depth, MAX_DEPTH)}`, { title }, [
      depth > 0 && el("span.branch", { "aria-hidden": "true" }, "└\u00a0"),
      name,
      host !== null && el("span.dim", {}, ` on ${host}`),
    ]),
    pid,
    el(`span.pill.${state}`, {}, state),
    cpu === null ? "–" : [bar(cpu), percent(cpu)],
    memory === null ? "–" : bytes(memory),
    duration(age),
    sentences(view, process),
  ];
}

/** A bar of which one core is the whole. */
function bar(share: number): Content {
  const width = `${Math.min(100, Math.max(0, share * 100)).toFixed(1)}%`;
  const empty = svg("rect", {
    class: "empty",
    width: "100%",
    height: "100%",
    rx: 3,
  });
  const full = svg("rect", { class: "full", width, height: "100%", rx: 3 });
  return svg("svg", { class: "bar", "aria-hidden": "true" }, empty, full);
}

function sentences(view: View, process: ProcessSnapshot): Content {
  const { tasks, waits, holds, silence, state } = process;
  const all: Content[] = [
    ...tasks.map(({ func, args, age }) => [
      el(
        "code",
        { title: args ?? undefined },
        args === null ? func : `${func}(${args})`,
      ),
      since(age),
    ]),
    ...alike(waits).map(([wait, times]) => waitsFor(view, wait, times)),
    ...holds.map(({ object, age, place }) => [
      el("span.dim", {}, "holds "),
      el("b", {}, view.objectName(object)),
      since(age),
      placeOf(place),
    ]),
  ];
  if (silence > SILENT && state !== "starting") {
    all.push(el("span.dim", {}, `not heard of for ${duration(silence)}`));
  }
  const more = all.length - MAX_SENTENCES;
  return [
    all.slice(0, MAX_SENTENCES).map((one) => el("div", {}, one)),
    more > 0 && el("div.dim", {}, `and ${more} more`),
  ];
}

/** Waits for the same thing at the same line, the longest of them, and how many they are. */
function alike(waits: readonly WaitSnapshot[]): [WaitSnapshot, number][] {
  const found = new Map<string, [WaitSnapshot, number]>();
  for (const wait of waits) {
    const { op, object, process, pool, place } = wait;
    const key = JSON.stringify([op, object, process, pool, place]);
    const [longest, times] = found.get(key) ?? [wait, 0];
    found.set(key, [wait.age > longest.age ? wait : longest, times + 1]);
  }
  return [...found.values()];
}

function waitsFor(view: View, wait: WaitSnapshot, times: number): Content {
  const { op, object, process, pool, age, left, place } = wait;
  const what = object !== null
    ? [`${op}: `, el("b", {}, view.objectName(object))]
    : process !== null
    ? [`${op}: `, el("b", {}, view.processName(process))]
    : pool !== null
    ? "a pool’s result"
    : op;
  const end = left !== null &&
    el("span.dim", {}, `, gives up in ${duration(left)}`);
  return [what, times > 1 && ` ×${times}`, since(age), end, placeOf(place)];
}
