/**
 * A run of the benchmark as JSON, so that a later one can be compared with it.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import type { Case, Section } from "./cases.ts";
import { type Column, median } from "./table.ts";

/** Who was measured, and all figures of each case, one a round. */
interface Measured {
  name: string;
  figures: Map<string, number[]>;
}

/** The same for CPython and our runtimes. */
export interface Run extends Measured {
  version: string;
}

/** Where the figures are from. */
export interface Machine {
  system: string;
  cpu: string;
  cpus: number;
  memoryMB: number;
  /** How busy the machine was with other things, in running processes, as it began. */
  load: number;
}

/** One contestant's figures of one case. */
export interface Figure {
  median: number;
  /** Of every round; other packages are measured in one. */
  rounds: number[];
}

/** One case of all contestants. */
export interface Row {
  program: string;
  title: string;
  lessIsBetter?: true;
  /** By the contestant's name: `deno`, `Python 3.13.0`, `tinypool`. */
  figures: Record<string, Figure>;
  /** How many times another's figure ours is: by our runtime, then by the other's name. */
  ratios: Record<string, Record<string, number>>;
}

/** When, where and of what the figures are, as the run began. */
export interface Circumstances {
  date: string;
  /** A `+` at its end says that files had been changed since. */
  commit: string;
  machine: Machine;
  rounds: number;
}

/** A run of the benchmark. */
export interface BenchRecord extends Circumstances {
  /** Of CPython and our runtimes, by name. */
  versions: Record<string, string>;
  /** By the names of the cases. */
  rows: Record<string, Row>;
}

/** The circumstances as they are now. */
export function circumstances(rounds: number): Circumstances {
  const machine = {
    system: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cpus: cpus().length,
    memoryMB: Math.round(totalmem() / 1e6),
    load: loadavg()[0]!,
  };
  return { date: new Date().toISOString(), commit: commit(), machine, rounds };
}

/** What has been measured, as a record. */
export function toRecord(
  circumstances: Circumstances,
  sections: Section[],
  runs: Run[],
  peers: Column[],
): BenchRecord {
  const versions = Object.fromEntries(runs.map(({ name, version }) => [name, version]));
  const ofPeers = peers.map(({ name, figures }) => ({
    name,
    figures: new Map([...figures].map(([row, figure]) => [row, [figure]])),
  }));
  const python = runs.filter(({ name }) => name.startsWith("Python"));
  const ours = runs.filter((run) => !python.includes(run));
  const others = [...python, ...ofPeers];
  const rows: Record<string, Row> = {};
  for (const { program, cases } of sections) {
    for (const [name, about] of Object.entries(cases)) {
      rows[name] = toRow(program, name, about, ours, others);
    }
  }
  return { ...circumstances, versions, rows };
}

function toRow(
  program: string,
  name: string,
  { title, like, lessIsBetter }: Case,
  ours: Measured[],
  others: Measured[],
): Row {
  const row: Row = { program, title, figures: {}, ratios: {} };
  if (lessIsBetter) row.lessIsBetter = true;
  for (const run of [...ours, ...others]) {
    const rounds = run.figures.get(name);
    if (rounds === undefined) continue;
    row.figures[run.name] = { median: median(rounds), rounds };
  }
  for (const own of ours) {
    const figure = row.figures[own.name];
    if (figure === undefined) continue;
    const ratios: Record<string, number> = {};
    for (const other of others) {
      const rounds = other.figures.get(name) ?? other.figures.get(like ?? name);
      if (rounds !== undefined) ratios[other.name] = figure.median / median(rounds);
    }
    row.ratios[own.name] = ratios;
  }
  return row;
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no") !== "";
    return git("rev-parse", "HEAD") + (changed ? "+" : "");
  } catch {
    return "unknown";
  }
}

/** Writes a record to a file. */
export function writeRecord(path: string, record: BenchRecord): void {
  writeFileSync(path, JSON.stringify(record, null, 2) + "\n");
}

/** Reads a file that {@linkcode writeRecord} has written. */
export function readRecord(path: string): BenchRecord {
  const record = JSON.parse(readFileSync(path, "utf8"));
  if (typeof record?.rows !== "object") {
    throw new Error(`${path}: not written by the benchmark`);
  }
  return record;
}
