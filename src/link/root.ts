/**
 * The root: the process that was not started by this package. The hub lives here, and it
 * starts every other process, also those that a child asks for, with one link for each.
 *
 * The entries of the package import this file, which makes the root's peer at its first
 * use. A child loads it as well, if its program imports an entry; it has a peer already.
 *
 * @module
 */
import { Ends } from "./ends.ts";
import { complain } from "./exit.ts";
import { WaitList } from "../collections/wait_list.ts";
import { NotImplementedError, ProtocolError } from "../python/errors.ts";
import type { Claims } from "../hub/claims.ts";
import { type Effects, Hub } from "../hub/hub.ts";
import { ROOT } from "../hub/ids.ts";
import type { SharedObject } from "../hub/object.ts";
import type { SharedWord } from "../hub/word.ts";
import { QueueState } from "../hub/queue.ts";
import type { StatsOwner } from "../hub/stats.ts";
import { type LinkEvents, RootEnd } from "./root_end.ts";
import { endShared, watchShared } from "./program_end.ts";
import { output, sinkOf, sinks } from "./output.ts";
import { currentPeer, type Link, Peer, setPeerFactory } from "./peer.ts";
import { HostedChild, hostedStart } from "./hosted.ts";
import {
  checkGrants,
  type Child,
  type Grants,
  meet,
  runtime,
  type SpawnOptions,
} from "../runtime/mod.ts";
import {
  type Ahead,
  checkLaunch,
  type HostConfig,
  type LaunchConfig,
  launching,
  type PreloadConfig,
  readLaunchConfig,
} from "./launch.ts";
import { setWatching, Watching } from "./watched.ts";
import { newMark, programOf, spawnChild } from "./starting.ts";
import { type Kind as SpareKind, Spares } from "./spares.ts";
import { childFolder, removeArena, removeKept } from "../runtime/program_folder.ts";
import { withColors } from "../runtime/colors.ts";
import { startFlags } from "../runtime/flags.ts";
import { freePort } from "../runtime/free_port.ts";
import { isRunning } from "../runtime/process_state.ts";
import { switchedOff, switches } from "../runtime/switches.ts";
import { get_logger } from "../python/log.ts";
import { is_exiting } from "../python/util.ts";
import { reuseBuffer } from "../wire/bytes.ts";
import { decode, encode } from "../codec/codec.ts";
import { LONG } from "../wire/frame.ts";
import { newWord } from "./words.ts";
import { Kind, type Message, type Payload, type ToHub } from "../wire/message.ts";

const SIGINT = 2;

/** How a process is started. */
interface Start {
  options: SpawnOptions;
  /** The port and address at which it listens to a debugger, if it does. */
  port: number | undefined;
  address: string | undefined;
}

/** The root's hub, its own way to it, and the links to all children. */
class Root implements Effects, Link {
  readonly #hub = new Hub(this);
  readonly #links = new Map<number, RootEnd>();
  /** The ports at which children listen to debuggers. */
  readonly #ports = new Map<number, number>();
  /** Links that have something to send. */
  readonly #unsent = new Set<RootEnd>();
  /** Processes that were told to end because this program ends. */
  readonly #dismissed = new Set<number>();
  readonly #spares = new Spares<RootEnd>(isRunning);
  readonly #watching = new Watching(this.#hub, this.#links);
  readonly #ends = new Ends({
    signal: (signal) => {
      this.#links.forEach((link) => link.signal(signal));
      void this.#spares.end();
    },
    interrupt: () => this.#links.forEach((link) => link.hosted?.kill(SIGINT)),
    ended: () => this.#ended(),
  });
  /** Called when there are no children any more. */
  readonly #waiting = new WaitList<() => void>();
  readonly peer = new Peer(ROOT, ROOT, this);
  #isScheduled = false;
  /** Messages have left in this turn of the event loop, as far as is known. */
  #hasFlushed = false;

  constructor() {
    setWatching(this.#watching);
  }

  // --- Link: this process to the hub

  readonly copies = false;

  post(message: ToHub): void {
    this.#hub.receive(ROOT, message);
    if (!this.#isScheduled) this.#schedule();
  }

  repeat(message: ToHub): () => void {
    return () => this.post(message);
  }

  takeNow(queue: number): Payload | undefined {
    const object = this.#hub.objectOfRoot(queue);
    if (!(object instanceof QueueState)) return undefined;
    const item = object.takeNow();
    if (!this.#isScheduled && this.#hub.isUnsettled) this.#schedule();
    return item;
  }

  objectHere(object: number): SharedObject | undefined {
    return this.#hub.objectOfRoot(object);
  }

  // --- Effects: the hub to the world

  send(process: number, message: Message): void {
    if (process === ROOT) return this.peer.receive(message as never);
    const link = this.#links.get(process);
    if (link === undefined) return;
    link.send(message as never);
    this.#unsent.add(link);
  }

  reuse(process: number, bytes: Payload): void {
    if (bytes.length < LONG) return;
    // Bytes that this process itself received are its user's: it has no link. And a child
    // may acknowledge something that is still on its way.
    this.#links.get(process)?.whenLeft(() => reuseBuffer(bytes));
  }

  launch(
    process: number,
    idRange: number,
    parent: number,
    call: number,
    launch: Payload,
    init: Payload,
  ): void {
    try {
      const link = this.#start(
        process,
        idRange,
        parent,
        readLaunchConfig(launch),
        init,
      );
      const answer = () => this.send(parent, [Kind.Answer, 0, call, link.pid]);
      if (link.hosted === undefined) return answer();
      link.hosted.onBegun = answer;
      link.hosted.onFailed = (error) => this.#refuse(parent, call, error);
    } catch (error) {
      this.#hub.notLaunched(process);
      if (parent === ROOT) throw error;
      this.#refuse(parent, call, error as Error);
    }
  }

  #refuse(parent: number, call: number, { name, message }: Error): void {
    this.send(parent, [Kind.Failure, 0, call, name, message]);
  }

  signal(process: number, signal: number): void {
    if (is_exiting()) this.#dismissed.add(process);
    this.#links.get(process)?.signal(signal);
  }

  nameOf(process: number): StatsOwner | null {
    if (process === ROOT) return { name: "MainProcess", pid: runtime.pid };
    const link = this.#links.get(process);
    return link === undefined ? null : { name: link.name, pid: link.pid };
  }

  now(): number {
    return runtime.now();
  }

  setTimer(callback: () => void, milliseconds: number): unknown {
    return runtime.setTimer(() => {
      callback();
      this.#flush();
    }, milliseconds);
  }

  clearTimer(timer: unknown): void {
    runtime.clearTimer(timer);
  }

  claims(process: number): Claims | undefined {
    return this.#links.get(process)?.claims;
  }

  offerClaims(process: number): void {
    const link = this.#links.get(process);
    if (link === undefined) return;
    link.offerClaims();
    this.#unsent.add(link);
  }

  get mayPrefetch(): boolean {
    return switches.prefetch;
  }

  removeArena(name: number): void {
    removeArena(name);
  }

  newWord(): SharedWord | null | undefined {
    return newWord();
  }

  mayShare(process: number): boolean {
    const link = this.#links.get(process);
    return link !== undefined && link.grants === undefined && link.hosted === undefined;
  }

  warn(process: number, text: string): void {
    const link = this.#links.get(process);
    // Daemons end with the program itself, whatever they hold.
    if (link !== undefined && !this.#dismissed.has(process)) {
      get_logger().warning("%s %s", link.who, text);
    }
  }

  // --- links

  #start(
    process: number,
    idRange: number,
    parent: number,
    launch: LaunchConfig,
    init: Payload,
  ): RootEnd {
    // The root itself may start anything; a process on a host only what is there.
    const from = parent === ROOT ? undefined : this.#links.get(parent)!;
    if (from !== undefined) checkLaunch(launch, from.grants, launching.executable);
    const grants = meet(from?.grants, checkGrants(launch.grants));
    const host = from?.hosted?.host ?? launch.host;
    const folder = host === undefined ? childFolder(process) : "";
    const { name } = launch;
    this.#ends.begin(this.#links);
    let link: RootEnd;
    let isSpare = false;
    try {
      if (host !== undefined) {
        link = this.#spawnOn(host, launch, grants, from?.hosted !== undefined);
      } else {
        const start = this.#options(launch, grants);
        const spare = this.#takeSpare(start, launch);
        isSpare = spare !== undefined;
        link = spare ?? this.#spawn(name, start.options);
        if (start.port !== undefined) {
          this.#ports.set(process, start.port);
          complain(`${name} (pid ${link.pid}) can be debugged at ${start.address}\n`);
        }
      }
    } catch (error) {
      if (this.#links.size === 0) this.#ends.end(this.#links);
      throw error;
    }
    link.become(name, grants, this.#events(process, link), folder);
    this.#links.set(process, link);
    this.send(process, [Kind.Init, process, idRange, link.mark, init, folder]);
    if (grants) this.send(process, [Kind.Holds, process, encode(grants)]);
    this.#watching.started(process, link);
    // A process that waits reads once: its work, which comes next, is to be there as well.
    if (!isSpare) link.flush();
    else if (!this.#isScheduled) this.#schedule();
    return link;
  }

  /** Starts a process on another host, by the command that leads there. */
  #spawnOn(
    host: HostConfig,
    launch: LaunchConfig,
    grants: Grants | undefined,
    isThere: boolean,
  ): RootEnd {
    if (grants !== undefined) {
      const text = `the permissions of a process on ${host.name} cannot be limited`;
      throw new NotImplementedError(text);
    }
    const mark = newMark();
    const program = programOf(launch);
    const { options, errand } = hostedStart(host, program, launch, mark, isThere);
    return this.#spawn(
      launch.name,
      options,
      undefined,
      mark,
      (child) => new HostedChild(host, child, errand),
    );
  }

  /** How the process is started. */
  #options(launch: LaunchConfig, grants: Grants | undefined): Start {
    const program = programOf(launch);
    const executable = launch.executable ?? undefined;
    const { execArgv, inspect } = launch;
    const wanted = { executable, execArgv, inspect, env: launch.env ?? undefined };
    const { flags, env, port, address } = startFlags(
      runtime.name,
      wanted,
      (from) => freePort(from, new Set(this.#ports.values())),
    );
    const options = {
      executable,
      grants,
      ...program,
      cwd: launch.cwd,
      env: withColors(env),
      pipesStderr: launch.keepsStderr,
      flags,
    };
    return { options, port, address };
  }

  /** Starts a process, which is nobody's yet. */
  #spawn(
    name: string,
    options: SpawnOptions,
    ended = () => {},
    mark: number = newMark(),
    wrap = (child: Child) => child,
  ): RootEnd {
    // Before the spawn: Deno opens files for this, and all children are to inherit the same.
    this.#ends.begin(this.#spares);
    runtime.onExit(endShared); // behind what ends the children
    try {
      const child = wrap(spawnChild(options));
      const events = { ...this.#outputEvents, onMessage: tooEarly, onEnd: ended };
      const named = options.executable ?? options.command?.at(-3) ?? runtime.name;
      return new RootEnd(child, mark, name, named, options.grants, events);
    } finally {
      this.#ends.end(this.#spares);
    }
  }

  readonly #outputEvents = {
    onChunk: () => this.#beginTurn(),
    onText: (bytes: Uint8Array) => output.print(bytes),
    onStderr: complain,
  };

  #events(process: number, link: RootEnd): LinkEvents {
    return {
      ...this.#outputEvents,
      onText: (bytes) =>
        sinkOf(process).onText(this.#watching.printed(process, "stdout", bytes)),
      onStderr: (bytes) =>
        sinkOf(process).onStderr(this.#watching.printed(process, "stderr", bytes)),
      onMessage: (message) => this.#receive(process, link, message),
      onClaimsEnded: () => this.#hub.claimsEnded(process),
      onEnd: (exitcode) => this.#end(process, link, exitcode),
    };
  }

  // --- processes that are started ahead

  #takeSpare(start: Start, { ahead }: LaunchConfig): RootEnd | undefined {
    if (ahead === undefined || start.port !== undefined) return undefined;
    return this.#spares.take(this.#kind(start.options, ahead), ahead.spares);
  }

  /** Starts as many as there may be, for processes and for workers of pools. */
  startAhead(launch: LaunchConfig): void {
    if (launch.host !== undefined) return; // none is started ahead elsewhere
    const { options } = this.#options(launch, checkGrants(launch.grants));
    const kinds = [false, true].map((pipesStderr) =>
      this.#kind({ ...options, pipesStderr }, launch.ahead!)
    );
    this.#spares.prepare(kinds, launch.ahead!.spares);
  }

  #kind(options: SpawnOptions, { modules }: Ahead): SpareKind<RootEnd> {
    // Deno lists variables in another order each time.
    const env = options.env && Object.entries(options.env).sort();
    return {
      key: JSON.stringify([{ ...options, env }, modules]),
      start: (ended) => {
        const link = this.#spawn("a process started ahead", options, ended);
        const config: PreloadConfig = { modules, without: switchedOff() };
        link.send([Kind.Preload, encode(config)] as never);
        link.flush();
        return link;
      },
    };
  }

  #receive(process: number, link: RootEnd, message: Message): void {
    if (message[0] === Kind.Ready) link.isReady = true;
    else if (message[0] === Kind.Holds) {
      link.grants = meet(link.grants, checkGrants(decode(message[2])));
    } else if (message[0] === Kind.Seen) this.#watching.seen(process, message);
    else this.#hub.receive(process, message as ToHub);
  }

  #end(process: number, link: RootEnd, exitcode: number): void {
    if (runtime.checksLeaks && this.#links.size === 1) {
      // A test must leave none behind when its last process has ended.
      const ended = this.#spares.end();
      if (this.#spares.areLeft) {
        return void ended.then(() => this.#end(process, link, exitcode));
      }
    }
    if (link.hosted?.isRunning === false) link.hosted.endUnbegun(link, exitcode);
    // To be killed by a signal before it was ready is no failure to start.
    else if (!link.isReady && exitcode >= 0) exitcode = reportUnready(link, exitcode);
    sinks.delete(process);
    removeKept(process); // before its parent hears that it has ended
    this.#hub.gone(process, exitcode, link.stderrTail);
    this.#ports.delete(process);
    this.#watching.ended(process);
    this.#links.delete(process); // not before: the hub may warn about it
    this.#unsent.delete(link);
    this.#dismissed.delete(process);
    this.#flush();
    if (!is_exiting()) this.#spares.fillSoon();
    if (this.#links.size > 0) return;
    watchShared(); // the children may have made or removed some
    this.#ends.end(this.#links);
    for (const tell of this.#waiting.takeAll()) tell();
  }

  #ended(): Promise<void> {
    if (this.#links.size === 0) return Promise.resolve();
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  // --- batching

  /**
   * Has what this process has posted sent. The first messages of a turn leave as soon
   * as the current piece of code pauses; later ones wait for the turn's end, so that a
   * loop of operations makes few writes.
   */
  #schedule(): void {
    this.#isScheduled = true;
    if (this.#hasFlushed) runtime.nextTurn(this.#endTurn);
    else queueMicrotask(this.#flushFirst);
  }

  readonly #flushFirst = (): void => {
    this.#hasFlushed = true;
    this.#flush();
  };

  readonly #endTurn = (): void => {
    this.#hasFlushed = false;
    this.#flush();
  };

  /** Messages have come, and the waits for them go on. */
  #beginTurn(): void {
    this.#flush();
    this.#hasFlushed = false;
  }

  #flush(): void {
    this.#isScheduled = false;
    if (this.#hub.isUnsettled) this.#hub.settle();
    for (const link of this.#unsent) link.flush();
    this.#unsent.clear();
  }
}

/** Reports a child that never got ready, such as a program that is no runtime: no success. */
function reportUnready(link: RootEnd, exitcode: number): number {
  complain(
    `${link.who} ended with exit code ${exitcode} before it was ready ` +
      `to run anything: ${link.program}\n`,
  );
  return exitcode === 0 ? 1 : exitcode;
}

/** What has no number yet has nothing to say. */
function tooEarly(): void {
  throw new ProtocolError("a message of a process that has no work yet");
}

let root: Root | undefined;
setPeerFactory(() => (root = new Root()).peer);
launching.startAhead = (launch) => {
  currentPeer();
  root?.startAhead(launch);
};
