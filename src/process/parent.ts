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
  signature,
  takes,
} from "../python/arguments.ts";
import { currentPeer } from "../link/peer.ts";
import { identity } from "./identity.ts";
import { ProcessEnd, Sentinel } from "./popen.ts";
import { Kind } from "../wire/message.ts";
import { AuthenticationString } from "./authkey.ts";
import { CLOSED, type JoinOptions } from "./arguments.ts";
import {
  AssertionError,
  AttributeError,
  KeyError,
  ValueError,
} from "../python/errors.ts";
import { printAsText } from "../python/printing.ts";

const PARENT_JOIN = signature<{ timeout: unknown }>("_ParentProcess.join", {
  timeout: null,
});

/** The parts of the parent's end that its object uses. */
type End = Pick<ProcessEnd, "returncode" | "wait" | "onExit">;

/**
 * The parent as a child sees it: it can be waited for, but neither started nor ended.
 * CPython: `multiprocessing.process._ParentProcess`.
 */
export class _ParentProcess {
  /** The parent's number in the operating system. */
  readonly pid: number;
  readonly #end: End;
  #name: string;
  #authkey: AuthenticationString | undefined;
  #isClosed = false;
  /** Nothing looks at it. CPython: `BaseProcess.daemon`. */
  daemon = false;

  /** Made by {@linkcode parent_process}. */
  constructor(name: string, pid: number, end: End) {
    this.#name = name;
    this.pid = pid;
    this.#end = end;
  }

  /**
   * The parent's name when this process was started; a text that is set is known here
   * alone. CPython: `BaseProcess.name`.
   *
   * @throws {AssertionError} `name must be a string`, when it is set
   */
  get name(): string {
    return this.#name;
  }
  set name(name: string) {
    if (typeof name !== "string") throw new AssertionError("name must be a string");
    this.#name = name;
  }

  /** The same as `pid`. */
  get ident(): number {
    return this.pid;
  }

  /**
   * A key that was set here; the parent's is `current_process().authkey`. CPython:
   * `BaseProcess.authkey`.
   *
   * @throws {KeyError} `'authkey'`, unless it was set
   */
  get authkey(): AuthenticationString {
    if (this.#authkey === undefined) throw new KeyError("authkey");
    return this.#authkey;
  }
  set authkey(authkey: Uint8Array) {
    this.#authkey = AuthenticationString.from(authkey);
  }

  /**
   * Always null: a child does not get to know it. CPython: `BaseProcess.exitcode`.
   *
   * @throws {ValueError} `process object is closed`
   */
  get exitcode(): null {
    this.#checkOpen();
    return null;
  }

  /**
   * What `connection.wait` takes to wait for the parent's end. CPython:
   * `BaseProcess.sentinel`, a number there.
   *
   * @throws {ValueError} `process object is closed`
   */
  get sentinel(): Sentinel {
    this.#checkOpen();
    return new Sentinel(this.#end);
  }

  /** Whether the parent runs, as far as is known now. */
  is_alive(): boolean {
    takes("_ParentProcess.is_alive", arguments);
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
    const { timeout, signal } = parseArguments(PARENT_JOIN, given);
    await this.#end.wait({ timeout: asTimeout(timeout), signal });
  }

  /**
   * Settles at the parent's end, and keeps this process until then. It is no wait of the
   * program's: Ctrl-C does not end it, and who looks inside does not see it.
   */
  async _ended(): Promise<void> {
    currentPeer().ref();
    await new Promise<void>((resolve) => void this.#end.onExit(resolve));
    currentPeer().unref();
  }

  /**
   * Always raises: there is nothing to run. CPython: `BaseProcess.run`.
   *
   * @throws {AttributeError} `'_ParentProcess' object has no attribute '_target'`
   */
  run(): never {
    takes("BaseProcess.run", arguments);
    throw new AttributeError("'_ParentProcess' object has no attribute '_target'");
  }

  /**
   * Always raises: the parent runs. CPython: `BaseProcess.start`.
   *
   * @throws {AssertionError} `can only start a process object created by current process`
   * @throws {ValueError} `process object is closed`
   */
  start(): never {
    takes("BaseProcess.start", arguments);
    this.#checkOpen();
    throw new AssertionError(
      "can only start a process object created by current process",
    );
  }

  /**
   * Always raises: a child does not end its parent. CPython: `BaseProcess.terminate`.
   *
   * @throws {AttributeError} `'NoneType' object has no attribute 'terminate'`
   * @throws {ValueError} `process object is closed`
   */
  terminate(): never {
    takes("BaseProcess.terminate", arguments);
    this.#refuse("terminate");
  }

  /** As `terminate`. CPython: `BaseProcess.kill`. @throws as `terminate` */
  kill(): never {
    takes("BaseProcess.kill", arguments);
    this.#refuse("kill");
  }

  /** As `terminate`. CPython 3.14: `BaseProcess.interrupt`. @throws as `terminate` */
  interrupt(): never {
    takes("BaseProcess.interrupt", arguments);
    this.#refuse("interrupt");
  }

  #refuse(method: string): never {
    this.#checkOpen();
    throw new AttributeError(`'NoneType' object has no attribute '${method}'`);
  }

  /**
   * Lets go of the object: `start`, `terminate`, `kill`, `exitcode` and `sentinel` raise
   * ValueError afterwards. May be called again. CPython: `BaseProcess.close`.
   */
  close(): void {
    takes("BaseProcess.close", arguments);
    this.#isClosed = true;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ValueError(CLOSED);
  }

  /** Python's `repr`: `<_ParentProcess name='MainProcess' parent=None unknown>`. */
  toString(): string {
    const status = this.#isClosed ? "closed" : "unknown";
    const daemon = this.daemon ? " daemon" : "";
    return `<_ParentProcess name=${repr(this.name)} parent=None ${status}${daemon}>`;
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
  const end = new ProcessEnd(peer, id);
  peer.listen(id, (message) => {
    if (message[0] === Kind.Exited) end.hasCome(message[2]);
  });
  return new _ParentProcess(name, pid, end);
}
