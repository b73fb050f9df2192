/**
 * What the package asks of Deno, Bun or Node; one object per runtime implements it.
 * Types only.
 *
 * @module
 */

import type { Grants, Limited, Wanted } from "./permissions/grants.ts";

/** A started child process, seen from the root. Nothing of it keeps the root alive. */
export interface Child {
  readonly pid: number;
  /**
   * Hands bytes to the child's end of the link without blocking. A promise settles when
   * the runtime is ready for more; it never rejects: that a child is gone is told by
   * `exited`. The bytes must not change afterwards.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Ends what the child reads from the link. */
  closeStdin(): void;
  /**
   * Reads the child's stdout till its end. A chunk is valid until `onChunk` returns; where
   * that gives a promise, nothing more is read before it has settled.
   */
  read(onChunk: (chunk: Uint8Array) => Promise<void> | undefined): Promise<void>;
  /** The same with stderr; only there if that is a pipe. */
  readStderr?(onChunk: (chunk: Uint8Array) => void): Promise<void>;
  /** Exit code, or minus the signal's number. */
  readonly exited: Promise<number>;
  /** Sends a signal; nothing happens when the child is gone. */
  kill(signal: number): void;
}

/** What this process may do, and what it can keep another one from. */
export interface Permissions {
  /** What this process may do at this moment; undefined for everything. */
  held(): Grants | undefined;
  /** What a process may do that shall have no more than is wanted. */
  limit(wanted: Wanted): Limited;
  /** Whether a variable of the environment has the value that our children get of us. */
  isHandedOn(name: string, value: string): boolean;
  /** In a child: what it was started with, as the root says; undefined for everything. */
  assume(grants: Grants | undefined): void;
  /** In a child: `handler` runs whenever it gives something up, before it goes on. */
  onDrop(handler: () => void): void;
}

/** How a new process is started. */
export interface SpawnOptions {
  /** The program; undefined for this runtime's own. */
  executable: string | undefined;
  /** What it may do; undefined for everything that we may. */
  grants: Grants | undefined;
  /** The module to run: the package's child entry, as a URL. */
  entry: string;
  /** Arguments that the program shall see as its own. */
  args: string[];
  /** The directory to run in; undefined to inherit. */
  cwd: string | undefined;
  /** The whole environment; undefined to inherit. */
  env: Record<string, string> | undefined;
  /** Whether its stderr is a pipe to us instead of our own stderr. */
  pipesStderr?: boolean;
}

/** Where a function or class was made, as the runtime tells it. */
export interface Location {
  /** URL of the module. */
  url: string;
  /** From 1. */
  line: number;
  /** The module's top-level functions by their local names, where the runtime can tell. */
  bindings?: Map<string, unknown>;
  /** The text that runs; `line` counts in it. */
  source: string;
}

/** The signals that this package listens to. */
export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT";

/** What a runtime knows of loaded modules; only `functions/` asks. Nothing is loaded by it. */
export interface Modules {
  /** Where a function or class was made. */
  locate(fn: object): Promise<Location | undefined>;
  /**
   * The exports of a module that is loaded (see `isLoaded`) and has been evaluated;
   * undefined if it is still being evaluated, or if they cannot be told.
   */
  loadedModule(url: string): Promise<Record<string, unknown> | undefined>;
  /** Whether the module is loaded; undefined if that cannot be told. */
  isLoaded(url: string): Promise<boolean | undefined>;
  /** The URLs of all modules that can be listed at no cost. */
  loadedModules(): string[];
  /** The text of a module of ours as it was written; undefined if it cannot be read. */
  moduleSource(url: string): string | undefined;
  /** Such a text as it runs, which functions' texts show; itself where that cannot be told. */
  asRun(text: string, url: string): string;
}

/** One runtime. */
export interface Runtime extends Modules {
  readonly name: "deno" | "bun" | "node";
  /** Its name and version, for errors. */
  readonly title: string;
  readonly pid: number;
  readonly ppid: number;
  /** URL of the module the program was started with; undefined in a REPL or `-e`. */
  readonly mainModule: string | undefined;
  /** Logical processors of the machine. */
  readonly cpuCount: number;
  /** Processors this process may use. */
  readonly usableCpuCount: number;

  /** The program's arguments, without program and script. */
  args(): string[];
  /** What stands for `sys.argv[0]`; undefined where there is none. */
  script(): string | undefined;
  /** Makes `process.argv[1]` say `script`, where the runtime has it. */
  setScript(script: string): void;
  cwd(): string;
  /** The environment; undefined where it may not be read. */
  env(): Record<string, string> | undefined;
  readonly permissions: Permissions;
  /**
   * Starts a process. Its stdout is a pipe, its stderr is ours or a pipe; its stdin is
   * empty, or the link where that can have no descriptor of its own.
   *
   * @throws the runtime's own error, with `code` where the system gave one
   */
  spawn(options: SpawnOptions): Child;

  /** Reads some bytes of the link to the root, blocking; 0 at its end. */
  readStdinSync(into: Uint8Array): number;
  /** From now on reads that link, without keeping the process alive. Chunks as above. */
  readStdin(onChunk: (chunk: Uint8Array) => void, onEnd: () => void): void;
  /**
   * Makes stdin look empty to user code, while our own reading goes on, and takes back
   * what `spawn` has added to the environment.
   */
  becomeChild(): void;
  /** Writes all of `bytes` to stdout, blocking while the pipe is full. */
  writeStdoutSync(bytes: Uint8Array): void;
  /** Writes all of `bytes` to stderr, blocking. */
  writeStderrSync(bytes: Uint8Array): void;
  /** Columns of the terminal that stderr is; undefined if it is none. */
  stderrWidth(): number | undefined;
  /**
   * Prints children's text on stdout without blocking, whole lines at a time; not before
   * the last call has settled.
   *
   * @returns Settles when all is printed; undefined if it is already.
   * @throws the runtime's own error, here or later, where stdout is closed or full
   */
  print(bytes: Uint8Array): Promise<void> | undefined;

  /** Ends the process; without a code, with the one that was set. */
  exit(code?: number): never;
  /** Sets what `exit` ends with; undefined leaves what the program has set. */
  setExitCode(code: number | undefined): void;
  /**
   * `handler` runs each time nothing is left to do. It may start new work, if it keeps
   * the process alive for it.
   */
  onDrained(handler: () => void): void;
  /**
   * `handler` runs synchronously as the process exits by itself or by an error, or dies by
   * `raise`. It may run twice.
   */
  onExit(handler: () => void): void;
  /**
   * `handler` runs on a signal instead of what the system does, unless the program itself
   * listens to it, too: then that is all that happens.
   *
   * @returns Takes it back. With the last one the system does again what it did.
   */
  onSignal(name: SignalName, handler: () => void): () => void;
  /** Dies as a signal has processes die, once nobody of ours listens to it any more. */
  raise(name: SignalName): void;
  /**
   * `handler` is told of each error that nobody handles; where it gives true, nothing else
   * becomes of that. The program's own handlers go before it.
   */
  onUnhandled(handler: (error: unknown) => boolean): void;

  /** Runs `callback` after the current turn of the event loop. */
  nextTurn(callback: () => void): void;
  /** Whether the process stays alive although nothing else is left to do. */
  keepAlive(on: boolean): void;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Seconds-free timer in milliseconds that does not keep the process alive. */
  setTimer(callback: () => void, milliseconds: number): unknown;
  clearTimer(timer: unknown): void;
}
