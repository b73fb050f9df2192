/**
 * The flags of the runtime that a child is started with, but for those of its permissions:
 * inherited from this process, or given for the child; and its debugger, which needs a port
 * of its own. Only the root needs this file.
 *
 * On Deno, which does not tell a program its flags, those that are inherited are found by
 * permissions/deno_flags.ts.
 *
 * @module
 */
import { builtin, nodeProcess as process } from "./posix.ts";
import { runtimeOf } from "./other_runtime.ts";
import type { Runtime } from "./types.ts";

type Name = Runtime["name"];

/**
 * Flags that make no sense, or do harm, in a child: they name a program, a port, or a file
 * of variables that are inherited anyway.
 */
const NOT_INHERITED: Readonly<Record<Name, RegExp>> = {
  node:
    /^(-e|--eval|-p|--print|-pe|-c|--check|-i|--interactive|--input-type|--test.*|--experimental-test-.*|--watch.*|--inspect.*|--debug-port|--run|--env-file.*|--(experimental-)?entry-url|--build-.*|--experimental-sea-config|--prof-process)$/,
  bun:
    /^(-e|--eval|-p|--print|-t|--test-.*|--hot|--watch|--no-clear-screen|--inspect.*|--cwd|--env-file|--filter|-F)$/,
  deno: /^$/,
};

/** Flags that name a program, or end the flags, so that no child would run. */
const NAMES_PROGRAM: Readonly<Record<Name, RegExp>> = {
  node:
    /^(-e|--eval|-p|--print|-pe|-c|--check|-i|--interactive|--input-type|--test|--watch|--run|--build-.*|--prof-process|--v8-options|--completion-bash|-h|--help|-v|--version|-|--)$/,
  bun: /^(-e|--eval|-p|--print|--hot|--watch|-h|--help|-v|--version|--revision|-|--)$/,
  deno: /^(--watch|--watch-hmr|-h|--help|-V|--version|-|--)$/,
};

/** Flags of permissions, on any runtime. */
const PERMITS =
  /^(-A|--(allow|deny|ignore)-[a-z-]+|-P|--permission-set|--permission|--experimental-permission|-[RWNESI]+)$/;

/** Flags whose value may be a path, and then is relative to where the runtime was started. */
const TAKES_PATH =
  /^(-r|--require|--import|--preload|--loader|--experimental-loader|--config|--tsconfig-override|--icu-data-dir|--openssl-config)$/;

/** The flags by which a debugger is listened to, and that which only names the port. */
const INSPECTS = /^(--inspect(?:-brk|-wait)?|--inspect-port|--debug-port)$/;

/** The part of a flag before `=`. */
function nameOf(flag: string): string {
  return flag.split("=", 1)[0]!;
}

/** Flags, each with its value, which may be the next word: no value begins with `-`. */
export function groupFlags(words: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const word of words) {
    if (word.startsWith("-")) groups.push([word]);
    else groups.at(-1)?.push(word);
  }
  return groups;
}

/**
 * The flags among these that a child inherits.
 *
 * @param cwd The directory that paths are relative to.
 */
export function inheritedFlags(
  runtime: Name,
  words: readonly string[],
  cwd: () => string,
): string[] {
  return groupFlags(words)
    .filter(([flag]) => !NOT_INHERITED[runtime].test(nameOf(flag!)))
    .flatMap((group) => withWholePath(group, cwd));
}

function withWholePath([flag, ...values]: string[], cwd: () => string): string[] {
  const name = nameOf(flag!);
  if (!TAKES_PATH.test(name)) return [flag!, ...values];
  const whole = (path: string) =>
    /^\.\.?[\\/]/.test(path) ? builtin("node:path").resolve(cwd(), path) : path;
  if (name === flag) return [flag, ...values.map(whole)];
  return [`${name}=${whole(flag!.slice(name.length + 1))}`, ...values];
}

/** Why these words cannot be a child's flags; undefined if they can. */
export function refusal(runtime: Name, words: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    const name = nameOf(word);
    if (NAMES_PROGRAM[runtime].test(name)) {
      return `'${word}' would keep the process from running its target`;
    }
    if (PERMITS.test(name)) {
      return `'${word}' is given by the option permissions`;
    }
    const isFlag = word.startsWith("-");
    const follows = at > 0 && words[at - 1]!.startsWith("-") &&
      !words[at - 1]!.includes("=");
    if (!isFlag && !follows) return `'${word}' is no flag`;
  }
  return undefined;
}

/** How a child's debugger is listened to. */
export interface Inspection {
  flag: string;
  host: string;
  /** The first port that is tried; 0 for any. */
  from: number;
}

/** The port that is tried first if a flag names none. */
const FIRST_PORT = 9229;

/** Takes the flags for a debugger away from flags; the other flags, and what those ask. */
export function takeInspection(
  words: readonly string[],
): { flags: string[]; inspection: Inspection | undefined } {
  const flags: string[] = [];
  let flag: string | undefined;
  let place: string | undefined;
  for (const group of groupFlags(words)) {
    const name = nameOf(group[0]!);
    if (!INSPECTS.test(name)) {
      flags.push(...group);
      continue;
    }
    if (!name.endsWith("-port")) flag = name;
    const value = name === group[0] ? group[1] : group[0]!.slice(name.length + 1);
    place = value ?? place;
  }
  const [, host = "127.0.0.1", port = ""] =
    /^(?:(\[[^\]]*\]|[^:]*[^\d:][^:]*):?)?(\d*)/.exec(place ?? "") ?? [];
  const from = port === "" ? FIRST_PORT : Number(port);
  return { flags, inspection: flag === undefined ? undefined : { flag, host, from } };
}

/**
 * Flags by which Node does not listen to a debugger, although its variable for options says
 * so: all processes have the variable, and one port is there for one of them.
 */
export function withoutInspector(options: string | undefined): string[] {
  const found =
    (options ?? "").match(/(?<=^|[\s"])--inspect(-brk|-wait)?(?=[=\s"]|$)/g) ??
      [];
  return [...new Set(found)].map((flag) => flag.replace("--", "--no-"));
}

/** The same for Bun, which has no such flags: the variables without what they say of it. */
export function withoutBunInspector(
  env: Record<string, string>,
): Record<string, string> {
  const { BUN_INSPECT: _, BUN_INSPECT_NOTIFY: __, BUN_OPTIONS, ...rest } = env;
  if (BUN_OPTIONS === undefined) return rest;
  const options = BUN_OPTIONS.replace(/(^|\s)--inspect\S*/g, "").trim();
  return options === "" ? rest : { ...rest, BUN_OPTIONS: options };
}

/** What is asked for a child, and what it is started with. */
export interface Start {
  /** The program; undefined for that of this runtime. */
  executable: string | undefined;
  /** Flags instead of those that are inherited; undefined for these. */
  execArgv: readonly string[] | undefined;
  /** The first port to listen at for a debugger, 0 for any; undefined for none. */
  inspect: number | undefined;
  env: Record<string, string> | undefined;
}

/** See {@linkcode startFlags}. */
export interface StartFlags {
  flags: string[];
  env: Record<string, string> | undefined;
  /** The port at which it listens to a debugger. */
  port: number | undefined;
  /** How a debugger finds it. */
  address: string | undefined;
}

/** The flags of a child, and its environment; `findPort` gives a port that is free. */
export function startFlags(
  own: Name,
  { executable, execArgv, inspect, env }: Start,
  findPort: (from: number) => number,
): StartFlags {
  const name = executable === undefined ? own : runtimeOf(executable) ?? own;
  // Another runtime would not understand the flags of this one.
  const words = execArgv ?? (name === own ? ownFlags(name) : []);
  const { flags, inspection = inspect === undefined ? undefined : BY_OPTION } =
    takeInspection(words);
  if (name === "node") {
    const variable = (env ?? process?.env)?.NODE_OPTIONS;
    const off = withoutInspector(variable);
    flags.push(
      ...off.filter((flag) => flag !== inspection?.flag.replace("--", "--no-")),
    );
  } else if (name === "bun" && env !== undefined) env = withoutBunInspector(env);
  if (inspection === undefined) {
    return { flags, env, port: undefined, address: undefined };
  }
  const port = findPort(inspect ?? inspection.from);
  const address = `${inspection.host}:${port}`;
  flags.push(`${inspection.flag}=${address}${name === "bun" ? "/debug" : ""}`);
  const seen = { deno: address, node: address, bun: `ws://${address}/debug` }[name];
  return { flags, env, port, address: seen };
}

const BY_OPTION: Inspection = { flag: "--inspect", host: "127.0.0.1", from: 0 };

/** The directory of this process's start, if a flag has a path that is relative to it. */
const startDirectory = process?.execArgv.some((word: string) => /^\.|=\./.test(word))
  ? process.cwd()
  : undefined;

/** The flags of this process that a child inherits. */
function ownFlags(name: Name): string[] {
  if (process === undefined) return [];
  return inheritedFlags(
    name,
    process.execArgv,
    () => startDirectory ?? process.cwd(),
  );
}
