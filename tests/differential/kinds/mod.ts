/**
 * All kinds of programs.
 *
 * @module
 */
import { Dice, type Program, Writer } from "../program.ts";
import { junkCalls, junkManaged } from "./junk.ts";
import { lockHandOffs, locks } from "./locks.ts";
import { pipes, talks } from "./pipes.ts";
import { managed, served, threads } from "./managed.ts";
import { ctypes, segments } from "./memory.ts";
import { children, listeners, ownManagers, structures, waits } from "./more.ts";
import { contexts, logs, threadLives, unsendable } from "./others.ts";
import { pools, threadPools } from "./pools.ts";
import { lives, unstarted } from "./processes.ts";
import { handOffs, queues } from "./queues.ts";

/** One kind. */
interface Kind {
  write(writer: Writer, length: number): void;
  /** Steps of a program, at least. */
  length: number;
  /** Programs of a run. */
  programs: number;
  /** A mechanism that it is also run without. */
  without?: string;
}

/** All, by name. */
export const KINDS: Record<string, Kind> = {
  "queues": { write: queues, length: 60, programs: 5 },
  "hand-offs": { write: handOffs, length: 40, programs: 2 },
  "locks": { write: locks, length: 80, programs: 5 },
  "locks of children": { write: lockHandOffs, length: 30, programs: 1 },
  "pipes": { write: pipes, length: 80, programs: 5 },
  "processes": { write: unstarted, length: 80, programs: 4 },
  "lives": { write: lives, length: 60, programs: 1 },
  "pools": { write: pools, length: 60, programs: 1 },
  "thread pools": { write: threadPools, length: 60, programs: 4 },
  "managed data": { write: managed, length: 120, programs: 1 },
  "managed objects": { write: served, length: 120, programs: 1 },
  "threads": { write: threads, length: 100, programs: 4 },
  "ctypes": { write: ctypes, length: 120, programs: 4, without: "mapping" },
  "segments": { write: segments, length: 100, programs: 3, without: "mapping" },
  "contexts": { write: contexts, length: 100, programs: 3 },
  "lives of threads": { write: threadLives, length: 80, programs: 4 },
  "unsendable": { write: unsendable, length: 80, programs: 2 },
  "logs": { write: logs, length: 24, programs: 1 },
  "own managers": { write: ownManagers, length: 60, programs: 1 },
  "listeners": { write: listeners, length: 30, programs: 1 },
  "waits": { write: waits, length: 40, programs: 1 },
  "structures": { write: structures, length: 80, programs: 4, without: "mapping" },
  "children": { write: children, length: 22, programs: 1 },
  "talks": { write: talks, length: 40, programs: 1 },
};

/**
 * Kinds in which differences are known that are neither mended nor declared: values of any
 * type for arguments whose type CPython never looks at, or looks at later. The task runs
 * them if they are named.
 */
export const UNSETTLED: Record<string, Kind> = {
  "any arguments": { write: junkCalls, length: 120, programs: 3 },
  "any arguments for managed data": { write: junkManaged, length: 120, programs: 1 },
};

/** The `n`th run of programs of a kind. */
export function programsOf(kind: string, seed: number, n: number): Program[] {
  const all = { ...KINDS, ...UNSETTLED };
  const { write, length, programs } = all[kind]!;
  const place = Object.keys(all).indexOf(kind);
  return Array.from({ length: programs }, (_, i) => {
    const dice = new Dice(((seed * 31 + place) * 100_003 + n) * 101 + i);
    const writer = new Writer(dice);
    write(writer, length);
    return { kind, steps: writer.steps };
  });
}
