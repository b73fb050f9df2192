/**
 * The command line of an agent.
 *
 * @module
 */
import { suggest } from "../../python/arguments.ts";
import { ValueError } from "../../python/errors.ts";
import { fileUrl, runtime } from "../../runtime/mod.ts";
import { absolutePath } from "../../runtime/permissions/grants.ts";
import { hostName, readBytes, realPath } from "../../runtime/program.ts";
import { checkLabel } from "../process/process.ts";
import { settingsOf } from "../settings.ts";
import type { AgentOptions } from "./agent.ts";

/** The variables that are read: others see the command line. */
const URL_VARIABLE = "MULTIPROCESSING_REDIS_URL";
const KEY_VARIABLE = "MULTIPROCESSING_AUTHKEY";

/** Told by `--help`. */
export const HELP =
  `An agent of @pystd/multiprocessing: runs processes that programs on other
machines start by get_context("redis", …).

  npx @pystd/multiprocessing agent redis://HOST [options]
  deno run -A jsr:@pystd/multiprocessing/agent redis://HOST [options]

  --name NAME          the name of the context; "multiprocessing" by default
  --processes N        most processes at the same time; by default one for each processor
  --modules FILE       a module whose functions may be run, and those of modules that it
                       imports; may be given several times. Without it all modules in the
                       folder of the program may be asked for
  --where LABEL        what \`where\` of a process may name; may be given several times
  --root FOLDER        the folder of the program; by default the current directory
  --host NAME          what others call this machine; by default its host name
  --lease SECONDS      for which the server takes this agent for alive that it does not hear
                       of; 10 by default
  --grace SECONDS      that processes have to end on SIGTERM; without end by default
  --authkey-file FILE  has the key of the context: others' requests are refused
  --verbose            tells of each process
  --version, --help

${URL_VARIABLE} and ${KEY_VARIABLE} may have the address and the key.
SIGTERM and Ctrl-C have it take no more processes, and end with the last that it has; the
second Ctrl-C ends all at once.
`;

/** Options that have a value, and whether they may be given several times. */
const VALUES: Record<string, boolean> = {
  name: false,
  processes: false,
  modules: true,
  where: true,
  root: false,
  host: false,
  lease: false,
  grace: false,
  "authkey-file": false,
};
const FLAGS = ["verbose", "version", "help"];

/** The command line, taken apart. */
export interface CommandLine {
  readonly urls: readonly string[];
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly flags: ReadonlySet<string>;
}

/** Takes a command line apart. @throws {ValueError} if there is something unknown in it */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const urls: string[] = [];
  const values: Record<string, string[]> = {};
  const flags = new Set<string>();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-")) {
      urls.push(word);
      continue;
    }
    const [, option = word, given] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (FLAGS.includes(option) && given === undefined) flags.add(option);
    else if (!Object.hasOwn(VALUES, option)) throw unknown(word);
    else {
      const value = given ?? rest.shift();
      if (value === undefined) throw new ValueError(`--${option} needs a value`);
      if (values[option] !== undefined && !VALUES[option]) {
        throw new ValueError(`--${option} is given twice`);
      }
      (values[option] ??= []).push(value);
    }
  }
  return { urls, values, flags };
}

function unknown(word: string): ValueError {
  const near = suggest(
    word,
    [...Object.keys(VALUES), ...FLAGS].map((name) => `--${name}`),
  );
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  return new ValueError(`unknown option ${word}.${hint}`);
}

/**
 * The options of an agent.
 *
 * @throws {ValueError | TypeError} if one makes no sense
 * @throws the system's own error, if a file is not there
 */
export function agentOptions(
  { urls, values, flags }: CommandLine,
  write: (line: string) => void,
): AgentOptions {
  const env = runtime.env() ?? {};
  const one = (name: string) => values[name]?.[0];
  const [url = env[URL_VARIABLE], ...more] = urls;
  if (url === undefined) throw new ValueError("where is the server? redis://HOST");
  if (more.length > 0) throw new ValueError(`one address is enough: ${more.join(" ")}`);
  const root = realPath(here(one("root") ?? "."));
  const settings = settingsOf({
    ...{ url, client: null, expire: 3600, reconnect: 20, root },
    name: one("name") ?? "multiprocessing",
    lease: number("lease", one("lease")) ?? 10,
    authkey: authkeyOf(one("authkey-file"), env[KEY_VARIABLE]),
  });
  const labels = (values["where"] ?? []).flatMap((text) => text.split(","));
  for (const label of labels) checkLabel(label);
  const host = one("host") ?? hostName();
  const isVerbose = flags.has("verbose");
  return {
    ...{ settings, root, labels, host },
    processes: processesOf(one("processes")),
    grace: number("grace", one("grace")) ?? Infinity,
    modules: values["modules"]?.map((file) => fileUrl(realPath(here(file)))) ??
      null,
    log(text, isDetail = false) {
      if (!isDetail || isVerbose) write(`agent of ${settings.name} ${text}`);
    },
  };
}

function processesOf(text: string | undefined): number {
  if (text === undefined) return runtime.usableCpuCount;
  const count = number("processes", text)!;
  if (Number.isInteger(count) && count > 0 && count <= 10_000) return count;
  throw new ValueError("--processes must be a whole number from 1 to 10000");
}

function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= 0) return value;
  throw new ValueError(`--${option} must be a number, not ${text}`);
}

/** The absolute path of what the command line names. */
function here(path: string): string {
  return absolutePath(path, runtime.cwd());
}

/** The key: the bytes of a file, without the end of its last line; or of a variable. */
function authkeyOf(file: string | undefined, text: string | undefined) {
  const encoder = new TextEncoder();
  if (file === undefined) return text === undefined ? null : encoder.encode(text);
  const bytes = readBytes(here(file));
  let end = bytes.length;
  while (end > 0 && [10, 13].includes(bytes[end - 1]!)) end--;
  if (end === 0) throw new ValueError(`--authkey-file ${file} is empty`);
  return bytes.slice(0, end);
}
