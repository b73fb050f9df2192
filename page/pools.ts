/**
 * Pools: figures, and a lane for each worker with the tasks of the last half minute, each
 * function in a colour of its own. A task that runs is lighter, one that failed has a red
 * line below.
 *
 * @module
 */
import { endOf, type PoolSpan, WINDOW } from "../src/inspect/history.ts";
import type { PoolSnapshot } from "../src/inspect/snapshot.ts";
import { type Content, el, svg } from "./dom.ts";
import { count, duration, percent, rate } from "./format.ts";
import { card, leftOut, type View } from "./view.ts";

/** Colours of functions; red is what has failed. */
const COLOURS = [
  ...[
    "#2f6fde",
    "#62a81f",
    "#6a4bc8",
    "#c98a00",
    "#0d9aa8",
    "#b052b8",
    "#7d8794",
  ],
  ...["#8a6a35", "#2c7a4b", "#4f8fb8"],
];
const FAILED = "#d11f1f";

/** Pixels of a lane, and of one among many. */
const LANE = 19;
const THIN_LANE = 9;
const MANY = 32;
/** Lanes at most. */
const MAX_LANES = 128;
/** Functions that are named at most. */
const MAX_NAMED = 8;
/** Seconds between two marks of the axis. */
const MARK = 5;

/** The colour of each function, in the order in which they were seen. */
const colours = new Map<string, number>();

/** A bar on a lane. */
interface Bar {
  lane: number;
  func: string;
  begin: number;
  end: number;
  count: number;
  hasFailed: boolean;
  isRunning: boolean;
}

/** The cards of the pools. */
export function pools(view: View): HTMLElement[] {
  // One that has ended has none.
  const present = view.now.pools.filter(({ workers }) => workers.length > 0);
  return present.map((pool) => poolCard(view, pool));
}

function poolCard(view: View, pool: PoolSnapshot): HTMLElement {
  const lanes = pool.workers.slice(0, MAX_LANES);
  const bars = barsOf(view, pool);
  const name = pool.name === null ? "Pool" : `Pool “${pool.name}”`;
  const used = usedShare(view, pool, bars);
  const busy = lanes.filter(({ isBusy }) => isBusy).length;
  const isThin = lanes.length > MANY;
  const label = `${lanes.length} lanes over 30 s: ${percent(used)} used`;
  return card(
    `pool-${pool.id}`,
    [
      `${name} of ${pool.workers.length}`,
      view.now.pools.length > 1 &&
      el("span.dim", {}, ` in ${view.processName(pool.process)}`),
    ],
    figures([
      [percent(used), "used (30 s)"],
      [String(busy), "busy"],
      [count(pool.queued), "queued"],
      [count(pool.done), "done"],
      [rate(view.poolRate(pool.id, 1)), "a second"],
      [count(pool.failed), "failed", pool.failed > 0 ? "bad" : ""],
      ...timesOf("run", pool.run),
      ...timesOf("wait", pool.wait),
    ]),
    el(
      isThin ? "div.lanes.thin" : "div.lanes",
      {},
      el(
        "ol.plain.labels",
        {},
        lanes.map((worker) => el("li", {}, shortName(worker.name))),
      ),
      el("canvas", { role: "img", "aria-label": label, "data-pool": pool.id }),
    ),
    leftOut(pool.workers.length, lanes.length),
    legend(bars),
  );
}

function timesOf(
  name: string,
  { p50, p99 }: PoolSnapshot["run"],
): [string, string][] {
  if (p50 === null || p99 === null) return [];
  return [[`${duration(p50)} / ${duration(p99)}`, `${name} p50 / p99`]];
}

function figures(all: (readonly [string, string, string?])[]): Content {
  return el(
    "dl.figures",
    {},
    all.map(([value, title, kind]) =>
      el(
        "div",
        { class: kind || undefined },
        el("dd", {}, value),
        el("dt", {}, title),
      )
    ),
  );
}

/** `SpawnPoolWorker-8` is `Worker-8`. */
function shortName(name: string): string {
  return name.replace(/^(Spawn|ForkServer|Fork)?Pool(?=Worker)/i, "");
}

function barsOf(view: View, pool: PoolSnapshot): Bar[] {
  const lane = new Map(
    pool.workers.slice(0, MAX_LANES).map(({ name }, i) => [name, i]),
  );
  const ofSpan = (span: PoolSpan): Bar[] => {
    const found = lane.get(span.worker);
    if (span.pool !== pool.id || found === undefined) return [];
    const { func, begin, count, hasFailed } = span;
    const end = endOf(span);
    return [{
      lane: found,
      func,
      begin,
      end,
      count,
      hasFailed,
      isRunning: false,
    }];
  };
  const running = pool.workers.slice(0, MAX_LANES).flatMap(({ process }, i) => {
    const found = view.now.processes.find(({ number }) => number === process);
    return (found?.tasks ?? []).map(({ func, age }): Bar => {
      const begin = view.now.at - 1000 * age;
      const more = { count: 1, hasFailed: false, isRunning: true };
      return { lane: i, func, begin, end: view.now.at, ...more };
    });
  });
  return [...view.history.spans.flatMap(ofSpan), ...running];
}

/** The share of the workers' time that had a task, since there is anything to tell. */
function usedShare(view: View, pool: PoolSnapshot, bars: Bar[]): number {
  const { at } = view.now;
  const first = Math.max(
    at - WINDOW,
    Math.min(
      view.history.frames[0]?.at ?? at,
      ...bars.map(({ begin }) => begin),
    ),
  );
  if (at <= first || pool.workers.length === 0) return 0;
  const busy = bars.reduce(
    (sum, { begin, end }) =>
      sum + Math.max(0, Math.min(end, at) - Math.max(begin, first)),
    0,
  );
  return Math.min(
    1,
    busy / ((at - first) * Math.min(MAX_LANES, pool.workers.length)),
  );
}

function colourOf(func: string): number {
  if (!colours.has(func)) colours.set(func, colours.size % COLOURS.length);
  return colours.get(func)!;
}

/** The functions, each with its colour and how long it takes. */
function legend(bars: Bar[]): Content {
  const found = new Map<string, { tasks: number; time: number }>();
  for (const { func, begin, end, count, isRunning } of bars) {
    const one = found.get(func) ?? { tasks: 0, time: 0 };
    if (!isRunning) {
      one.tasks += count;
      one.time += end - begin;
    }
    found.set(func, one);
  }
  const all = [...found].sort(([, a], [, b]) => b.time - a.time);
  return el(
    "ul.plain.legend",
    {},
    all.slice(0, MAX_NAMED).map(([func, { tasks, time }]) =>
      el("li", {}, [
        svg(
          "svg",
          { class: "swatch", "aria-hidden": "true" },
          svg("rect", {
            width: 11,
            height: 11,
            rx: 2,
            fill: COLOURS[colourOf(func)]!,
          }),
        ),
        el("code", {}, func),
        el(
          "span.dim",
          {},
          tasks === 0 ? " runs" : ` ${count(tasks)} × ${duration(time / tasks / 1000)}`,
        ),
      ])
    ),
    all.length > MAX_NAMED &&
      el("li.dim", {}, `and ${all.length - MAX_NAMED} more`),
  );
}

/** Draws the lanes on the canvases that are on the page. */
export function drawPools(view: View): void {
  for (const canvas of document.querySelectorAll("canvas")) {
    const pool = view.now.pools.find(({ id }) => String(id) === canvas.dataset["pool"]);
    if (pool !== undefined) draw(canvas, view, pool);
  }
}

function draw(canvas: HTMLCanvasElement, view: View, pool: PoolSnapshot): void {
  const number = Math.min(MAX_LANES, pool.workers.length);
  const height = number > MANY ? THIN_LANE : LANE;
  const [width, ratio] = [canvas.clientWidth, devicePixelRatio];
  const axis = number * height + 4;
  canvas.style.height = `${axis + 16}px`;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((axis + 16) * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const x = (time: number) => width * (1 - (view.now.at - time) / WINDOW);
  context.fillStyle = style.getPropertyValue("--track");
  for (let i = 0; i < number; i++) {
    context.fillRect(0, i * height, width, height - 2);
  }
  context.fillStyle = style.getPropertyValue("--dim");
  context.strokeStyle = style.getPropertyValue("--rule");
  context.font = `11px ${style.fontFamily}`;
  for (let s = 0; s <= WINDOW / 1000; s += MARK) {
    const at = Math.round(x(view.now.at - 1000 * s)) + (s === 0 ? -0.5 : 0.5);
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, axis);
    context.stroke();
    const isFirst = s === WINDOW / 1000;
    context.textAlign = s === 0 ? "right" : isFirst ? "left" : "center";
    if (width > 60 * (WINDOW / 1000 / MARK) || s % (2 * MARK) === 0) {
      context.fillText(s === 0 ? "now" : `−${s} s`, at, axis + 12);
    }
  }
  for (const bar of barsOf(view, pool)) {
    const [left, right] = [Math.max(0, x(bar.begin)), x(bar.end)];
    if (right < 0) continue;
    const top = bar.lane * height;
    // A gap of half a pixel tells two tasks of one function apart.
    const wide = Math.max(1, right - left - 0.5);
    context.globalAlpha = bar.isRunning ? 0.5 : 1;
    context.fillStyle = COLOURS[colourOf(bar.func)]!;
    context.fillRect(left, top, wide, height - 2);
    context.globalAlpha = 1;
    if (!bar.hasFailed) continue;
    context.fillStyle = FAILED;
    context.fillRect(left, top + height - 5, Math.max(2, wide), 3);
  }
}

/** What lies under the pointer, in words. */
export function tellBar(view: View, event: MouseEvent): void {
  const canvas = event.target;
  if (!(canvas instanceof HTMLCanvasElement)) return;
  const pool = view.now.pools.find(({ id }) => String(id) === canvas.dataset["pool"]);
  if (pool === undefined) return;
  const time = view.now.at - WINDOW * (1 - event.offsetX / canvas.clientWidth);
  const height = pool.workers.length > MANY ? THIN_LANE : LANE;
  const lane = Math.floor(event.offsetY / height);
  const bar = barsOf(view, pool).findLast((one) =>
    one.lane === lane && one.begin <= time && time <= one.end
  );
  canvas.title = bar === undefined ? "" : textOf(bar);
}

function textOf(
  { func, begin, end, count, hasFailed, isRunning }: Bar,
): string {
  const time = duration((end - begin) / 1000);
  const many = count > 1 ? `${count} × ` : "";
  return `${many}${func}, ${time}${hasFailed ? ", failed" : isRunning ? ", runs" : ""}`;
}
