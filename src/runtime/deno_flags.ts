/**
 * The flags that give a child of Deno what its parent has: permissions, and how
 * modules are found. Never more than the parent has at this moment.
 *
 * Deno does not tell a program its own flags, and of a permission that was granted
 * in part only whether a given path or host is in it. So the command line is read:
 * directly where everything is allowed, else through `deno eval`, which may read it
 * and needs no more than the permission to run Deno that starting a child takes
 * anyhow. Where even that fails, a child gets the permissions that are held in full.
 *
 * @module
 */

type Name = Deno.PermissionDescriptor["name"];

const NAMES: readonly Name[] = [
  "read",
  "write",
  "net",
  "env",
  "run",
  "sys",
  "ffi",
  "import",
];

/** Flags on modules and language that a child must share, without their value. */
const SHARED =
  /^(--config|-c|--no-config|--import-map|--lock|--no-lock|--frozen|--unstable|--unstable-.*|--v8-flags|--node-modules-dir|--vendor|--cached-only|--no-remote|--no-npm|--cert|--location|--seed|--conditions|--unsafely-ignore-certificate-errors)$/;

/** Flags among them, and others before the script, whose value is the next word. */
const VALUE_FOLLOWS =
  /^(--config|-c|--import-map|--cert|--location|--seed|--preload|--import|--require|-r|--ext|--filter)$/;

/** What the parent's command line says, once known. */
interface CommandLine {
  words: string[];
  /** The configuration file that Deno found for the main module by itself. */
  config: string | undefined;
  /** Whether Deno was told there to look after `node_modules` at each start. */
  installs: boolean;
}

let known: CommandLine | undefined;

/** Whether this process may do everything. */
export function isAllowedAll(): boolean {
  const states = NAMES.map((name) => Deno.permissions.querySync({ name }));
  return states.every(({ state, partial }) => state === "granted" && !partial);
}

/** See `Runtime.flags`. */
export function flags(): string[] {
  const all = isAllowedAll();
  known ??= all ? readOwn() : askDeno();
  const words = flagWords(known.words);
  const shared = words.filter((word) => SHARED.test(nameOf(word)));
  if (known.config && !shared.some((word) => /^(--config|-c|--no-config)/.test(word))) {
    shared.push(`--config=${known.config}`);
  }
  // What the parent runs with is installed; looking again costs a third of a start.
  if (known.installs) shared.push("--node-modules-dir=manual");
  const permissions = all ? ["--allow-all"] : heldPermissions(words);
  return ["--no-prompt", "--quiet", ...permissions, ...shared];
}

function nameOf(word: string): string {
  return word.split("=", 1)[0]!;
}

/** The flags between `deno run` and the script, each with its value in one word. */
function flagWords(words: string[]): string[] {
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

/** Short permission flags may be joined: `-RW=/tmp`. */
const SHORT: Readonly<Record<string, Name>> = {
  R: "read",
  W: "write",
  N: "net",
  E: "env",
  S: "sys",
  I: "import",
};

function heldPermissions(words: string[]): string[] {
  const held: string[] = [];
  for (const name of NAMES) {
    const denied = words.filter((word) => nameOf(word) === `--deny-${name}`);
    held.push(...denied);
    const { state } = Deno.permissions.querySync({ name });
    if (state === "granted") held.push(`--allow-${name}`);
    else held.push(...partsHeld(name, words));
  }
  return held;
}

/** The allowed paths, hosts … of one permission that are still granted. */
function partsHeld(name: Name, words: string[]): string[] {
  const parts = words.flatMap((word) => {
    const [flag, list] = [nameOf(word), word.slice(nameOf(word).length + 1)];
    const short = /^-[A-Z]+$/.test(flag) &&
      [...flag.slice(1)].some((letter) => SHORT[letter] === name);
    return flag === `--allow-${name}` || short ? list.split(",") : [];
  });
  const granted = parts.filter((part) => part !== "" && isGranted(name, part));
  return granted.length === 0 ? [] : [`--allow-${name}=${granted.join(",")}`];
}

function isGranted(name: Name, part: string): boolean {
  try {
    return Deno.permissions.querySync(descriptor(name, part)).state === "granted";
  } catch {
    return false; // a form that cannot be asked for is not handed on
  }
}

function descriptor(name: Name, part: string): Deno.PermissionDescriptor {
  switch (name) {
    case "read":
    case "write":
    case "ffi":
      return { name, path: part };
    case "net":
    case "import":
      return { name, host: part };
    case "env":
      return { name, variable: part };
    case "run":
      return { name, command: part };
    default:
      return { name: "sys", kind: part as "hostname" };
  }
}

/** The directory in which Deno starts to look for its configuration file. */
function configStart(): string {
  const main = Deno.mainModule;
  return main.startsWith("file:") ? new URL(".", main).href : `file://${Deno.cwd()}/`;
}

function readOwn(): CommandLine {
  return { words: readWords("self"), ...findConfig(configStart()) };
}

function readWords(pid: string): string[] {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`).split("\0").slice(0, -1);
  } catch {
    return []; // not Linux: the configuration file and full permissions still travel
  }
}

function findConfig(start: string): Omit<CommandLine, "words"> {
  for (let directory = new URL(start);; directory = new URL("..", directory)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const config = decodeURIComponent(new URL(name, directory).pathname);
      try {
        const text = Deno.readTextFileSync(config);
        return { config, installs: /"nodeModulesDir"\s*:\s*"auto"/.test(text) };
      } catch {
        // go on looking
      }
    }
    if (directory.pathname === "/") return { config: undefined, installs: false };
  }
}

/** Runs the two functions above in a Deno that may do everything. */
function askDeno(): CommandLine {
  const start = JSON.stringify(configStart());
  const pid = JSON.stringify(String(Deno.pid));
  const code = `${readWords}${findConfig}console.log(JSON.stringify({
    words: readWords(${pid}), ...findConfig(${start}) }))`;
  try {
    const { stdout } = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", "--no-lock", "--ext=js", code],
      stdin: "null",
      stderr: "null",
    }).outputSync();
    return JSON.parse(new TextDecoder().decode(stdout));
  } catch {
    return { words: [], config: undefined, installs: false };
  }
}
