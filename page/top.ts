/**
 * What stands above the parts: figures of the whole program, deadlocks, inversions; and
 * what the processes have printed, which stands below them.
 *
 * @module
 */
import type { Deadlock, Inversion } from "../src/inspect/snapshot.ts";
import type { History } from "../src/inspect/history.ts";
import { type Content, el } from "./dom.ts";
import { bytes, duration, rate } from "./format.ts";
import { card, type View } from "./view.ts";

/** Lines of output that are shown at most. */
const MAX_LINES = 200;
/** Inversions that are shown at most. */
const MAX_WARNINGS = 5;

/** The figures of the program. */
export function figures(view: View): HTMLElement {
  const { processes, objects, pools } = view.now;
  const sum = (values: (number | null)[]) =>
    values.reduce<number>((a, b) => a + (b ?? 0), 0);
  const flowing = objects.filter(({ kind }) => kind === "queue" || kind === "pipe");
  const all: [string, string][] = [
    [
      String(processes.length),
      processes.length === 1 ? "process" : "processes",
    ],
    [sum(processes.map(({ cpu }) => cpu)).toFixed(2), "cores used"],
    [bytes(sum(processes.map(({ memory }) => memory))), "memory"],
    [rate(sum(flowing.map(({ id }) => view.rate(id, 2)))), "items/s"],
    [rate(sum(pools.map(({ id }) => view.poolRate(id, 1)))), "tasks/s"],
    [duration(view.main?.age ?? 0), "running"],
  ];
  return el(
    "dl.figures",
    {},
    all.map(([value, name]) => el("div", {}, el("dd", {}, value), el("dt", {}, name))),
  );
}

/** The name of the program, and what runs it. */
export function title(view: View): Content {
  const { runtime } = view.main ?? {};
  return [
    view.now.program,
    runtime !== undefined && el("span.dim", {}, ` · ${runtime}`),
  ];
}

/** What is wrong: deadlocks in red, locks that are taken in both orders in amber. */
export function banners(view: View): HTMLElement[] {
  const { deadlocks, inversions } = view.now;
  const more = inversions.length - MAX_WARNINGS;
  return [
    ...deadlocks.map((one) => ofDeadlock(view, one)),
    ...inversions.slice(0, MAX_WARNINGS).map(ofInversion),
    ...(more > 0 ? [el("p.dim", {}, `and ${more} more such warnings`)] : []),
  ];
}

function ofDeadlock(view: View, { processes, title, lines }: Deadlock): HTMLElement {
  // What is read aloud has no times: they change with each look.
  const who = processes.map((number) => view.processName(number)).join(", ");
  return el(
    "section.banner.bad",
    {},
    el("span.hidden", { role: "alert" }, `None of these can go on: ${who}`),
    el("h2", {}, title),
    el("pre", {}, lines.join("\n")),
  );
}

function ofInversion({ title, lines }: Inversion): HTMLElement {
  return el(
    "section.banner.warning",
    {},
    el("h2", {}, el("span", { role: "status" }, title)),
    el("pre", {}, lines.join("\n")),
  );
}

/** What was printed, with the time since the program began. */
export function output(view: View, history: History): HTMLElement | null {
  const lines = history.output.slice(-MAX_LINES);
  if (lines.length === 0) return null;
  const begin = view.now.at - 1000 * (view.main?.age ?? 0);
  return card(
    "output",
    "Output of the processes",
    el(
      "div.log",
      { tabindex: 0, role: "region", "aria-label": "Lines that were printed" },
      lines.map(({ at, process, stream, text }) =>
        el(`div.${stream}`, {}, [
          el("span.time", {}, `${((at - begin) / 1000).toFixed(1)} s`),
          el("span.who", {}, view.processName(process)),
          stream === "stderr" && el("span.hidden", {}, "stderr: "),
          el("span.text", {}, text),
        ])
      ),
    ),
  );
}
