/**
 * A process on another host, as the root sees it: the command that leads there, `ssh` for
 * instance, is a process here, and what it carries goes to the supervisor over there; see
 * runtime/supervise.ts. All else of a link is as it is with processes of this machine, but for
 * what needs files that both see.
 *
 * @module
 */
import { OSError, ProtocolError, RuntimeError } from "../python/errors.ts";
import {
  type Child,
  fileUrl,
  pathOf,
  runtime,
  type SpawnOptions,
} from "../runtime/mod.ts";
import type { ChildProgram } from "../runtime/as_child.ts";
import { ownColors } from "../runtime/colors.ts";
import { CHILD_VARIABLE } from "../runtime/evaluation.ts";
import { runtimeArguments, runtimeOf } from "../runtime/other_runtime.ts";
import { shielded } from "../runtime/shield.ts";
import { type Errand, IS_SIGNAL, supervisorText } from "../runtime/supervise.ts";
import { type Hosted, Kind } from "../wire/message.ts";
import type { HostConfig, LaunchConfig } from "./launch.ts";

const SIGKILL = 9;

/** Milliseconds that the host has for SIGKILL: after that it counts as lost. */
const KILL_TIME = 5000;

/** Milliseconds that the command has to end after the process. */
const COMMAND_TIME = 2000;

/** Bytes that are copied behind their head, to be one write. */
const SHORT = 4096;

/**
 * How a process is started on a host.
 *
 * @param program What is run, with the paths of this machine.
 * @param isThere The config comes from a process there, with the paths of that host.
 * @throws {RuntimeError} if the program cannot run there
 */
export function hostedStart(
  host: HostConfig,
  { entry, args }: ChildProgram,
  launch: LaunchConfig,
  mark: number,
  isThere: boolean,
): { options: SpawnOptions; errand: Errand } {
  if (entry === null) {
    throw new RuntimeError(
      `an executable that holds its modules cannot start processes on ${host.name}`,
    );
  }
  const map = (path: string) => mapped(path, host.folders);
  const named = host.executable ?? runtimeOf(launch.executable ?? "") ?? runtime.name;
  const name = runtimeOf(named) ?? runtime.name;
  const module = entry.startsWith("file:") ? fileUrl(map(pathOf(entry))) : entry;
  const cwd = host.cwd ?? (isThere ? launch.cwd : map(launch.cwd));
  const errand: Errand = {
    mark,
    kind: Kind.Hosted,
    words: [
      named,
      ...runtimeArguments(name, launch.execArgv ?? [], module),
      ...args,
    ],
    cwd: cwd === "" ? null : cwd,
    needsCwd: launch.needsCwd === true || host.cwd !== null,
    env: { ...ownColors(), ...launch.env, [CHILD_VARIABLE]: "1" },
    link: name === "deno" ? 0 : 3,
  };
  const words = [named, name === "deno" ? "eval" : "-e", supervisorText()];
  const command = [...host.command, ...host.quote ? words.map(quoted) : words];
  const options: SpawnOptions = {
    command: shielded(command),
    executable: undefined,
    grants: undefined,
    entry: null,
    args: [],
    cwd: undefined,
    env: undefined,
    pipesStderr: true,
  };
  return { options, errand };
}

/** Where the same is on another host: by folders here and there, the longest first. */
function mapped(
  path: string,
  folders: readonly (readonly [here: string, there: string])[],
): string {
  for (const [here, there] of folders) {
    if (path === here) return there;
    const start = /[\\/]$/.test(here) ? here : `${here}/`;
    if (path.replaceAll("\\", "/").startsWith(start.replaceAll("\\", "/"))) {
      const rest = path.slice(start.length).replaceAll("\\", "/");
      return `${there.replace(/\/$/, "")}/${rest}`;
    }
  }
  return path;
}

/** A word that any shell of Unix takes as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The process on the host, by the command that leads there. */
export class HostedChild implements Child {
  readonly host: HostConfig;
  /** The process there has begun. */
  onBegun: (() => void) | undefined;
  /** It could not be started. */
  onFailed: ((error: Error) => void) | undefined;
  readonly #command: Child;
  #pid: number | undefined;
  /** It was killed from here before it had begun: that is no failure to start. */
  #isGivenUp = false;
  /** Its exit code, once that is known, and why it was not started. */
  #end: { code: number; why: string } | undefined;
  /** Kills the command, if it does not end. */
  #timer: unknown;
  /** What it has written last may be read afterwards. */
  #hasCommandEnded = false;

  constructor(host: HostConfig, command: Child, errand: Errand) {
    this.host = host;
    this.#command = command;
    void command.exited.then(() => {
      this.#hasCommandEnded = true;
      this.#stopTimer();
    });
    void this.write(new TextEncoder().encode(JSON.stringify(errand)));
  }

  /** The pid there; that of the command, as long as it is unknown. */
  get pid(): number {
    return this.#pid ?? this.#command.pid;
  }

  /** Whether the process there has begun. */
  get isRunning(): boolean {
    return this.#pid !== undefined;
  }

  get exited(): Promise<number> {
    return this.#command.exited;
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    const head = new Uint8Array(4 + (bytes.length <= SHORT ? bytes.length : 0));
    new DataView(head.buffer).setUint32(0, bytes.length);
    if (head.length === 4) void this.#command.write(head);
    else head.set(bytes, 4);
    return this.#command.write(head.length === 4 ? bytes : head);
  }

  closeStdin(): void {
    this.#command.closeStdin();
  }

  read(onChunk: Parameters<Child["read"]>[0]): Promise<void> {
    return this.#command.read(onChunk);
  }

  readStderr(onChunk: (chunk: Uint8Array) => void): Promise<void> {
    return this.#command.readStderr!(onChunk);
  }

  /** Has the process get a signal there. */
  kill(signal: number): void {
    void this.#command.write(new Uint8Array([IS_SIGNAL, 0, 0, signal]));
    if (signal !== SIGKILL) return;
    // What has not begun there sees the end of the command.
    if (this.isRunning) return this.#endCommand(KILL_TIME);
    this.#isGivenUp = true;
    this.#command.kill(SIGKILL);
  }

  /** The supervisor tells of the process. @throws {ProtocolError} if it has told the same */
  hear([, pid, code, why]: Hosted): void {
    if (this.#end !== undefined || pid > 0 && this.#pid !== undefined) {
      throw new ProtocolError("a process begins or ends twice");
    }
    if (pid > 0) {
      this.#pid = pid;
      return this.onBegun?.();
    }
    this.#end = { code, why };
    this.#command.closeStdin();
    this.#stopTimer();
    this.#endCommand(COMMAND_TIME);
  }

  /**
   * Its exit code, when the command has ended and all has been read.
   *
   * @param code The command's own.
   * @param complain Is told if the connection was lost: the process is killed there then.
   */
  exitcode(code: number, complain: (text: string) => void): number {
    if (this.#end !== undefined) return this.#end.code;
    if (!this.isRunning) return code;
    complain(
      `the connection to ${this.host.name} was lost: ${this.#commandEnd(code)}\n`,
    );
    return -SIGKILL;
  }

  /** It has ended before it had begun: tells why, unless it was killed from here. */
  endUnbegun(link: { name: string; stderrTail: string }, code: number): void {
    if (this.#isGivenUp) return this.onBegun?.();
    const { name, stderrTail } = link;
    const why = this.#end?.why ?? this.#commandEnd(code);
    const text = stderrTail === "" ? "" : `; it wrote last:\n${stderrTail}`;
    const where = `${name} on ${this.host.name}`;
    this.onFailed?.(new OSError(`cannot start ${where}: ${why}${text}`));
  }

  #commandEnd(code: number): string {
    const how = code < 0
      ? `was killed by signal ${-code}`
      : `ended with exit code ${code}`;
    return `${this.host.command[0]} ${how}`;
  }

  #endCommand(time: number): void {
    if (this.#hasCommandEnded) return;
    this.#timer ??= runtime.setTimer(() => this.#command.kill(SIGKILL), time);
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) runtime.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
