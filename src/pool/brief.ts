/**
 * Texts about the arguments of calls, and whether one costs little. Pure.
 *
 * @module
 */
import { repr } from "../python/repr.ts";

/** Characters of such a text. */
const WIDTH = 120;

/** The arguments as Python would show them, shortened. */
export function textOf(args: readonly unknown[]): string {
  const text = args.map(repr).join(", ");
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 3)}...`;
}

/** Values within values, and characters, that are looked at. */
const MOST = 200;
const MOST_CHARACTERS = 1000;

/** Whether there is not much in a value: no getter of it is called. */
export function isBrief(value: unknown): boolean {
  let left = MOST;
  const isShort = (value: unknown): boolean => {
    if (--left < 0) return false;
    if (typeof value === "string") return value.length <= MOST_CHARACTERS;
    if (typeof value !== "object" || value === null) return true;
    if (Array.isArray(value)) return value.length <= MOST && value.every(isShort);
    if (ArrayBuffer.isView(value)) return value.byteLength <= MOST;
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) return false;
    const members = Object.values(Object.getOwnPropertyDescriptors(value));
    return members.length <= MOST && members.every((member) => isShort(member.value));
  };
  return isShort(value);
}
