/**
 * What every script needs: where the repository is, what `deno.json` says, which files
 * there are, and how to run a command.
 *
 * Two settings of `deno.json` want a reason, which JSON has no room for.
 * `minimumDependencyAge` keeps npm packages at what there was on that day: the native
 * add-on that cbor-x may use, and we do not, names packages in its release 2.2.3 that
 * cannot be had, and Deno, unlike npm, fails on a missing optional package. `links` makes
 * `jsr:@std/*`, which only tests and examples import, resolve without JSR.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import denoJson from "../deno.json" with { type: "json" };

/** The repository's root, without a slash at the end. */
export const ROOT: string = fileURLToPath(new URL("..", import.meta.url))
  .replace(/[/\\]$/, "");

/** What `deno.json` says of the package. */
export interface ProjectConfig {
  name: string;
  version: string;
  description: string;
  license: string;
  /** Entry points: `"./queues"` to `"./src/queues.ts"`. */
  exports: Record<string, string>;
  /** What bare specifiers mean. */
  imports: Record<string, string>;
  minimumDependencyAge: string;
}

/** The project's `deno.json`. */
export const config: ProjectConfig = denoJson;

/** How a command ended and what it printed. */
export interface CommandResult {
  code: number;
  stdout: string;
  /** Both streams, in the order in which they were read. */
  output: string;
  /** Whether it was killed because its time was over. */
  late: boolean;
}

/** Options of {@linkcode run}. */
export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Seconds until the command is killed; without it, never. */
  timeout?: number;
  /** Is called when its time is over; it is killed when what this gives has settled. */
  onLate?: () => Promise<unknown>;
}

/** Runs a command to its end, whatever its exit code is. */
export async function run(
  command: string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [file, ...args] = command;
  const child = new Deno.Command(file!, {
    args,
    cwd: options.cwd ?? ROOT,
    env: options.env ?? {},
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let late = false;
  let hasEnded = false;
  const timers: ReturnType<typeof setTimeout>[] = [];
  const end = async () => {
    late = true;
    await options.onLate?.().catch(() => {});
    if (hasEnded) return;
    // A runner that is asked to stop takes the processes it started with it.
    kill(child, "SIGTERM");
    timers.push(setTimeout(() => kill(child, "SIGKILL"), 3000));
  };
  if (options.timeout !== undefined) {
    timers.push(setTimeout(() => void end(), options.timeout * 1000));
  }
  const result = { code: 0, stdout: "", output: "", late: false };
  const read = async (stream: ReadableStream<Uint8Array>, isStdout: boolean) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream() as Decoder)) {
      result.output += text;
      if (isStdout) result.stdout += text;
    }
  };
  const reading = Promise.all([read(child.stdout, true), read(child.stderr, false)]);
  result.code = (await child.status).code;
  hasEnded = true;
  for (const timer of timers) clearTimeout(timer);
  // A process that outlives the command may hold its output open: do not wait for that.
  const grace = Promise.withResolvers<void>();
  const timer = setTimeout(grace.resolve, 2000);
  await Promise.race([reading, grace.promise]);
  clearTimeout(timer);
  return { ...result, late };
}

/** The library's own types do not let a text decoder take any bytes. */
type Decoder = TransformStream<Uint8Array, string>;

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended in the meantime.
  }
}

/** Runs a command that must succeed; gives its standard output. */
export async function mustRun(
  command: string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await run(command, options);
  if (result.code !== 0) {
    throw new Error(
      `exit code ${result.code}: ${command.join(" ")}\n${result.output}`,
    );
  }
  return result.stdout;
}

/** All files under a folder of the repository, as sorted paths relative to the root. */
export function filesUnder(folder: string, suffix: string, root = ROOT): string[] {
  const found: string[] = [];
  const walk = (path: string) => {
    for (const entry of Deno.readDirSync(`${root}/${path}`)) {
      const inner = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory) walk(inner);
      else if (entry.name.endsWith(suffix)) found.push(inner);
    }
  };
  try {
    walk(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}

/** Runs `work` on every item, at most `limit` at a time; gives the results in order. */
export function limiter(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free--;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
