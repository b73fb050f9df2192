/**
 * The flags that a child is started with on Deno: its permissions, and the ways of finding
 * modules.
 *
 * @module
 */
import { flagWords, IMPORT_HOSTS, mainModule, nameOf } from "./deno_command_line.ts";
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

/** The shared flags whose value is a file. */
const FILE = /^(--config|--import-map|--lock|--cert)=(?![a-z]+:\/\/|data:)(.*)$/;

/**
 * All flags for a child with these permissions (undefined for all) and this entry, a URL.
 *
 * @param own Flags of its own, which replace those of the same name.
 */
export function flagsFor(
  grants: Grants | undefined,
  entry: string,
  own: readonly string[] = [],
): string[] {
  const names = new Set(flagWords(["deno", ...own]).map(nameOf));
  const inherited = names.has("--no-config") || names.has("--config")
    ? sharedFlags().filter((word) => !/^--(no-)?config(=|$)/.test(word))
    : sharedFlags();
  const flags = [
    ...permissionFlags(grants),
    ...inherited.filter((word) => !names.has(nameOf(word))),
    ...programFlags(mainModule(), grants),
  ];
  const isRemote = /^https?:/.test(entry);
  const isFree = names.has("--config") || names.has("--no-config");
  if (
    !isFree && grants !== undefined && commandLine().config === undefined && isRemote
  ) {
    // Deno would look in the child's directory, which a malicious child may choose.
    flags.push("--no-config");
  }
  return ["--no-prompt", "--quiet", ...new Set(flags), ...own];
}

/** The flags for finding modules. */
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
  // The parent's packages are installed; checking again costs a third of a start.
  const isGiven = shared.some((word) => word.startsWith("--node-modules-dir"));
  if (!isGiven && /"nodeModulesDir"\s*:\s*"auto"/.test(text)) {
    shared.push("--node-modules-dir=manual");
  }
  return shared;
}

/** The flags for permissions. */
export function permissionFlags(grants: Grants | undefined): string[] {
  if (grants === undefined) return ["--allow-all"];
  const flags: string[] = [];
  for (const kind of KINDS) {
    for (const effect of ["allow", "deny", "ignore"] as const) {
      const extent = kind === "import" && effect === "allow"
        ? importHosts(grants.import.allow)
        : asList(effect, grants[kind][effect]);
      if (extent === true) flags.push(`--${effect}-${kind}`);
      else if (extent.length > 0) flags.push(`--${effect}-${kind}=${extent}`);
    }
  }
  if (grants.isOffline) flags.push("--cached-only");
  return flags;
}

/** A host that cannot exist. */
const NO_HOST = "none.invalid:1";

/** Without a flag modules may come from the default hosts, so an empty list needs one. */
function importHosts(hosts: Extent): Extent {
  return isDefault(hosts) ? [] : isEmpty(hosts) ? [NO_HOST] : asList("allow", hosts);
}

/** An extent without parts that have a comma, which always separates in Deno's lists. */
function asList(effect: keyof Grant, extent: Extent): Extent {
  if (extent === true || !extent.some((part) => part.includes(","))) return extent;
  return effect === "allow" ? extent.filter((part) => !part.includes(",")) : true;
}

function isDefault(hosts: Extent): boolean {
  return hosts !== true && hosts.length === IMPORT_HOSTS.length &&
    IMPORT_HOSTS.every((host) => hosts.includes(host));
}

/**
 * Deno lets a program import modules that belong to it from the start without a permission
 * to read them. So the program of a child that may not read everything includes this whole
 * program, from which nothing is evaluated unless it is imported.
 */
function programFlags(main: string | undefined, grants: Grants | undefined): string[] {
  if (main === undefined || grants === undefined || isWhole(grants.read)) return [];
  const code = `()=>import(${JSON.stringify(main)})`;
  return [`--preload=data:text/javascript,${encodeURIComponent(code)}`];
}
