/**
 * The interface to Deno, Bun and Node, which one object per runtime implements. Types only.
 *
 * @module
 */
import type { Grants, Limited, Wanted } from "./permissions/grants.ts";

/** A started child process, seen from the root; it does not keep the root alive. */
export interface Child {
  readonly pid: number;
  /**
   * Hands bytes to the child's end of the link without blocking. A promise settles when
   * the runtime is ready for more; it never rejects, as `exited` tells that a child is gone.
   * The bytes must not change afterwards.
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

/** The permissions of this process, and those that it can give to another one. */
export interface Permissions {
  /** The present permissions of this process; undefined for all. */
  held(): Grants | undefined;
  /** The permissions of a process that is to have no more than is wanted. */
  limit(wanted: Wanted): Limited;
  /** Whether a variable has the value that this process's children inherit. */
  isHandedOn(name: string, value: string): boolean;
  /** In a child: sets the permissions that it was started with; undefined for all. */
  assume(grants: Grants | undefined): void;
  /** In a child: `handler` runs each time it drops a permission, before it goes on. */
  onDrop(handler: () => void): void;
}

/** The options of a new process. */
export interface SpawnOptions {
  /** The program; undefined for that of this runtime. */
  executable: string | undefined;
  /** The whole command line, in place of the program with its flags and its entry. */
  command?: readonly string[] | undefined;
  /** Its permissions; undefined for those of this process. */
  grants: Grants | undefined;
  /** The module to run, as a URL; null where the program runs its own anyway. */
  entry: string | null;
  /** The arguments that the program sees as its own. */
  args: string[];
  /** The directory to run in; undefined to inherit. */
  cwd: string | undefined;
  /** The whole environment; undefined to inherit. */
  env: Record<string, string> | undefined;
  /** Whether its stderr is a pipe to this process, instead of this process's stderr. */
  pipesStderr?: boolean;
  /**
   * The runtime's flags, without those of permissions: see flags.ts. On Deno they are added
   * to those that are inherited, and replace what has the same name.
   */
  flags?: readonly string[];
}

/** The place where a function or class was made, by the runtime. */
export interface Location {
  /** URL of the module. */
  url: string;
  /** From 1. */
  line: number;
  /** The module's top-level functions by their local names, where the runtime can tell. */
  bindings?: Map<string, unknown>;
  /** Whether the runtime has loaded the module itself, and not a tool the module's text. */
  isLoaded: boolean;
  /** The text that runs; `line` counts in it. */
  source: string;
}

/** The signals that this package listens to. */
export type SignalName =
  | "SIGINT"
  | "SIGTERM"
  | "SIGHUP"
  | "SIGQUIT"
  | "SIGBREAK"
  | "SIGUSR2";

/** Questions about loaded modules, for `functions/`. They load no module. */
export interface Modules {
  /** What `import()` takes for a module's URL. */
  importable(url: string): string;
  /** The place where a function or class was made. */
  locate(fn: object): Promise<Location | undefined>;
  /**
   * The exports of a module that is loaded (see `isLoaded`) and has been evaluated;
   * undefined if it is still being evaluated, or if they cannot be told.
   */
  loadedModule(url: string): Promise<Record<string, unknown> | undefined>;
  /** Whether the module is loaded; undefined if that cannot be told. */
  isLoaded(url: string): Promise<boolean | undefined>;
  /** The URLs of all modules that can be listed at no cost: of packages, or all others. */
  loadedModules(ofPackages: boolean): string[];
  /** The URL of a package that a module imports; undefined where that cannot be told. */
  resolvePackage(specifier: string, from: string): string | undefined;
  /** The text of the program's module as it was written; undefined if it cannot be read. */
  moduleSource(url: string): string | undefined;
  /** Such a text as it runs, as functions' texts show it; itself where that is unknown. */
  asRun(text: string, url: string): string;
}

/** One runtime. */
export interface Runtime extends Modules {
  readonly name: "deno" | "bun" | "node";
  /** Name and version, for errors. */
  readonly title: string;
  readonly pid: number;
  readonly ppid: number;
  /** Whether what a test leaves open is reported as its fault. */
  readonly checksLeaks: boolean;
  /** URL of the module the program was started with; undefined in a REPL or `-e`. */
  readonly mainModule: string | undefined;
  /** Logical processors of the machine. */
  readonly cpuCount: number;
  /** Processors this process may use. */
  readonly usableCpuCount: number;

  /** The program's arguments, without program and script. */
  args(): string[];
  /** The counterpart of `sys.argv[0]`; undefined where there is none. */
  script(): string | undefined;
  /** Sets that and `process.argv[1]`, in a child. */
  setScript(script: string): void;
  cwd(): string;
  /** The environment; undefined where it may not be read. */
  env(): Record<string, string> | undefined;
  readonly permissions: Permissions;
  /**
   * Starts a process. Its stdout is a pipe, its stderr inherited or a pipe; its stdin is
   * empty, or the link where that can have no descriptor of its own. Throws the runtime's
   * own error, with `code` where the system gave one.
   */
  spawn(options: SpawnOptions): Child;

  /** Reads some bytes of the link to the root, blocking; 0 at its end. */
  readStdinSync(into: Uint8Array): number;
  /** From now on reads that link, without keeping the process alive. Chunks as `Child.read`. */
  readStdin(onChunk: (chunk: Uint8Array) => void, onEnd: () => void): void;
  /** Makes stdin look empty to user code, and removes what `spawn` added to the environment. */
  becomeChild(): void;
  /** What this process would do for later ones after a while, it does before it blocks. */
  beforeWaiting(): void;
  /** Writes all of `bytes` to stdout, blocking while the pipe is full. */
  writeStdoutSync(bytes: Uint8Array): void;
  /** Writes all of `bytes` to stderr, blocking. */
  writeStderrSync(bytes: Uint8Array): void;
  /** Whether what is printed is seen on a terminal. */
  stdoutIsTerminal(): boolean;
  /** Columns of stderr; undefined if it is no terminal. */
  stderrWidth(): number | undefined;
  /**
   * Prints children's text on stdout without blocking; only after
   * the last call has settled. Undefined if all is printed at once. Throws the runtime's own
   * error, here or later, where stdout is closed or full.
   */
  print(bytes: Uint8Array): Promise<void> | undefined;

  /** Ends the process, by default with the code that was set. */
  exit(code?: number): never;
  /** Sets the exit code; undefined leaves the one that the program has set. */
  setExitCode(code: number | undefined): void;
  /** `handler` runs each time the event loop is empty. It may keep the process alive. */
  onDrained(handler: () => void): void;
  /** `handler` runs, maybe twice, as the process exits, by an error too, or dies by `raise`. */
  onExit(handler: () => void): void;
  /**
   * `handler` runs on a signal instead of the system's default, unless the program itself
   * listens to it. The result removes it; without handlers the default holds again.
   */
  onSignal(name: SignalName, handler: () => void): () => void;
  /** Dies by a signal's default, once this package's handlers are removed. */
  raise(name: SignalName): void;
  /** `handler` gets each error that the program does not handle; true: it has handled it. */
  onUnhandled(handler: (error: unknown) => boolean): void;

  /** Runs `callback` after the current turn of the event loop. */
  nextTurn(callback: () => void): void;
  /** Sets whether the process stays alive although nothing is left to do. */
  keepAlive(on: boolean): void;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Bytes of the machine's memory that this process holds. */
  residentBytes(): number;
  /** Starts a timer that does not keep the process alive. */
  setTimer(callback: () => void, milliseconds: number): unknown;
  clearTimer(timer: unknown): void;
}
