/**
 * The command line of a Deno program: its permissions and its ways of finding modules.
 *
 * Deno does not tell a program its own flags, and of a permission that was granted in part
 * only whether a given path or host is in it. So the command line is read: directly where
 * everything is allowed, else by `deno eval`, which may read it and needs only the permission
 * to run Deno, as starting a child does. Where that fails (there is no `/proc`, say), nothing
 * is known.
 *
 * @module
 */
import { fileUrl } from "../paths.ts";
import { allGrants, type Extent, type GrantKind, type Grants } from "./grants.ts";

/** The command line, with the configuration file and the `PATH`. */
export interface CommandLine {
  /** Empty if it cannot be read. */
  words: string[];
  /** The path of the configuration file: by its flag, or as Deno finds it. */
  config: string | undefined;
  /** The text of that file. */
  text: string;
  path: string;
}

/** The folder of the processes. */
let processes = "/proc";

/** Sets another folder, in tests. */
export function setProcesses(folder: string): void {
  processes = folder;
}

/** Reads the command line of this process, which has all permissions if `isFree`. */
export function readCommandLine(isFree: boolean): CommandLine {
  const place: Place = {
    file: `${processes}/${isFree ? "self" : Deno.pid}/cmdline`,
    start: configStart(),
    cwd: Deno.cwd(),
    isWindows: Deno.build.os === "windows",
  };
  return isFree ? read(place) : askDeno(place);
}

interface Place {
  file: string;
  /** The directory in which Deno starts to look for its configuration file. */
  start: string;
  cwd: string;
  isWindows: boolean;
}

function configStart(): string {
  const main = mainModule();
  if (main?.startsWith("file:")) return new URL(".", main).href;
  return fileUrl(`${Deno.cwd()}/`);
}

/** The URL of the program's module; of a thread its own, which alone Deno tells there. */
export function mainModule(): string | undefined {
  if (Deno.mainModule !== undefined) return Deno.mainModule;
  const { location } = globalThis as { location?: { href: string } };
  return location?.href.startsWith("blob:") ? undefined : location?.href;
}

/** Runs `read` in a Deno that has all permissions. */
function askDeno(place: Place): CommandLine {
  const code = `console.log(JSON.stringify((${read})(${JSON.stringify(place)})))`;
  try {
    const { stdout } = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", "--no-lock", "--ext=js", code],
      stdin: "null",
      stderr: "null",
    }).outputSync();
    return JSON.parse(new TextDecoder().decode(stdout));
  } catch {
    return { words: [], config: undefined, text: "", path: "" };
  }
}

/** Uses nothing else of this file, as its text also runs in another process. */
export function read({ file, start, cwd, isWindows }: Place): CommandLine {
  const pathOf = (url: URL) => {
    const path = decodeURIComponent(url.pathname);
    if (!isWindows) return path;
    return url.hostname === ""
      ? path.replace(/^\/(?=[a-zA-Z]:)/, "")
      : `//${url.hostname}${path}`;
  };
  const textOf = (file: string) => {
    try {
      return Deno.readTextFileSync(file);
    } catch {
      return undefined;
    }
  };
  const words = (textOf(file) ?? "").split("\0").slice(0, -1);
  const path = Deno.env.get("PATH") ?? "";
  const at = words.findIndex((word) => /^(--config|-c)(=|$)/.test(word));
  if (at >= 0) {
    const given = words[at]!.includes("=")
      ? words[at]!.replace(/^[^=]*=/, "")
      : words[at + 1]!;
    const isWhole = /^[\\/]/.test(given) || isWindows && /^[a-zA-Z]:/.test(given);
    const config = isWhole ? given : `${cwd}/${given}`;
    return { words, config, text: textOf(config) ?? "", path };
  }
  for (let directory = new URL(start);;) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const config = pathOf(new URL(name, directory));
      const text = textOf(config);
      if (text !== undefined) return { words, config, text, path };
    }
    // Above `/`, and above a drive, there is itself.
    const above = new URL("..", directory);
    if (above.href === directory.href) {
      return { words, config: undefined, text: "", path };
    }
    directory = above;
  }
}

/** Flags before the script whose value is the next word, if it is not in the same. */
const VALUE_FOLLOWS =
  /^(--config|-c|--import-map|--cert|--location|--seed|--preload|--import|--require|-r|--ext|--filter)$/;

/** The flags between `deno run` and the script, each with its value in one word. */
export function flagWords(words: string[]): string[] {
  const found: string[] = [];
  let at = 1;
  if (words[at] !== undefined && !words[at]!.startsWith("-")) at++; // run, test, …
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith("-") || word === "--" || word === "-") break;
    if (VALUE_FOLLOWS.test(word)) found.push(`${longName(word)}=${words[++at]}`);
    else found.push(word);
  }
  return found;
}

function longName(flag: string): string {
  return flag === "-c" ? "--config" : flag;
}

/** The part of a flag before `=`. */
export function nameOf(word: string): string {
  return word.split("=", 1)[0]!;
}

/** Short permission flags may be joined: `-RW=/tmp`. */
const SHORT: Readonly<Record<string, GrantKind>> = {
  R: "read",
  W: "write",
  N: "net",
  E: "env",
  S: "sys",
  I: "import",
};

/** The hosts that modules may come from by default; `deno run --help` lists them. */
export const IMPORT_HOSTS: readonly string[] = [
  "deno.land:443",
  "jsr.io:443",
  "esm.sh:443",
  "raw.esm.sh:443",
  "cdn.jsdelivr.net:443",
  "raw.githubusercontent.com:443",
  "gist.githubusercontent.com:443",
];

/** The grants by the command line. Some may be dropped by now; paths are as written there. */
export function claims(line: CommandLine): Grants {
  const grants = allGrants(false);
  for (const word of flagWords(line.words)) addFlag(grants, word, line);
  if (grants.import.allow !== true && grants.import.allow.length === 0) {
    grants.import.allow = [...IMPORT_HOSTS];
  }
  return grants;
}

function addFlag(grants: Grants, word: string, line: CommandLine): void {
  const name = nameOf(word);
  const value = word.slice(name.length + 1);
  const extent = name === word ? true : splitList(value);
  const [, effect, kind] = /^--(allow|deny|ignore)-([a-z]+)$/.exec(name) ?? [];
  if (word === "-A" || word === "--allow-all") {
    for (const grant of Object.values(allKinds(grants))) grant.allow = true;
  } else if (name === "-P" || name === "--permission-set") {
    addSet(grants, line, value || "default");
  } else if (kind !== undefined && kind in grants) {
    add(grants[kind as GrantKind], effect as keyof Grants[GrantKind], extent);
  } else if (/^-[A-Z]+$/.test(name)) {
    for (const letter of name.slice(1)) {
      const kind = SHORT[letter];
      if (kind !== undefined) add(grants[kind], "allow", extent);
    }
  }
}

function allKinds({ isOffline: _, ...kinds }: Grants): Omit<Grants, "isOffline"> {
  return kinds;
}

function add(
  grant: Grants[GrantKind],
  effect: keyof Grants[GrantKind],
  extent: Extent,
): void {
  const before = grant[effect];
  // Of several flags of a name, one with a list limits the grant to the lists.
  const isNarrower = effect === "allow" && before === true;
  grant[effect] = extent === true || (before === true && !isNarrower)
    ? true
    : [...before === true ? [] : before, ...extent];
}

function splitList(list: string): string[] {
  return list.split(",").filter((part) => part !== "");
}

/** Adds a permission set of the configuration file, whose paths are relative to it. */
function addSet(grants: Grants, line: CommandLine, name: string): void {
  const set = parseConfig(line.text)?.["permissions"]?.[name];
  if (typeof set !== "object" || set === null) return;
  const folder = line.config!.replace(/[^/\\]*$/, "");
  for (const [kind, grant] of Object.entries(allKinds(grants))) {
    if (set.all === true) grant.allow = true;
    const entry = set[kind];
    const isList = typeof entry !== "object" || entry === null || Array.isArray(entry);
    for (const [effect, value] of Object.entries(isList ? { allow: entry } : entry)) {
      if (!(effect in grant) || (value !== true && !Array.isArray(value))) continue;
      const extent = value === true ? true : placesIn(kind, folder, value);
      add(grant, effect as keyof typeof grant, extent);
    }
  }
}

function placesIn(kind: string, folder: string, values: unknown[]): string[] {
  const parts = values.filter((part) => typeof part === "string" && part !== "");
  return (parts as string[]).map((part) => {
    const isPath = kind === "run"
      ? /[/\\]/.test(part)
      : /^(read|write|ffi)$/.test(kind);
    return isPath && !/^([a-zA-Z]:)?[/\\]/.test(part) ? folder + part : part;
  });
}

/** Parses JSON with comments and trailing commas; undefined if the text is none. */
// deno-lint-ignore no-explicit-any -- as JSON.parse
function parseConfig(text: string): any {
  const bare = text.replace(
    /("(?:\\.|[^"\\])*")|\/\/.*|\/\*[\s\S]*?\*\//g,
    (_, quoted) => quoted ?? " ",
  );
  const plain = bare.replace(
    /("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g,
    (_, quoted) => quoted ?? "",
  );
  try {
    return JSON.parse(plain);
  } catch {
    return undefined;
  }
}
