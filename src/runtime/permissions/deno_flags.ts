/**
 * The flags that a child of Deno is started with: what it may do, and how modules are
 * found.
 *
 * @module
 */
import { flagWords, IMPORT_HOSTS, nameOf } from "./deno_command_line.ts";
import { commandLine } from "./deno.ts";
import {
  absolutePath,
  type Extent,
  type Grant,
  type Grants,
  isEmpty,
  isWhole,
  KINDS,
} from "./grants.ts";

/** Flags on modules and language that a child must share. */
const SHARED =
  /^(--config|-c|--no-config|--import-map|--lock|--no-lock|--frozen|--unstable|--unstable-.*|--v8-flags|--node-modules-dir|--vendor|--cached-only|--no-remote|--no-npm|--cert|--location|--seed|--conditions|--unsafely-ignore-certificate-errors)$/;

/** Those of them whose value is a file, or perhaps a URL. */
const FILE = /^(--config|--import-map|--lock|--cert)=(?![a-z]+:\/\/|data:)(.*)$/;

/**
 * All flags for a child.
 *
 * @param grants What it may do; undefined for everything.
 * @param entry The package's child entry, a URL.
 */
export function flagsFor(grants: Grants | undefined, entry: string): string[] {
  const flags = [
    ...permissionFlags(grants),
    ...sharedFlags(),
    ...programFlags(Deno.mainModule, grants),
  ];
  if (grants !== undefined && commandLine().config === undefined && isFar(entry)) {
    // Deno would look in the child's directory, which a child that lies may choose.
    flags.push("--no-config");
  }
  return ["--no-prompt", "--quiet", ...new Set(flags)];
}

function isFar(url: string): boolean {
  return /^https?:/.test(url);
}

/** How modules are found. */
function sharedFlags(): string[] {
  const { words, config, text } = commandLine();
  const shared = flagWords(words)
    .filter((word) => SHARED.test(nameOf(word)))
    // A child may be started in another directory.
    .map((word) =>
      word.replace(FILE, (_, name, file) => `${name}=${absolutePath(file, Deno.cwd())}`)
    );
  if (config && !shared.some((word) => /^(--config|-c|--no-config)/.test(word))) {
    shared.push(`--config=${config}`);
  }
  // What the parent runs with is installed; looking again costs a third of a start.
  const isSaid = shared.some((word) => word.startsWith("--node-modules-dir"));
  if (!isSaid && /"nodeModulesDir"\s*:\s*"auto"/.test(text)) {
    shared.push("--node-modules-dir=manual");
  }
  return shared;
}

/** What a process may do, as flags. */
export function permissionFlags(grants: Grants | undefined): string[] {
  if (grants === undefined) return ["--allow-all"];
  const flags: string[] = [];
  for (const kind of KINDS) {
    for (const effect of ["allow", "deny", "ignore"] as const) {
      const extent = kind === "import" && effect === "allow"
        ? importHosts(grants.import.allow)
        : sayable(effect, grants[kind][effect]);
      if (extent === true) flags.push(`--${effect}-${kind}`);
      else if (extent.length > 0) flags.push(`--${effect}-${kind}=${extent}`);
    }
  }
  if (grants.isOffline) flags.push("--cached-only");
  return flags;
}

/** A host that there cannot be. */
const NO_HOST = "none.invalid:1";

/** Where no flag says so, modules may come from some hosts. */
function importHosts(hosts: Extent): Extent {
  return isDefault(hosts) ? [] : isEmpty(hosts) ? [NO_HOST] : sayable("allow", hosts);
}

/** In a list of Deno's a comma always separates. */
function sayable(effect: keyof Grant, extent: Extent): Extent {
  if (extent === true || !extent.some((part) => part.includes(","))) return extent;
  return effect === "allow" ? extent.filter((part) => !part.includes(",")) : true;
}

function isDefault(hosts: Extent): boolean {
  return hosts !== true && hosts.length === IMPORT_HOSTS.length &&
    IMPORT_HOSTS.every((host) => hosts.includes(host));
}

/**
 * Deno lets a module import others without being allowed to read them if they belong to
 * the program from the start. So where a child may not read everything, its program has
 * the whole of ours in it, from which nothing is evaluated unless it is asked for: it
 * needs no permission to import what we may run.
 */
function programFlags(main: string, grants: Grants | undefined): string[] {
  if (grants === undefined || isWhole(grants.read)) return [];
  const code = `()=>import(${JSON.stringify(main)})`;
  return [`--preload=data:text/javascript,${encodeURIComponent(code)}`];
}
