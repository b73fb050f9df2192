/**
 * The permissions of this process on Node, which has some for files, for starting processes,
 * for native code, and since version 25 for the network. `process.permission` tells them, if
 * Node was started with `--permission`.
 *
 * A process sees the part of the environment that it is started with. Node has no permission
 * for questions about the system, and no remote modules.
 *
 * @module
 */
import {
  absolutePath,
  allGrants,
  type Extent,
  type GrantKind,
  type Grants,
  hasPart,
  isEverything,
  isWhole,
  KINDS,
  type Limited,
  type Wanted,
} from "./grants.ts";
import { builtin, nodeProcess as process } from "../posix.ts";
import type { Permissions } from "../types.ts";

/** Node's names of the kinds. */
const SCOPES: Partial<Record<GrantKind, string>> = {
  read: "fs.read",
  write: "fs.write",
  net: "net",
  run: "child",
  ffi: "addon",
};

/** Flags by which Node is told of permissions. */
const FLAG = /^--(permission|experimental-permission|allow-[a-z-]+)(=|$)/;

/** The grants at the start; undefined where nothing was limited. */
let granted: Grants | undefined;

/** See {@linkcode Permissions}. */
export const nodePermissions: Permissions = {
  held,
  limit,
  isHandedOn: (name, value) =>
    value === process.env[name] ||
    (name === "NODE_OPTIONS" && value === otherOptions()),
  assume(grants) {
    granted = grants;
  },
  onDrop(handler) {
    const { permission } = process;
    const drop = permission?.drop;
    if (drop === undefined) return; // nothing can be given up
    permission.drop = function (...given: unknown[]) {
      drop.apply(permission, given);
      handler();
    };
  },
};

function held(): Grants | undefined {
  const { permission } = process;
  if (permission === undefined) return granted;
  granted ??= claims();
  const grants = allGrants(true);
  for (const kind of KINDS) {
    const scope = SCOPES[kind];
    const { allow } = granted[kind];
    grants[kind].allow = allow;
    if (scope === undefined || (kind === "net" && !hasFlag("--allow-net"))) continue;
    const isFiles = kind === "read" || kind === "write";
    // Node 20 may say of some files, too, that it has all.
    const hasAll = isFiles ? permission.has(scope, "/") : permission.has(scope);
    if (allow === true) grants[kind].allow = hasAll || [];
    else grants[kind].allow = allow.filter((part) => permission.has(scope, part));
  }
  return grants;
}

/** The grants by the flags, which Node is then asked for. */
function claims(): Grants {
  const grants = allGrants(true);
  grants.read.allow = [];
  grants.write.allow = [];
  for (const word of [...process.execArgv, ...optionWords()]) {
    const [, kind, list] = /^--allow-fs-(read|write)=(.*)$/s.exec(word) ?? [];
    if (kind === undefined) continue;
    const grant = grants[kind as "read" | "write"];
    for (const path of list!.split(",")) {
      // Node's own wildcard, for all paths that begin so.
      const place = path.replace(/\*$/, "");
      if (path === "*") grant.allow = true;
      else if (grant.allow !== true && place !== "") {
        grant.allow.push(absolutePath(place, process.cwd()));
      }
    }
  }
  return grants;
}

function optionWords(): string[] {
  return (process.env.NODE_OPTIONS ?? "").match(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g) ?? [];
}

/** `NODE_OPTIONS` without the flags for permissions. */
function otherOptions(): string {
  return optionWords().filter((word) => !FLAG.test(word)).join(" ");
}

function hasFlag(flag: string): boolean {
  return process.allowedNodeEnvironmentFlags.has(flag);
}

function limit(wanted: Wanted): Limited {
  const own = held() ?? allGrants(true);
  const grants = allGrants(true);
  const missing: string[] = [];
  const unable: string[] = [];
  for (const kind of KINDS) {
    const want = wanted[kind];
    const allow = want === "inherit" ? own[kind].allow : places(kind, want);
    const lacks = allow === true
      ? own[kind].allow !== true && [kind]
      : allow.filter((part) => !hasPart(kind, own[kind].allow, part))
        .map((part) => `${kind} of ${part}`);
    if (want !== "inherit" && lacks) missing.push(...lacks);
    if (want !== "inherit") unable.push(...inability(kind, allow));
    grants[kind].allow = allow;
  }
  return { grants, missing, unable };
}

function places(kind: GrantKind, want: Extent): Extent {
  if (want === true || (kind !== "read" && kind !== "write")) return want;
  return want.map((path) => absolutePath(path, process.cwd()));
}

/** The kind, and possible values, if Node cannot restrict a process to this extent. */
function inability(kind: GrantKind, allow: Extent): string[] {
  if (allow === true || ["read", "write", "env", "import"].includes(kind)) return [];
  if (kind === "sys" || (kind === "net" && !hasFlag("--allow-net"))) {
    return [`'${kind}' (say ${kind}: true)`];
  }
  return allow.length === 0 ? [] : [`'${kind}' to a list (say ${kind}: true or false)`];
}

/**
 * The flags and the environment of a process with these permissions (undefined for those of
 * this process), whose program consists of the `readable` files.
 */
export function startOptions(
  grants: Grants | undefined,
  inherited: string[],
  env: Record<string, string>,
  readable: () => string[],
): { flags: string[]; env: Record<string, string> } {
  if (grants === undefined || isEverything(grants)) return { flags: inherited, env };
  const flags = inherited.filter((flag) => !FLAG.test(flag));
  const { NODE_OPTIONS: _, ...rest } = limitEnv(grants.env.allow, env);
  const options = otherOptions();
  return {
    flags: [...flags, ...permissionFlags(grants, readable)],
    env: options === "" ? rest : { ...rest, NODE_OPTIONS: options },
  };
}

function permissionFlags(grants: Grants, readable: () => string[]): string[] {
  const needsNone = (["read", "write", "net", "run", "ffi"] as const)
    .every((kind) => isWhole(grants[kind]));
  if (needsNone) return [];
  const flags = [
    hasFlag("--permission") ? "--permission" : "--experimental-permission",
  ];
  const { read, write, net, run, ffi } = grants;
  const files = read.allow === true ? true : [...read.allow, ...readable()];
  for (const [name, extent] of [["read", files], ["write", write.allow]] as const) {
    const paths = extent === true ? ["*"] : extent;
    flags.push(...new Set(paths.map((path) => `--allow-fs-${name}=${path}`)));
  }
  // Threads and WASI are not restricted: a process that has them may do the rest.
  const mayHave = (scope: string) => process.permission?.has(scope) ?? true;
  if (run.allow === true) {
    flags.push("--allow-child-process", ...mayHave("worker") ? ["--allow-worker"] : []);
  }
  if (ffi.allow === true) {
    flags.push("--allow-addons", ...mayHave("wasi") ? ["--allow-wasi"] : []);
  }
  if (net.allow === true && hasFlag("--allow-net")) flags.push("--allow-net");
  return flags;
}

function limitEnv(allow: Extent, env: Record<string, string>): Record<string, string> {
  if (allow === true) return env;
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => hasPart("env", allow, name)),
  );
}

// --- the files of a program

/** The names that a module imports, and maybe others: never fewer. */
const IMPORTED =
  /\b(?:from|import|require)\s*\(?\s*(?:"([^"\n]+)"|'([^'\n]+)'|`([^`$\n]+)`)/g;

/** The files of programs, by the main module. */
const programs = new Map<string, string[]>();

/**
 * The files and folders that a program must read to run: the main module, if there is one,
 * all modules that it imports by a path, their `package.json` and `node_modules`, and this
 * package, whose child entry is `entry`.
 */
export function programFiles(main: string | undefined, entry: string): string[] {
  const key = main ?? "";
  let found = programs.get(key);
  if (found === undefined) {
    const { dirname } = builtin("node:path");
    const own = [dirname(entry), ...foldersAbove([entry])];
    programs.set(key, found = [...own, ...main === undefined ? [] : readProgram(main)]);
  }
  return found;
}

function readProgram(main: string): Set<string> {
  const fs = builtin("node:fs");
  const { createRequire } = builtin("node:module");
  const files = new Set([main]);
  for (const file of files) { // grows meanwhile
    let text: string;
    try {
      text = fs.readFileSync(file, "utf8");
    } catch {
      continue;
    }
    const { resolve } = createRequire(file);
    for (const [, ...names] of text.matchAll(IMPORTED)) {
      const name = names.find((name) => name !== undefined)!;
      if (!/^(\.{0,2}\/|file:)/.test(name)) continue;
      try {
        const path = name.startsWith("file:") ? new URL(name) : name;
        files.add(fs.realpathSync(typeof path === "string" ? resolve(path) : path));
      } catch {
        // it may be in a comment
      }
    }
  }
  return new Set([...files, ...foldersAbove(files)]);
}

function isReadable(path: string): boolean {
  try {
    return builtin("node:fs").existsSync(path);
  } catch {
    return false; // there is no permission
  }
}

/** Packages, and the files that tell the kind of modules. */
function* foldersAbove(files: Iterable<string>): Iterable<string> {
  const { dirname, join } = builtin("node:path");
  for (const file of files) {
    for (let at = dirname(file);; at = dirname(at)) {
      for (const name of ["node_modules", "package.json"]) {
        const path = join(at, name);
        if (isReadable(path)) yield path;
      }
      if (at === dirname(at)) break;
    }
  }
}
