/**
 * The objects of `Temporal`, where the runtime has it: by their texts, which lose nothing;
 * durations by their fields, as `PT1.5S` may be 1500 milliseconds.
 *
 * @module
 */
import { UnpicklingError } from "../python/errors.ts";
import { type Reduced, ReducedKind } from "./kinds.ts";

/** The classes of `Temporal`. */
type Classes = Record<
  string,
  | { prototype: object; from(text: string): object; new (...parts: number[]): object }
  | undefined
>;

const UNITS = [
  ...["years", "months", "weeks", "days", "hours", "minutes", "seconds"],
  ...["milliseconds", "microseconds", "nanoseconds"],
];

/** Reduces an object of one of the classes themselves; undefined for others. */
export function reduceTemporal(value: object): Reduced | undefined {
  const tag: unknown =
    (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (typeof tag !== "string" || !tag.startsWith("Temporal.")) return undefined;
  const name = tag.slice("Temporal.".length);
  const own = classes()?.[name];
  if (own === undefined || Object.getPrototypeOf(value) !== own.prototype) {
    return undefined;
  }
  const content = name === "Duration"
    ? UNITS.map((unit) => (value as Record<string, unknown>)[unit])
    : String(value);
  return { kind: ReducedKind.Temporal, head: [name, content] };
}

/** Makes one. */
export function makeTemporal(head: unknown): object {
  const [name, content] = Array.isArray(head) ? head : [];
  const all = classes();
  if (all === undefined) throw new UnpicklingError("there is no Temporal here");
  const found = typeof name === "string" && name !== "Now" && Object.hasOwn(all, name)
    ? all[name]
    : undefined;
  try {
    if (typeof content === "string") return found!.from(content);
    if (name === "Duration" && Array.isArray(content)) return new found!(...content);
  } catch {
    // below
  }
  throw new UnpicklingError("malformed Temporal object");
}

function classes(): Classes | undefined {
  return (globalThis as unknown as { Temporal?: Classes }).Temporal;
}
