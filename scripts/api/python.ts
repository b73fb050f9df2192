/**
 * The public names of CPython's multiprocessing, which `scripts/python_api.py` has asked
 * CPython for.
 *
 * @module
 */
import table from "../python_api.json" with { type: "json" };

/** A name of a module. */
export interface PythonName {
  kind: string;
  /** `(a, b=1, *, c=None)`: a function's parameters, or those that make an object. */
  parameters?: string;
  /** Another name of the same class. */
  is?: string;
  /** All bases of a class, the nearest first. */
  bases?: string[];
  /** A class's: parameters for a method, or `property`, or `attribute`. */
  members?: Record<string, string>;
  value?: string;
}

/** A module's names. */
export type PythonModule = Record<string, PythonName>;

/** The modules, by name. */
export const modules = table.modules as unknown as Record<string, PythonModule>;

/** Parameters of functions by their full names, such as `Queue.get`; two may share one. */
export const signatures = table.signatures as Record<string, string[]>;

/** A parameter; without a default it must be given. */
export interface PythonParameter {
  name: string;
  default?: string;
  /** Whether it cannot be given by name. */
  isPositionalOnly: boolean;
}

/** The parameters of a function. */
export interface PythonParameters {
  positional: PythonParameter[];
  keywordOnly: PythonParameter[];
  /** Whether it takes any number of further arguments. */
  isOpen: boolean;
}

/** Reads `(a, b=1, /, *, c=None)`, with `static ` or without. */
export function parseParameters(text: string): PythonParameters {
  const result: PythonParameters = { positional: [], keywordOnly: [], isOpen: false };
  let list = result.positional;
  for (const part of split(text.slice(text.indexOf("(") + 1, -1))) {
    if (part === "/") {
      for (const one of result.positional) one.isPositionalOnly = true;
    } else if (part.startsWith("*")) {
      if (/^\*\w/.test(part)) result.isOpen = true;
      if (!part.startsWith("**")) list = result.keywordOnly;
    } else {
      const [name, ...rest] = part.split("=") as [string, ...string[]];
      const value = rest.length === 0 ? {} : { default: rest.join("=") };
      list.push({ name, isPositionalOnly: false, ...value });
    }
  }
  return result;
}

/** At the commas that are in no brackets. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0, start = 0;
  for (const [i, char] of [...text].entries()) {
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** A class and its bases, by which lists name a member. */
export function withBases(name: string, { bases = [], is }: PythonName): string[] {
  return [...new Set([name, ...is === undefined ? [] : [is], ...bases])];
}
