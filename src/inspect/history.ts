/**
 * The last half minute of an observed program: what the page draws as curves and lanes, and
 * the last lines that were printed. The server fills one from snapshots and sends what is
 * new; the page keeps one of its own by that.
 *
 * It only computes, and is bounded whatever the snapshots hold.
 *
 * @module
 */
import type {
  ObjectSnapshot,
  OutputLine,
  PoolSnapshot,
  Snapshot,
  SpanSnapshot,
} from "./snapshot.ts";

/** Milliseconds that are remembered. */
export const WINDOW = 30_000;

/** What is kept at most, of each kind; the oldest goes first. */
const MAX_FRAMES = 600;
const MAX_SPANS = 20_000;
const MAX_LINES = 500;
/** Objects whose counters a frame has. */
const MAX_OBJECTS = 500;

/**
 * The counters of an object or pool at one instant:
 *
 * | of | 0 | 1 | 2 |
 * | --- | --- | --- | --- |
 * | a queue | depth | puts | gets |
 * | an end of a pipe | depth | sends | receives |
 * | a lock | permits taken | grants | |
 * | a pool | queued | done | |
 */
export type Counters = readonly number[];

/** The counters at one instant. */
export interface Frame {
  /** Counts the frames, from 1. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By the number of the object. */
  readonly objects: Readonly<Record<string, Counters>>;
  /** By the number of the pool. */
  readonly pools: Readonly<Record<string, Counters>>;
}

/** A task of a pool's lanes. */
export interface PoolSpan extends SpanSnapshot {
  readonly seq: number;
  readonly pool: number;
}

/** A printed line. */
export interface SeenLine extends OutputLine {
  readonly seq: number;
}

/** What has become known since some frame. */
export interface Update {
  /** The number of the last frame; 0 if there is none. */
  readonly seq: number;
  /** The last snapshot, without what `spans` and `output` have. */
  readonly now: Snapshot | null;
  readonly frames: readonly Frame[];
  readonly spans: readonly PoolSpan[];
  readonly output: readonly SeenLine[];
}

/** The last half minute. */
export class History {
  #seq = 0;
  #now: Snapshot | null = null;
  #frames: Frame[] = [];
  #spans: PoolSpan[] = [];
  #output: SeenLine[] = [];

  /** The last snapshot. */
  get now(): Snapshot | null {
    return this.#now;
  }

  /** The number of the last frame. */
  get seq(): number {
    return this.#seq;
  }

  /** The frames, oldest first. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** The tasks that have ended, in the order in which that was told. */
  get spans(): readonly PoolSpan[] {
    return this.#spans;
  }

  /** The lines, oldest first. */
  get output(): readonly SeenLine[] {
    return this.#output;
  }

  /** Takes a snapshot into it. */
  add(snapshot: Snapshot): void {
    const seq = this.#seq + 1;
    const pools = snapshot.pools.map((pool) => ({ ...pool, spans: [] }));
    this.apply({
      seq,
      now: { ...snapshot, pools, output: [] },
      frames: [frameOf(seq, snapshot)],
      spans: snapshot.pools.flatMap(({ id, spans }) =>
        spans.map((span) => ({ ...span, seq, pool: id }))
      ),
      output: snapshot.output.map((line) => ({ ...line, seq })),
    });
  }

  /** Takes in what another one has sent. */
  apply({ seq, now, frames, spans, output }: Update): void {
    this.#seq = seq;
    if (now === null) return;
    this.#now = now;
    const first = now.at - WINDOW;
    this.#frames = [...this.#frames, ...frames].filter(({ at }) => at >= first)
      .slice(-MAX_FRAMES);
    this.#spans = [...this.#spans, ...spans].filter((span) => endOf(span) >= first)
      .slice(-MAX_SPANS);
    this.#output = [...this.#output, ...output].slice(-MAX_LINES);
  }

  /** What is new since the frame `seq`; all for 0. */
  since(seq: number): Update {
    const isNew = (one: { seq: number }) => one.seq > seq;
    return {
      seq: this.#seq,
      now: this.#now,
      frames: this.#frames.filter(isNew),
      spans: this.#spans.filter(isNew),
      output: this.#output.filter(isNew),
    };
  }
}

/** Milliseconds since 1970 when a task ended. */
export function endOf({ begin, seconds }: SpanSnapshot): number {
  return begin + 1000 * seconds;
}

function frameOf(seq: number, { at, objects, pools }: Snapshot): Frame {
  const counters = objects.slice(0, MAX_OBJECTS).flatMap((object) => {
    const found = countersOf(object);
    return found === undefined ? [] : [[object.id, found] as const];
  });
  return {
    seq,
    at,
    objects: Object.fromEntries(counters),
    pools: Object.fromEntries(pools.map((pool) => [pool.id, ofPool(pool)])),
  };
}

function countersOf(object: ObjectSnapshot): Counters | undefined {
  switch (object.kind) {
    case "queue":
      return [object.depth, object.puts, object.gets];
    case "pipe":
      return [object.depth, object.sends, object.receives];
    case "lock":
      return [object.takers.length, object.grants];
    default:
      return undefined;
  }
}

function ofPool({ queued, done }: PoolSnapshot): Counters {
  return [queued, done];
}
