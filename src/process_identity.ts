/**
 * Who a process is: what it was told of itself, or, in the root, what is so by itself.
 * Part of what `multiprocessing/process.py` keeps in `_config` and module variables.
 *
 * @module
 */
import { AuthenticationString, newAuthkey } from "./authkey.ts";
import { currentPeer } from "./peer.ts";
import { runtime } from "./runtime/mod.ts";
import { isIgnored } from "./runtime/ignored.ts";
import { get_executable, type InitConfig } from "./spawn.ts";
import { loggingState } from "./python/util.ts";

/** See the file's head. */
export class Identity {
  /** The class it was made with, which its default name begins with. */
  readonly className: string;
  /** Its number among its parent's children, after the parent's own. */
  readonly numbers: readonly number[];
  name: string;
  daemon: boolean;
  /** Null in the root, until it is asked for. */
  #authkey: AuthenticationString | null;
  /** Null in the root. */
  readonly parentPid: number | null;
  readonly #creator: Identity | null;
  #childCount = 0;

  constructor(
    className: string,
    config: Pick<InitConfig, "identity" | "name" | "daemon">,
    authkey: AuthenticationString | null,
    parentPid: number | null,
    creator: Identity | null,
  ) {
    this.className = className;
    this.numbers = config.identity;
    this.name = config.name;
    this.daemon = config.daemon;
    this.#authkey = authkey;
    this.parentPid = parentPid;
    this.#creator = creator;
  }

  /** The key; the root makes itself one when it first needs it, as children need none. */
  get authkey(): AuthenticationString {
    return this.#authkey ??= newAuthkey();
  }
  set authkey(authkey: AuthenticationString) {
    this.#authkey = authkey;
  }

  /** Whether this process made it, to start it. */
  get isChildOfCurrent(): boolean {
    return this.#creator === identity.current;
  }

  /** The identity of a new child; it takes the next number. */
  child(className: string, name: string | null): Identity {
    const numbers = [...this.numbers, ++this.#childCount];
    const config = {
      identity: numbers,
      name: name ? String(name) : `${className}-${numbers.join(":")}`,
      daemon: this.daemon,
    };
    return new Identity(className, config, this.authkey, runtime.pid, this);
  }

  /** What the child is told of itself. */
  config(): InitConfig {
    return {
      name: this.name,
      identity: [...this.numbers],
      daemon: this.daemon,
      ignoresInterrupt: identity.current.parentPid === null
        ? isIgnored("SIGINT") === true
        : identity.ignoresInterrupt,
      authkey: new Uint8Array(this.authkey),
      parent: { id: currentPeer().id, pid: runtime.pid, name: identity.current.name },
      script: runtime.script() ?? null,
      executable: get_executable(),
      logging: loggingState(),
    };
  }
}

function root(): Identity {
  const config = { identity: [], name: "MainProcess", daemon: false };
  return new Identity("_MainProcess", config, null, null, null);
}

/** This process's identity, and how far it has come in finding it. */
export const identity: {
  current: Identity;
  isBootstrapping: boolean;
  /**
   * SIGINT is for others: this process serves them until they end it, or was started to
   * ignore it.
   */
  ignoresInterrupt: boolean;
} = {
  current: root(),
  isBootstrapping: false,
  ignoresInterrupt: false,
};

/** Makes this process the one that was described. */
export function assumeIdentity(config: InitConfig): void {
  const authkey = AuthenticationString.from(config.authkey);
  const { pid } = config.parent;
  identity.ignoresInterrupt = config.ignoresInterrupt;
  identity.current = new Identity("Process", config, authkey, pid, null);
}
