/**
 * The record of this process. The root has it by itself; a child is told, by the
 * config in its first message, and takes it over in one call. Part of what
 * `multiprocessing/process.py` and `spawn.py` keep in `_config` and module variables.
 *
 * @module
 */
import { setPlaces } from "../functions/places.ts";
import { type Ahead, type HostConfig, launching } from "../link/launch.ts";
import { ROOT as ROOT_ID } from "../hub/ids.ts";
import { currentPeer } from "../link/peer.ts";
import {
  type LoggingState,
  loggingState,
  setProcessNameSource,
} from "../python/log_calls.ts";
import { setEvaluation } from "../runtime/evaluation.ts";
import { isIgnored } from "../runtime/signals/ignored.ts";
import { here } from "../runtime/host.ts";
import { runtime } from "../runtime/mod.ts";
import { VERSION } from "../runtime/package.ts";
import { switchedOff } from "../runtime/switches.ts";
import { AuthenticationString, newAuthkey } from "./authkey.ts";

/** The default start method. */
export const SPAWN = "spawn";

/** The start method that takes processes which were started ahead. */
export const FORKSERVER = "forkserver";

/** A start method, or null where none was chosen or needed yet. */
export interface ChosenMethod {
  name: string | null;
}

/** The process that has started a child, as the child is told. */
export interface Parent {
  /** Its number in the hub. */
  readonly id: number;
  readonly pid: number;
  readonly name: string;
}

/**
 * The config of a new process: encoded once, by the process that asks for it,
 * and not opened before it is there. Travels in `Launch` and in `Init`.
 */
export interface InitConfig {
  name: string;
  /** See {@linkcode Identity.numbers}. */
  identity: number[];
  daemon: boolean;
  /** Whether the root was started to ignore SIGINT, and so this process is. */
  ignoresInterrupt: boolean;
  authkey: Uint8Array;
  parent: Parent;
  /** The value of `sys.argv[0]`. */
  script: string | null;
  executable: string | null;
  /** The default start method. */
  startMethod: string | null;
  ahead: Ahead;
  logging: LoggingState;
  /** The mechanisms that the root has turned off: see runtime/switches.ts. */
  without: string[];
  /** For a process on a host. */
  place?: Place;
  /** The host on which it starts processes, if one is set. */
  host?: HostConfig;
}

/** What a process on a host is told of that. */
export interface Place {
  /** What errors call the host. */
  name: string;
  folders: HostConfig["folders"];
  /** The version of this package at the root. */
  version: string;
}

/** Which process one is: this one, or one that it has made. */
export class Identity {
  /** Its number among its parent's children, after the parent's own. */
  readonly numbers: readonly number[];
  name: string;
  daemon: boolean;
  /** Null in the root. */
  readonly parentPid: number | null;
  /** Null in the root, until it is asked for. */
  #authkey: AuthenticationString | null;
  readonly #creator: Identity | null;
  #childCount = 0;

  constructor(
    config: Pick<InitConfig, "identity" | "name" | "daemon">,
    authkey: AuthenticationString | null,
    parentPid: number | null,
    creator: Identity | null,
  ) {
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
    return new Identity(config, this.authkey, runtime.pid, this);
  }

  /**
   * What it is told.
   *
   * @param method Its default start method.
   * @param host The host on which it is started; null for this one's.
   */
  config(method: string | null, host: HostConfig | null = null): InitConfig {
    const place = host === null
      ? identity.place
      : { name: host.name, folders: host.folders, version: VERSION };
    return {
      name: this.name,
      identity: [...this.numbers],
      daemon: this.daemon,
      ignoresInterrupt: identity.parent === null
        ? isIgnored("SIGINT") === true
        : identity.ignoresInterrupt,
      authkey: new Uint8Array(this.authkey),
      parent: { id: currentPeer().id, pid: runtime.pid, name: identity.current.name },
      script: runtime.script() ?? null,
      executable: launching.executable,
      startMethod: method,
      ahead: launching.ahead,
      logging: loggingState(),
      without: switchedOff(),
      ...place !== null && { place },
      ...launching.host !== null && { host: launching.host },
    };
  }
}

/** The record of a process. */
export interface ThisProcess {
  current: Identity;
  /** Null in the root. */
  parent: Parent | null;
  /** Null but on a host. */
  place: Place | null;
  /** The default context's. */
  readonly startMethod: ChosenMethod;
  /**
   * SIGINT is for others: this process serves them until they end it, or was started to
   * ignore it.
   */
  ignoresInterrupt: boolean;
  /** In a child whose modules are still being imported: it may not start processes. */
  isBootstrapping: boolean;
  /** In a program that is its own child: begins its work. Null elsewhere. */
  freeze: (() => void) | null;
}

const ROOT = { identity: [], name: "MainProcess", daemon: false };

/** The record of this process: at first what is so in the root. */
export const identity: ThisProcess = {
  current: new Identity(ROOT, null, null, null),
  parent: null,
  place: null,
  startMethod: { name: null },
  ignoresInterrupt: false,
  isBootstrapping: false,
  freeze: null,
};

/** Makes this process the child that was described, whose work is still to come. */
export function assumeIdentity(config: InitConfig): void {
  const { parent, ignoresInterrupt, script } = config;
  const authkey = AuthenticationString.from(config.authkey);
  const current = new Identity(config, authkey, parent.pid, null);
  setCurrent({ value: current, writable: true });
  Object.assign(identity, { parent, ignoresInterrupt });
  launching.executable = config.executable;
  launching.host = config.host ?? null;
  if (config.place !== undefined) assumePlace(config.place);
  launching.ahead = config.ahead;
  beginBootstrap();
  identity.startMethod.name = config.startMethod;
  fixStartMethod();
  if (script !== null) runtime.setScript(script);
}

/** This process is on another host. It ends, if it finds another version of this package. */
function assumePlace(place: Place): void {
  identity.place = place;
  here.host = place.name;
  setPlaces(place.folders);
  if (place.version === VERSION) return;
  const text = `@pystd/multiprocessing ${VERSION} on ${place.name} cannot work with ` +
    `${place.version} of the program that has started it\n`;
  runtime.writeStderrSync(new TextEncoder().encode(text));
  runtime.exit(1);
}

function setCurrent(how: PropertyDescriptor): void {
  const fixed = { configurable: true, enumerable: true };
  Object.defineProperty(identity, "current", { ...fixed, ...how });
}

function beginBootstrap(): void {
  if (identity.isBootstrapping) return; // a process that was started ahead
  identity.isBootstrapping = true;
  setEvaluation(() => identity.isBootstrapping);
}

/**
 * Makes this process a child that does not know yet which one: a process that was started
 * ahead. `become` has it wait for that, by blocking, when it is asked; only that it is
 * a child can be told before.
 */
export function awaitIdentity(become: () => void): void {
  identity.parent = { id: ROOT_ID, pid: runtime.ppid, name: ROOT.name };
  identity.startMethod.name = null;
  beginBootstrap();
  setCurrent({
    get() {
      become();
      return identity.current;
    },
  });
}

/** From now on the default context has a start method. */
export function fixStartMethod(): void {
  identity.startMethod.name ??= SPAWN;
}

setProcessNameSource(() => identity.current.name);
