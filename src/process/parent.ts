/**
 * A process's parent as it sees it. Part of `multiprocessing/process.py`.
 *
 * @module
 */
import {
  asTimeout,
  FUNCTION,
  parseArguments,
  repr,
  takes,
} from "../python/arguments.ts";
import { currentPeer } from "../link/peer.ts";
import { identity } from "./identity.ts";
import { type Popen, ProcessEnd } from "./popen.ts";
import { Kind } from "../wire/message.ts";
import { JOIN, type JoinOptions } from "./arguments.ts";
import { printAsText } from "../python/printing.ts";

/**
 * The parent as a child sees it. CPython: `multiprocessing.process._ParentProcess`.
 */
export class _ParentProcess {
  /** The parent's name when this process was started. */
  readonly name: string;
  /** The parent's number in the operating system. */
  readonly pid: number;
  readonly #end: Pick<Popen, "returncode" | "wait">;

  /** Made by {@linkcode parent_process}. */
  constructor(name: string, pid: number, popen: Pick<Popen, "returncode" | "wait">) {
    this.name = name;
    this.pid = pid;
    this.#end = popen;
  }

  /** The same as `pid`. */
  get ident(): number {
    return this.pid;
  }

  /** Always false here. */
  get daemon(): boolean {
    return false;
  }

  /** Whether the parent runs, as far as is known now. */
  is_alive(): boolean {
    return this.#end.returncode === null;
  }

  /**
   * Waits for the parent's end, or for a time; `is_alive` tells which.
   *
   * @param timeout Seconds; null for ever, 0 or less not to wait.
   * @param options `signal` ends the waiting: the promise rejects with its reason.
   */
  join(timeout?: number | null, options?: JoinOptions): Promise<void>;
  /** The same with the timeout among the options. */
  join(options: JoinOptions): Promise<void>;
  async join(...given: unknown[]): Promise<void> {
    const { timeout, signal } = parseArguments(JOIN, given);
    await this.#end.wait({ timeout: asTimeout(timeout), signal });
  }

  /** Waits for the end as `join` does, but Ctrl-C does not end the wait. */
  async _ended(): Promise<void> {
    currentPeer().ref();
    await this.#end.wait({ timeout: null, signal: undefined, isBackground: true });
    currentPeer().unref();
  }

  /** Python's `repr`: `<_ParentProcess name='MainProcess' parent=None unknown>`. */
  toString(): string {
    return `<_ParentProcess name=${repr(this.name)} parent=None unknown>`;
  }
}

printAsText(_ParentProcess);

let parent: _ParentProcess | null = null;

/**
 * The process that started this one; null in the root. CPython:
 * `multiprocessing.parent_process`.
 *
 * @example
 * ```ts
 * import { parent_process } from "@pystd/multiprocessing";
 * console.log(parent_process()); // null
 * ```
 */
export function parent_process(): _ParentProcess | null {
  takes("parent_process", arguments, FUNCTION);
  return identity.parent === null ? null : parent ??= watched();
}

/** The hub tells a process of its parent's end; the root's is the end of the link. */
function watched(): _ParentProcess {
  const peer = currentPeer(); // a process that was started ahead knows its parent then
  const { id, pid, name } = identity.parent!;
  const end = new ProcessEnd(peer);
  peer.listen(id, (message) => {
    if (message[0] === Kind.Exited) end.hasCome(message[2]);
  });
  return new _ParentProcess(name, pid, end);
}
