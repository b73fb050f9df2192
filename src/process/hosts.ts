/**
 * Other hosts and containers, as the options `host` and `hosts` and `set_executable` name them.
 * Not in CPython.
 *
 * @module
 */
import { pythonTypeName, repr } from "../python/arguments.ts";
import { isPlain } from "../python/repr.ts";
import { ValueError } from "../python/errors.ts";
import { isURL } from "../runtime/brands.ts";
import { pathOf } from "../runtime/paths.ts";
import type { HostConfig } from "../link/launch.ts";

/**
 * Another machine or a container, and the way there.
 *
 * Nothing but the program itself has to be there: a runtime (Deno, Bun or Node), this package
 * in the same version, and the program's modules. Processes there have all but the memory of
 * this machine: see docs/hosts.md.
 */
export interface Host {
  /**
   * What runs a program there, and hands on its stdin, stdout and stderr: the words before
   * the program. `["ssh", "-T", "user@worker1"]`, `["docker", "run", "-i", "--rm", "image"]`.
   */
  readonly command: readonly string[];
  /** What errors call it; by default the last word of the command. */
  readonly name?: string;
  /**
   * The runtime's program there, a path or a name that is looked for there; by default the
   * name of the one that runs this process: `deno`, `bun` or `node`.
   */
  readonly executable?: string;
  /**
   * Folders of this machine, and where the same is there: `{ "/home/me/project": "/app" }`.
   * By default the program has the same paths on both.
   */
  readonly folders?: Readonly<Record<string, string>>;
  /**
   * The directory there that processes run in. By default that of this process, if there is
   * one of that name there, or else the one in which the command begins.
   */
  readonly cwd?: string;
  /**
   * Whether the command hands its words to a shell, as `ssh` does, so that they are quoted.
   * By default it is so if the command has `ssh` in it.
   */
  readonly quote?: boolean;
  /** In `hosts` of a pool: how many workers there are to be there for one elsewhere; 1 else. */
  readonly weight?: number;
}

/**
 * A host: a description; the command alone, as a list; or what `ssh` calls it, `user@worker1`.
 */
export type HostOption = string | readonly string[] | Host;

/** How `ssh` is called for a host that is given by its name; it asks nobody anything. */
const SSH = [
  ...["ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"],
  ...["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4", "--"],
];

const NAMES = ["command", "name", "executable", "folders", "cwd", "quote", "weight"];

/** A command that has a shell read its words there. */
const IS_SSH = /(^|[/\\])(auto)?ssh(\.exe)?$/;

/**
 * Reads a host.
 *
 * @param option What the user gives; not null.
 * @param what What errors call it.
 * @throws {TypeError | ValueError} if it is malformed
 */
export function asHost(option: unknown, what: string): HostConfig {
  if (typeof option === "string") {
    if (option === "" || /^-|[\s\0]/.test(option)) {
      throw new ValueError(`${what} must be a host's name, not ${repr(option)}`);
    }
    return asHost({ command: [...SSH, option] }, what);
  }
  if (Array.isArray(option)) return asHost({ command: option }, what);
  if (!isPlain(option)) {
    const type = pythonTypeName(option);
    throw new TypeError(`${what} must be a name, a command or an object, not ${type}`);
  }
  for (const name of Object.keys(option)) {
    if (!NAMES.includes(name)) {
      throw new TypeError(`${what} got an unexpected field '${name}'`);
    }
  }
  const given = option as Record<string, unknown>;
  const command = asWords(given["command"], `${what}.command`);
  const text = (name: string) => asText(given[name], `${what}.${name}`);
  const { quote } = given;
  if (quote !== undefined && typeof quote !== "boolean") {
    throw new TypeError(
      `${what}.quote must be a boolean, not ${pythonTypeName(quote)}`,
    );
  }
  asWeight(option, what);
  return {
    name: text("name") ?? command.at(-1)!,
    command,
    executable: text("executable") ?? null,
    folders: asFolders(given["folders"], `${what}.folders`),
    cwd: text("cwd") ?? null,
    quote: quote ?? command.some((word) => IS_SSH.test(word)),
  };
}

/** How many workers a host of a pool is to have for one elsewhere. @throws as above */
export function asWeight(option: unknown, what: string): number {
  const weight = (option as Host | null)?.weight ?? 1;
  if (typeof weight !== "number") {
    const type = pythonTypeName(weight);
    throw new TypeError(`${what}.weight must be a number, not ${type}`);
  }
  if (weight > 0 && weight < Infinity) return weight;
  throw new ValueError(`${what}.weight must be greater than 0`);
}

function asWords(value: unknown, what: string): string[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`${what} must be a list, not ${pythonTypeName(value)}`);
  }
  if (value.length === 0 || value[0] === "") {
    throw new ValueError(`${what} must name a program`);
  }
  return value.map((word, i) => {
    const text = asText(word, `${what}[${i}]`);
    if (text !== undefined) return text;
    throw new TypeError(`${what}[${i}] must be a string`);
  });
}

function asText(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") {
    throw new TypeError(`${what} must be a string, not ${pythonTypeName(value)}`);
  }
  if (value.includes("\0")) throw new ValueError("embedded null byte");
  return value;
}

function asFolders(value: unknown, what: string): HostConfig["folders"] {
  if (value === undefined || value === null) return [];
  if (!isPlain(value)) {
    throw new TypeError(`${what} must be an object, not ${pythonTypeName(value)}`);
  }
  const folders = Object.entries(value).map(([key, there]): [string, string] => {
    const path = /^file:/.test(key) ? pathOf(key) : key;
    const target = asText(
      isURL(there) ? pathOf(there) : there,
      `${what}[${repr(key)}]`,
    );
    const isWhole = /^([/\\]|[A-Za-z]:)/.test(path) &&
      /^([/\\]|[A-Za-z]:)/.test(target ?? "");
    if (isWhole) return [path.replace(/(?<=.)[/\\]$/, ""), target!];
    throw new ValueError(`${what} must have absolute paths: ${repr(key)}`);
  });
  return folders.sort(([one], [other]) => other.length - one.length);
}
