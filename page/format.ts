/**
 * Numbers, times and places as people read them.
 *
 * @module
 */
import type { Place } from "../src/inspect/snapshot.ts";

/** A space at which no line is broken. */
const SPACE = "\u00a0";

/** A duration in seconds: `181 ms`, `22.7 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(seconds: number): string {
  return words(seconds).replaceAll(" ", SPACE);
}

function words(seconds: number): string {
  if (seconds < 0.0005) return `${Math.max(0, Math.round(seconds * 1e6))} µs`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
  ];
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return `${minutes} min ${two(whole % 60)} s`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** A number of bytes: `132 MB`. */
export function bytes(value: number): string {
  if (value < 1000) return `${value}${SPACE}B`;
  const [unit, size] = value < 999_500
    ? ["kB", 1e3]
    : value < 999_500_000
    ? ["MB", 1e6]
    : ["GB", 1e9];
  const amount = value / size;
  return `${amount < 9.995 ? amount.toFixed(2) : Math.round(amount)}${SPACE}${unit}`;
}

/** A number that counts: `2,576`, `1.4 M`. */
export function count(value: number): string {
  if (value < 1e6) return Math.round(value).toLocaleString("en");
  return value < 1e9
    ? `${(value / 1e6).toFixed(1)}${SPACE}M`
    : `${(value / 1e9).toFixed(1)}${SPACE}G`;
}

/** A number a second: `0`, `2.4`, `1,200`. */
export function rate(value: number): string {
  return value > 0 && value < 9.95 ? value.toFixed(1) : count(value);
}

/** A share: `65 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}${SPACE}%`;
}

/** The last part of a path or address. */
export function fileName(file: string): string {
  return file.split(/[\\/]/).at(-1) || file;
}

/** A line of the program: `work.ts:11`. */
export function placeText({ file, line }: Place): string {
  return `${fileName(file)}:${line}`;
}
