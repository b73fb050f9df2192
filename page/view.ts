/**
 * What the parts of the page are drawn from: the last half minute, and what can be asked
 * of it.
 *
 * @module
 */
import type { Counters, History } from "../src/inspect/history.ts";
import type {
  ObjectSnapshot,
  Place,
  ProcessSnapshot,
  Snapshot,
} from "../src/inspect/snapshot.ts";
import { type Content, el } from "./dom.ts";
import { duration, placeText } from "./format.ts";

/** Milliseconds over which something is counted a second. */
const RATE_TIME = 2500;

/** The names that a list has at most; it tells how many more there are. */
const MAX_NAMES = 4;

/** The instant that is shown, and what preceded it. */
export class View {
  readonly now: Snapshot;
  readonly history: History;
  readonly #processes: Map<number, ProcessSnapshot>;
  readonly #objects: Map<number, ObjectSnapshot>;

  constructor(now: Snapshot, history: History) {
    this.now = now;
    this.history = history;
    this.#processes = new Map(now.processes.map((one) => [one.number, one]));
    this.#objects = new Map(now.objects.map((one) => [one.id, one]));
  }

  /** The process that was started by the user. */
  get main(): ProcessSnapshot | undefined {
    return this.now.processes[0];
  }

  /** The name of a process. */
  processName(number: number): string {
    return this.#processes.get(number)?.name ?? `process ${number}`;
  }

  /** The name of an object, or its class and number. */
  objectName(id: number): string {
    const object = this.#objects.get(id);
    return object?.name ?? `${object?.type ?? "object"} ${id}`;
  }

  /** How fast a counter of an object grows, a second. */
  rate(id: number, index: number): number {
    return this.#rate(({ objects }) => objects[id], index);
  }

  /** How fast a counter of a pool grows, a second. */
  poolRate(id: number, index: number): number {
    return this.#rate(({ pools }) => pools[id], index);
  }

  #rate(
    of: (frame: History["frames"][number]) => Counters | undefined,
    index: number,
  ): number {
    const frames = this.history.frames;
    const last = frames.at(-1);
    const first = frames.find(({ at }) => at >= this.now.at - RATE_TIME);
    if (last === undefined || first === undefined || last.at <= first.at) {
      return 0;
    }
    // What was not there a moment ago has counted from nothing.
    const grown = (of(last)?.[index] ?? 0) - (of(first)?.[index] ?? 0);
    return Math.max(0, (1000 * grown) / (last.at - first.at));
  }

  /** An object's counter over the last half minute. */
  series(id: number, index: number): { at: number; value: number }[] {
    return this.history.frames.flatMap(({ at, objects }) => {
      const value = objects[id]?.[index];
      return value === undefined ? [] : [{ at, value }];
    });
  }
}

/** A line of the program, and the function there. */
export function placeOf(place: Place | null): Content {
  if (place === null) return null;
  const title = `${place.file}:${place.line}:${place.column}`;
  const func = place.func === null ? null : el("span.dim", {}, ` in ${place.func}`);
  return [" ", el("code.place", { title }, placeText(place)), func];
}

/** For how long. */
export function since(seconds: number | null): Content {
  return seconds === null ? null : el("span.dim", {}, ` ${duration(seconds)}`);
}

/** A few names, and how many more there are. */
export function names(all: readonly Content[]): Content {
  const shown = all.slice(0, MAX_NAMES).flatMap((one, i) =>
    i === 0 ? [one] : [", ", one]
  );
  const more = all.length - MAX_NAMES;
  return more > 0 ? [...shown, el("span.dim", {}, ` and ${more} more`)] : shown;
}

/** Processes that wait, each with for how long. */
export function waiting(
  view: View,
  all: readonly { process: number; age: number | null }[],
): Content {
  return names(
    all.map(({ process, age }) => [view.processName(process), since(age)]),
  );
}

/** A part of the page, with its heading; left out without content. */
export function card(
  name: string,
  title: Content,
  ...content: Content[]
): HTMLElement {
  const id = `title-${name}`;
  return el(
    `section.card.${name}`,
    { "aria-labelledby": id },
    el("h2", { id }, title),
    ...content,
  );
}

/**
 * A table: its columns, and rows of cells of which the first is the row's name. The roles
 * are those of the elements; they are said because on a phone a row is laid out otherwise,
 * and browsers then forget what it is.
 */
export function table(
  columns: readonly (readonly [title: string, kind?: string])[],
  rows: readonly (readonly Content[])[],
  rowKinds: readonly string[] = [],
): HTMLElement {
  const kind = (i: number) => columns[i]?.[1];
  const head = columns.map(([title], i) =>
    el("th", { role: "columnheader", scope: "col", class: kind(i) }, title)
  );
  const body = rows.map((cells, row) =>
    el(
      "tr",
      { role: "row", class: rowKinds[row] || undefined },
      cells.map((cell, i) =>
        i === 0
          ? el("th", { role: "rowheader", scope: "row", class: kind(i) }, cell)
          : el("td", { role: "cell", class: kind(i) }, cell)
      ),
    )
  );
  return el(
    "table",
    { role: "table" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)),
    el("tbody", { role: "rowgroup" }, body),
  );
}

/** Says how many rows are left out. */
export function leftOut(all: number, shown: number): Content {
  return all > shown &&
    el("p.dim", {}, `and ${all - shown} more, which are not shown`);
}
