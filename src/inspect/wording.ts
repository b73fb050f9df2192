/**
 * How processes, objects, places and times are called in texts for people: of deadlocks, of
 * lock orders and of the dump. Names come from the program and its input, so nothing of
 * them that a terminal could take for a command gets through.
 *
 * @module
 */
import type {
  ObjectSnapshot,
  Place,
  PoolSnapshot,
  ProcessSnapshot,
  Snapshot,
  WaitSnapshot,
} from "./snapshot.ts";

/** The longest name that is shown whole, in characters. */
const LONGEST_NAME = 80;
/** The most names in one line. */
const MOST_NAMES = 6;

/**
 * Control characters, line separators, marks that turn the direction of writing, halves of
 * surrogate pairs, and what has no width.
 */
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

/** The text with every character that is not plain written as an escape. */
export function plain(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The same, and not longer than `length` characters. */
export function short(text: string, length = LONGEST_NAME): string {
  const characters = Array.from(text.slice(0, 2 * length + 2));
  if (characters.length <= length) return plain(text);
  return `${plain(characters.slice(0, length - 1).join(""))}…`;
}

/** "transfer-1 (pid 982)", with the host if it is another one. */
export function processText({ name, pid, host }: ProcessSnapshot): string {
  return `${short(name)} (pid ${pid}${host === null ? "" : ` on ${short(host)}`})`;
}

/** "Queue “frames”", or "Queue 17" if its name is unknown. */
export function objectText({ type, name, id }: ObjectSnapshot): string {
  return name === null ? `${short(type)} ${id}` : `${short(type)} “${short(name)}”`;
}

/** "22.7 s", "3 min 5 s", "2 h 4 min". */
export function durationText(seconds: number): string {
  if (!(seconds >= 0)) return "? s";
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.floor(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "132 MB", "1.2 GB". */
export function memoryText(bytes: number): string {
  return bytes < 1e9
    ? `${Math.round(bytes / 1e6)} MB`
    : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** "1 process", "2 processes". */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "a, b", and how many more there are. */
export function listText<T>(
  list: readonly T[],
  text: (one: T) => string,
  most: number = MOST_NAMES,
): string {
  if (list.length <= most + 1) return list.map(text).join(", ");
  const first = list.slice(0, most).map(text);
  return `${first.join(", ")} and ${list.length - most} others`;
}

/** Writes places, with paths that begin where those of the program differ. */
export type PlaceText = (place: Place) => string;

/** A function that writes places of this snapshot: "src/work.ts:11:3 in transfer". */
export function placeTextOf(snapshot: Snapshot): PlaceText {
  const start = commonFolder(placesOf(snapshot).map(({ file }) => file));
  return ({ file, line, column, func }) => {
    const path = file.startsWith(start) ? file.slice(start.length) : file;
    const where = `${short(path, 200)}:${line}:${column}`;
    return func === null ? where : `${where} in ${short(func)}`;
  };
}

function placesOf({ processes, objects, pools }: Snapshot): Place[] {
  const places = [...objects, ...pools].map(({ place }) => place);
  for (const { waits, holds, orders } of processes) {
    for (const { place } of [...waits, ...holds]) places.push(place);
    for (const order of orders) places.push(order.firstPlace, order.secondPlace);
  }
  return places.filter((place) => place !== null);
}

/** What all paths begin with, up to and with a slash or backslash. */
function commonFolder(files: readonly string[]): string {
  let start: string | undefined;
  for (const file of files) {
    const folder = file.slice(
      0,
      Math.max(...separators.map((s) => file.lastIndexOf(s))) + 1,
    );
    start = start === undefined ? folder : commonStart(start, folder);
  }
  return start ?? "";
}

const separators = ["/", "\\"];

function commonStart(one: string, other: string): string {
  let length = 0;
  let end = 0;
  while (length < one.length && one[length] === other[length]) {
    if (separators.includes(one[length++]!)) end = length;
  }
  return one.slice(0, end);
}

/** What a snapshot has by its number. */
export interface Index {
  readonly processes: ReadonlyMap<number, ProcessSnapshot>;
  readonly objects: ReadonlyMap<number, ObjectSnapshot>;
  readonly pools: ReadonlyMap<number, PoolSnapshot>;
}

/** The processes, objects and pools of a snapshot by their numbers. */
export function indexOf({ processes, objects, pools }: Snapshot): Index {
  return {
    processes: new Map(processes.map((process) => [process.number, process])),
    objects: new Map(objects.map((object) => [object.id, object])),
    pools: new Map(pools.map((pool) => [pool.id, pool])),
  };
}

/** "transfer-1 (pid 982)", by its number. */
export function numberText(number: number, { processes }: Index): string {
  const process = processes.get(number);
  return process === undefined ? `process ${number}` : processText(process);
}

/** "Pool “resizers”", or "a pool". */
export function poolText(pool: PoolSnapshot | undefined): string {
  const name = pool?.name ?? null;
  return name === null ? "a pool" : `Pool “${short(name)}”`;
}

/** "waits in get() of Queue “q” for 1.0 s, at consumer.ts:3:73 in consumer". */
export function waitText(wait: WaitSnapshot, index: Index, place: PlaceText): string {
  const where = wait.place === null ? "" : `, at ${place(wait.place)}`;
  return `${whatText(wait, index)} for ${durationText(wait.age)}${where}`;
}

function whatText({ op, object, process, pool }: WaitSnapshot, index: Index): string {
  const method = `${short(op)}()`;
  if (object !== null) {
    const found = index.objects.get(object);
    if (found === undefined) return `waits in ${method} of object ${object}`;
    return found.kind === "lock" && op === "acquire"
      ? `waits for ${objectText(found)}`
      : `waits in ${method} of ${objectText(found)}`;
  }
  if (pool !== null) {
    const what = op === "join" ? "the end" : "a result";
    return `waits for ${what} of ${poolText(index.pools.get(pool))}`;
  }
  if (process === null) return `waits in ${method}`;
  const who = numberText(process, index);
  return op === "join" ? `joins ${who}` : `waits in ${method} for ${who}`;
}
