/**
 * Mirrors `multiprocessing/popen_spawn_posix.py`: one started process, as the process
 * that started it sees it, and with what it is started.
 *
 * What differs: the root starts the process, and the hub tells of its end.
 *
 * @module
 */
import { type LaunchConfig, launching } from "../link/launch.ts";
import { type Limit, type Waiter, waitHere } from "../link/waiting.ts";
import { ops } from "../link/observed.ts";
import { currentPeer, type Peer } from "../link/peer.ts";
import { asOSError } from "../python/errors.ts";
import { dumps, PendingPayload } from "../reduction/mod.ts";
import { here } from "../runtime/host.ts";
import { runtime, type Wanted } from "../runtime/mod.ts";
import { encode } from "../codec/codec.ts";
import { Kind, type Payload, type ToPeer } from "../wire/message.ts";
import { FORKSERVER, type Identity } from "./identity.ts";
import { grantsFor } from "./permissions.ts";

const SIGKILL = 9;

/** The options of a start. */
export interface LaunchOptions {
  /** Whether the root reads its stderr, passes it on and keeps the last lines. */
  keepsStderr?: boolean;
  /** Its permissions; undefined for those of this process. */
  wanted?: Wanted | undefined;
  /** What its other options change in its config. */
  adapt?: Adapt | undefined;
  /** It is started on this machine, whatever `set_executable` says. */
  staysHere?: boolean;
}

/** Changes the config of a process that is started. */
export type Adapt = (config: LaunchConfig) => LaunchConfig;

/**
 * How the options `execArgv`, `env`, `cwd` and `inspect` are read: by start_options.ts, which
 * is not loaded by processes that make no others.
 */
export const starting: {
  /** Gives what the options change; undefined if none is given. */
  read: (options: StartOptionValues) => Adapt | undefined;
} = { read: () => undefined };

/** Those options as arguments. */
export type StartOptionValues = Record<
  "execArgv" | "env" | "cwd" | "inspect" | "host",
  unknown
>;

/** The configs of a new process: a `LaunchConfig` for the root, an `InitConfig` for itself. */
export interface LaunchConfigs {
  readonly launch: Payload;
  readonly init: Payload;
  /** The name of the host that it is to be on; null if that is the root's machine. */
  readonly host: string | null;
}

/**
 * The configs of a process that is started now, as it inherits them of this one.
 *
 * @throws {PermissionError | NotImplementedError} see {@linkcode grantsFor}
 */
export function launchConfigs(
  child: Identity,
  options: LaunchOptions = {},
  method: string | null = null,
): LaunchConfigs {
  const launch = launchConfig(child.name, options, method);
  const init = child.config(method, launch.host ?? null);
  return { launch: encode(launch), init: encode(init), host: hostOf(launch) };
}

/** The name of the host on which a process is started; null if that is the root's machine. */
function hostOf({ host }: LaunchConfig): string | null {
  return here.host ?? host?.name ?? null;
}

/** The root's part of them. @throws {PermissionError | NotImplementedError} as above */
export function launchConfig(
  name: string,
  { keepsStderr = false, wanted, adapt, staysHere = false }: LaunchOptions,
  method: string | null,
): LaunchConfig {
  // The root starts what a process on a host starts on the same one.
  const host = staysHere || here.host !== null ? null : launching.host;
  const config: LaunchConfig = {
    name,
    executable: launching.executable,
    args: runtime.args(),
    cwd: workingDirectory(),
    env: host === null ? runtime.env() ?? null : null,
    keepsStderr,
    grants: grantsFor(wanted) ?? null,
    ...method === FORKSERVER && { ahead: launching.ahead },
    ...host !== null && { host },
  };
  return adapt === undefined ? config : adapt(config);
}

/** @throws {FileNotFoundError} if it has been removed */
function workingDirectory(): string {
  try {
    return runtime.cwd();
  } catch (error) {
    throw asOSError(error);
  }
}

/** The end of a process, and those who wait for it. */
export class ProcessEnd {
  /** Exit code, or minus the signal's number; null while the process runs. */
  returncode: number | null = null;
  /** The process's number in the hub. */
  readonly id: number;
  readonly #peer: Peer;
  readonly #watchers = new Set<() => void>();

  constructor(peer: Peer, id: number) {
    this.#peer = peer;
    this.id = id;
  }

  /** The process has ended. What is told of it later does not count. */
  hasCome(returncode: number): void {
    if (this.returncode !== null) return;
    this.returncode = returncode;
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }

  /** Calls back when the process has ended; gives the function that cancels it. */
  onExit(callback: () => void): () => void {
    if (this.returncode !== null) {
      callback();
      return () => {};
    }
    this.#watchers.add(callback);
    return () => this.#watchers.delete(callback);
  }

  /** Waits for the end; false if it has not come in time. */
  wait(limit: Limit): Promise<boolean> {
    if (this.returncode !== null) return Promise.resolve(true);
    if (limit.timeout === 0) {
      // An end that has been noticed but not yet handled shall count.
      return new Promise((resolve) =>
        runtime.nextTurn(() => resolve(this.returncode !== null))
      );
    }
    return waitHere(
      this.#peer,
      limit,
      (waiter: Waiter<boolean>) => this.onExit(() => waiter.resolve(true)),
      () => false,
      ops.join,
      this.id,
    );
  }
}

/** An object that is ready when a process has ended; `connection.wait` takes it. */
export class Sentinel {
  readonly #popen: Pick<ProcessEnd, "returncode" | "onExit">;

  /** @internal */
  constructor(popen: Pick<ProcessEnd, "returncode" | "onExit">) {
    this.#popen = popen;
  }

  /** Whether the process has ended. */
  get isReady(): boolean {
    return this.#popen.returncode !== null;
  }

  /** Calls back when the process has ended; gives the function that cancels it. */
  onReady(callback: () => void): () => void {
    return this.#popen.onExit(callback);
  }
}

/** A started process, as `Process` needs to know it. */
export type Launched = Pick<
  Popen,
  | ("host" | "pid" | "sentinel" | "launched" | "returncode")
  | ("wait" | "onExit" | "signal")
>;

export class Popen extends ProcessEnd {
  /** The name of the host that it is on; null if that is the root's machine. */
  readonly host: string | null;
  /** Known at once in the root, else when `launched` has settled. */
  pid: number | null = null;
  readonly sentinel: Sentinel = new Sentinel(this);
  /** Settles when the process runs and has been told what to do. */
  readonly launched: Promise<void>;
  /** Gets what the process reports by `report` of link/control_channel.ts. */
  onReport: ((operands: number[], items: Payload[]) => void) | undefined;
  /** The last lines of its stderr, once it has ended, if it had one of its own. */
  stderrTail = "";
  readonly #peer: Peer;

  /**
   * @param configs The value that `launchConfigs` gave.
   * @param work The encoded `Work`, whose shared objects are `handles`.
   */
  constructor(
    peer: Peer,
    configs: LaunchConfigs,
    work: Payload | PendingPayload,
    handles: number[],
  ) {
    super(peer, peer.newId());
    this.#peer = peer;
    this.host = configs.host;
    peer.listen(this.id, (message) => this.#receive(message));
    try {
      this.launched = this.#launch(configs, work, handles);
    } catch (error) {
      this.hasCome(1);
      throw error;
    }
  }

  #launch(
    configs: LaunchConfigs,
    work: Payload | PendingPayload,
    handles: number[],
  ): Promise<void> {
    const peer = this.#peer;
    const call = peer.newCall();
    let settle: Waiter<void> | undefined;
    const started = new Promise<void>((resolve, reject) =>
      settle = { resolve, reject }
    );
    // Not inside the promise: what the root cannot start raises at the call.
    const { launch, init } = configs;
    peer.request(call, [Kind.Launch, this.id, call, launch, init], {
      resolve: (pid) => {
        this.pid = pid as number;
        settle!.resolve();
      },
      reject: (error) => {
        this.hasCome(1);
        settle!.reject(error);
      },
    });
    // A process that runs does not keep this one alive, but one that is to be launched does: see link/exit.ts.
    void peer.refWhile(started);
    if (!(work instanceof PendingPayload)) {
      this.#boot(work, handles);
      return started;
    }
    // The process has its objects from now on: what is closed here meanwhile stays open.
    if (handles.length > 0) peer.post([Kind.Give, this.id, handles]);
    const resolved = work.resolve();
    // Both are awaited in turn; neither may count as unhandled before that.
    started.catch(() => {});
    return peer.refWhile(resolved.then(
      (payload) => {
        this.#boot(payload, []);
        return started;
      },
      async (error) => {
        this.signal(SIGKILL);
        await new Promise<void>((resolve) => this.onExit(resolve));
        throw error;
      },
    ));
  }

  #boot(work: Payload, handles: number[]): void {
    this.#peer.post([Kind.Boot, this.id, 0, work, handles]);
  }

  #receive(message: ToPeer): void {
    if (message[0] === Kind.Report) this.onReport?.(message[2], message[3]);
    else if (message[0] === Kind.StderrTail) this.stderrTail = message[2];
    else if (message[0] === Kind.Exited) this.hasCome(message[2]);
  }

  override hasCome(returncode: number): void {
    this.#peer.unlisten(this.id);
    super.hasCome(returncode);
  }

  /** Tells the process something that it gets by link/control_channel.ts, if it still runs. */
  tell(operands: number[], items: Payload[]): void {
    if (this.returncode === null) {
      this.#peer.post([Kind.Tell, this.id, operands, items]);
    }
  }

  /** Sends a signal, if it still runs. */
  signal(signal: number): void {
    if (this.returncode === null) this.#peer.post([Kind.Signal, this.id, signal]);
  }
}

/** Starts a process that does some work. @throws as `Process.start` */
export function launch(
  identity: Identity,
  options: LaunchOptions,
  method: string | null,
  work: unknown,
): Popen {
  const handles: number[] = [];
  const configs = launchConfigs(identity, options, method);
  const payload = dumps(work, { handles, host: configs.host });
  return new Popen(currentPeer(), configs, payload, handles);
}
