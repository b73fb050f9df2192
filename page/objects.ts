/**
 * Shared objects: queues with their curves, locks and the like, pipes.
 *
 * @module
 */
import { WINDOW } from "../src/inspect/history.ts";
import type {
  LockSnapshot,
  ObjectSnapshot,
  PipeSnapshot,
  QueueSnapshot,
  SignalSnapshot,
} from "../src/inspect/snapshot.ts";
import { type Content, el, svg } from "./dom.ts";
import { count, duration, percent, rate } from "./format.ts";
import {
  card,
  leftOut,
  names,
  placeOf,
  since,
  table,
  type View,
  waiting,
} from "./view.ts";

/** Objects of a kind that are shown at most: those at which something goes on. */
const MAX_SHOWN = 40;
/** The size of a curve. */
const [WIDTH, HEIGHT] = [160, 34];
/** The share of the time for which a queue is full before that is told. */
const OFTEN = 0.5;
/** Looks that this takes at least. */
const ENOUGH = 6;

type Locks = LockSnapshot | SignalSnapshot;

/** The first of them, those with waiters or content before others. */
function chosen<T extends ObjectSnapshot>(
  all: T[],
  isBusy: (one: T) => boolean,
): T[] {
  if (all.length <= MAX_SHOWN) return all;
  return [...all.filter(isBusy), ...all.filter((one) => !isBusy(one))].slice(
    0,
    MAX_SHOWN,
  )
    .sort((a, b) => a.id - b.id);
}

/** Its name, class and line. */
function heading({ id, name, type, place }: ObjectSnapshot): Content {
  return [
    el("b", {}, name ?? `${type} ${id}`),
    name !== null && [" ", el("span.dim", {}, type)],
    place !== null && placeOf({ ...place, func: null }),
  ];
}

/** The card of the queues. */
export function queues(view: View): HTMLElement | null {
  const all = view.now.objects.filter((one) => one.kind === "queue");
  const shown = chosen(
    all,
    ({ depth, getters, putters }) => depth + getters.length + putters.length > 0,
  );
  return all.length === 0 ? null : card(
    "queues",
    "Queues",
    el(
      "ul.plain",
      {},
      shown.map((queue) => el("li.queue", {}, ofQueue(view, queue))),
    ),
    leftOut(all.length, shown.length),
  );
}

function ofQueue(view: View, queue: QueueSnapshot): Content {
  const { id, depth, maxsize, puts, oldest, unfinished, isShutDown } = queue;
  const flow = [
    `in ${rate(view.rate(id, 1))}/s · out ${rate(view.rate(id, 2))}/s`,
    `total ${count(puts)}`,
    ...(oldest === null ? [] : [`oldest ${duration(oldest)}`]),
    ...(unfinished === null ? [] : [`${count(unfinished)} unfinished`]),
    ...(isShutDown ? ["shut down"] : []),
  ].join(" · ");
  const lines: [string, QueueSnapshot["getters"]][] = [
    ["waiting to get", queue.getters],
    ["waiting to put", queue.putters],
    ["waiting in join", queue.joiners],
  ];
  return [
    el("div.text", {}, [
      el("div", {}, heading(queue), fullness(view, queue)),
      el("div.dim", {}, flow),
      lines.map(([title, waiters]) =>
        waiters.length > 0 &&
        el("div", {}, el("span.dim", {}, `${title}: `), waiting(view, waiters))
      ),
    ]),
    el("div.depth", {}, [
      el(
        "div",
        {},
        el("b", {}, count(depth), maxsize > 0 && ` / ${count(maxsize)}`),
        [
          el("span.dim", {}, depth === 1 && maxsize === 0 ? " item" : " items"),
        ],
      ),
      curve(view, queue),
    ]),
  ];
}

/** Says that a queue is full most of the time: what takes from it is the bottleneck. */
function fullness(view: View, { id, maxsize }: QueueSnapshot): Content {
  if (maxsize === 0) return null;
  const series = view.series(id, 0);
  const share = series.filter(({ value }) => value >= maxsize).length /
    series.length;
  if (series.length < ENOUGH || share < OFTEN) return null;
  return [
    " ",
    el("span.pill.waiting", {}, `full ${percent(share)} of the time`),
  ];
}

/** The depth over the last half minute; a dashed line is where it is full. */
function curve(view: View, { id, depth, maxsize }: QueueSnapshot): Content {
  const series = view.series(id, 0);
  const most = Math.max(depth, ...series.map(({ value }) => value));
  // A queue that is never near its size is drawn by its own scale.
  const hasLine = maxsize > 0 && most >= maxsize / 8;
  const top = Math.max(1, hasLine ? Math.max(maxsize, most) : most);
  const y = (value: number) => 2 + (HEIGHT - 3) * (1 - value / top);
  const x = (at: number) => WIDTH * (1 - (view.now.at - at) / WINDOW);
  const points = series.map(({ at, value }) =>
    `${x(at).toFixed(1)},${y(value).toFixed(1)}`
  );
  const [first, last] = [series[0], series.at(-1)];
  const area = first === undefined || last === undefined
    ? ""
    : `M${x(first.at).toFixed(1)},${HEIGHT}L${points.join("L")}L${
      x(last.at).toFixed(1)
    },${HEIGHT}Z`;
  const label = `depth over 30 s: now ${depth}, at most ${most}` +
    (maxsize > 0 ? `, full at ${maxsize}` : "");
  return svg(
    "svg",
    {
      class: "curve",
      role: "img",
      "aria-label": label,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    },
    svg("title", {}, label),
    svg("path", { class: "area", d: area }),
    svg("polyline", { class: "line", points: points.join(" ") }),
    hasLine &&
      svg("line", {
        class: "most",
        x1: 0,
        x2: WIDTH,
        y1: y(maxsize),
        y2: y(maxsize),
      }),
  );
}

/** The card of locks, semaphores, conditions, events and barriers. */
export function locks(view: View): HTMLElement | null {
  const all = view.now.objects.filter((one): one is Locks =>
    one.kind !== "queue" && one.kind !== "pipe"
  );
  const shown = chosen(
    all,
    (one) => one.waiters.length + (one.kind === "lock" ? one.takers.length : 0) > 0,
  );
  return all.length === 0 ? null : card(
    "locks",
    "Locks and the like",
    table(
      [["name"], ["holder, or state"], ["who waits"], ["grants/s", "number"]],
      shown.map((one) => [
        heading(one),
        stateOf(view, one),
        waiting(view, one.waiters),
        one.kind === "lock" ? rate(view.rate(one.id, 1)) : "",
      ]),
    ),
    leftOut(all.length, shown.length),
  );
}

function stateOf(view: View, one: Locks): Content {
  switch (one.kind) {
    case "lock": {
      const takers = names(
        byProcess(one.takers).map(({ process, age, times }) => [
          view.processName(process),
          times > 1 && ` ×${times}`,
          since(age),
        ]),
      );
      if (!one.isOwned) {
        return [
          el("span.dim", {}, `${one.value} free`),
          one.takers.length > 0 && ": ",
          takers,
        ];
      }
      return one.takers.length === 0 ? el("span.dim", {}, "free") : takers;
    }
    case "event":
      return el("span.dim", {}, one.isSet ? "set" : "not set");
    case "barrier":
      return el(
        "span.dim",
        {},
        one.isSet ? "broken" : `${one.waiters.length} of ${one.parties} are there`,
      );
    case "condition":
      return one.lock !== null &&
        [el("span.dim", {}, "with "), view.objectName(one.lock)];
  }
}

/** Who has taken it, each once, and how often. */
function byProcess(takers: LockSnapshot["takers"]) {
  const found = new Map<
    number,
    { process: number; age: number | null; times: number }
  >();
  for (const { process, age } of takers) {
    const times = (found.get(process)?.times ?? 0) + 1;
    found.set(process, { process, age: found.get(process)?.age ?? age, times });
  }
  return [...found.values()];
}

/** The card of the pipes. */
export function pipes(view: View): HTMLElement | null {
  const all = view.now.objects.filter((one) => one.kind === "pipe");
  const shown = chosen(
    all,
    ({ depth, readers, writers }) => depth + readers.length + writers.length > 0,
  );
  return all.length === 0 ? null : card(
    "pipes",
    "Ends of pipes",
    table(
      [["name"], ["to be received", "number"], ["sent/s", "number"], [
        "who waits",
      ]],
      shown.map((one) => [
        heading(one),
        [
          count(one.depth),
          one.bytes > 0 && el("span.dim", {}, ` ${count(one.bytes)} B`),
        ],
        rate(view.rate(one.id, 1)),
        waitingAtPipe(view, one),
      ]),
    ),
    leftOut(all.length, shown.length),
  );
}

function waitingAtPipe(
  view: View,
  { readers, writers }: PipeSnapshot,
): Content {
  const part = (title: string, all: PipeSnapshot["readers"]) =>
    all.length > 0 &&
    el("div", {}, el("span.dim", {}, title), waiting(view, all));
  return [part("recv: ", readers), part("send: ", writers)];
}
