/**
 * One started process of a context, as the process that has started it sees it: on the machine
 * of an agent or, if there is no agent, on this one. The counterpart of
 * `multiprocessing/popen_spawn_posix.py`.
 *
 * @module
 */
import { output } from "../../link/output.ts";
import { StderrTail } from "../../link/root_end.ts";
import { currentPeer } from "../../link/peer.ts";
import { after } from "../../link/waiting.ts";
import { complain } from "../../link/exit.ts";
import type { Work } from "../../process/arguments.ts";
import { identity as self } from "../../process/identity.ts";
import type { Identity } from "../../process/identity.ts";
import {
  launch,
  type Launched,
  type LaunchOptions,
  ProcessEnd,
  Sentinel,
} from "../../process/popen.ts";
import {
  AuthenticationError,
  errorClasses,
  OSError,
  ProcessError,
} from "../../python/errors.ts";
import { loggingState } from "../../python/log_calls.ts";
import { repr } from "../../python/repr.ts";
import { dumps, type PendingPayload } from "../../reduction/mod.ts";
import { isUint8Array } from "../../runtime/brands.ts";
import { runtime } from "../../runtime/mod.ts";
import { VERSION } from "../../runtime/package.ts";
import type { Payload } from "../../wire/message.ts";
import type { Base } from "../base.ts";
import { textOf } from "../driver/connection.ts";
import { leaseLost } from "../errors.ts";
import { Payloads } from "../payloads.ts";
import type { Session } from "../session.ts";
import { type AgentDescription, agentsOf, Answer, type Mail } from "./agents.ts";
import { inheritedFrom, projectOf } from "./inherited.ts";
import { requesterOf } from "./requester.ts";
import { runWork } from "./run.ts";
import { vouchFor } from "./vouching.ts";

const SIGKILL = 9;

/** What errors say of objects that are of this machine alone. */
const CURE = "take that of the context, as mp.Queue";

/** How a process is to be started. */
export interface Start {
  readonly identity: Identity;
  readonly options: LaunchOptions;
  readonly method: string | null;
  /** Labels that its agent must have. */
  readonly where: readonly string[];
  /** Seconds for which an agent that has them is waited for. */
  readonly timeout: number;
}

/** What an agent is sent; signed if the context has a key. */
export interface Request {
  /** The encoded `Work`. */
  readonly work: Uint8Array;
  readonly name: string;
  readonly daemon: boolean;
  /** The folder of the program that asks. */
  readonly root: string;
  readonly logging: ReturnType<typeof loggingState>;
}

/** What a request to an agent is signed for. */
export function signedName(process: string): string {
  return `process:${process}`;
}

/** See above. */
export class RedisPopen extends ProcessEnd implements Launched {
  /** The host of its agent; null as long as it has none, and on this machine. */
  host: string | null = null;
  /** Null as long as it has not been launched. */
  pid: number | null = null;
  readonly sentinel: Sentinel = new Sentinel(this);
  /** Settles when it runs, or waits until an agent has room. */
  readonly launched: Promise<void>;
  /** Its id among the processes of the context. */
  readonly key: string = crypto.randomUUID().replaceAll("-", "");
  readonly #base: Base;
  readonly #start: Start;
  readonly #stderr = new StderrTail();
  /** Signals that were sent before it was asked for. */
  readonly #early: number[] = [];
  /** The same process, if it is on this machine. */
  #local: Launched | undefined;
  /** The session in which it was asked for. */
  #session: Session | undefined;
  /** Settles with the mail that it has begun, or not. */
  #begin!: { resolve(): void; reject(error: unknown): void };
  readonly #begun = new Promise<void>((resolve, reject) => {
    this.#begin = { resolve, reject };
  });

  constructor(base: Base, start: Start, work: Work) {
    const peer = currentPeer();
    super(peer, peer.newId());
    this.#base = base;
    this.#start = start;
    this.#begun.catch(() => {});
    const payload = dumps(work, { isImported: true, cure: CURE });
    this.launched = peer.refWhile(this.#launch(payload)).catch((error) => {
      this.hasCome(1);
      throw error;
    });
  }

  async #launch(payload: Payload | PendingPayload): Promise<void> {
    const work = isUint8Array(payload) ? payload : await payload.resolve();
    const base = this.#base;
    const { where } = this.#start;
    const requester = requesterOf(base);
    requester.add(this);
    const request = await this.#encode(work);
    const { answer, session } = await agentsOf(base).submit(
      this.key,
      request,
      { version: VERSION, where },
      where.length === 0,
    );
    if (answer === Answer.None) return this.#launchHere(work);
    if (session.hasEnded) throw leaseLost();
    this.#session = session;
    for (const signal of this.#early.splice(0)) this.signal(signal);
    if (answer === Answer.Full) return;
    if (answer === Answer.Missing) await this.#expectAgent();
    await this.#begun;
  }

  async #encode(work: Uint8Array): Promise<Uint8Array> {
    const { authkey } = this.#base.settings;
    const { name, daemon } = this.#start.identity;
    const request: Request = {
      ...{ work, name, daemon },
      root: projectOf(this.#base.settings).there,
      logging: loggingState(),
    };
    return await new Payloads(authkey, signedName(this.key)).dump(request);
  }

  /** No agent fits: waits for one, unless it is in vain. */
  async #expectAgent(): Promise<void> {
    const agents = agentsOf(this.#base);
    const { where, timeout } = this.#start;
    const other = (await agents.list()).find(({ labels }) =>
      where.every((label) => labels.includes(label))
    );
    if (other === undefined) {
      let cancel = () => {};
      const late = new Promise<void>((resolve) => cancel = after(timeout, resolve));
      await Promise.race([late, this.#begun]).finally(() => cancel());
      if (this.pid !== null || this.returncode !== null) return;
    }
    if (!await agents.withdraw(this.key)) return; // an agent has it by now
    throw other === undefined ? noAgent(this.#base, where) : otherVersion(other);
  }

  async #launchHere(work: Uint8Array): Promise<void> {
    requesterOf(this.#base).remove(this);
    const { identity, options, method } = this.#start;
    const { settings } = this.#base;
    const inherited = inheritedFrom(settings, projectOf(settings), {
      modules: null,
      isOfAgent: false,
      logging: null, // as this one, by itself
    });
    const local = launch(identity, options, method, {
      ...{ class: "RedisProcess", fields: {} },
      ...{ target: runWork, args: [inherited, work], kwargs: null },
    });
    this.#local = local;
    vouchFor(local, this.#base);
    local.onExit(() => this.hasCome(local.returncode!));
    for (const signal of this.#early.splice(0)) local.signal(signal);
    await local.launched;
    this.pid = local.pid;
  }

  /** Sends a signal, if it still runs. */
  signal(signal: number): void {
    if (this.returncode !== null) return;
    if (this.#local !== undefined) this.#local.signal(signal);
    else if (this.#session === undefined) this.#early.push(signal);
    else {
      // What fails there has ended with the session.
      currentPeer().refWhile(agentsOf(this.#base).signal(this.key, signal)).catch(
        () => {},
      );
    }
  }

  /** The last lines of its stderr. */
  get stderrTail(): string {
    return (this.#local as { stderrTail?: string } | undefined)?.stderrTail ??
      this.#stderr.text;
  }

  // --- what is told of it

  /** Its agent or the server tells of it. A promise settles when more may come. */
  received({ what, rest }: Mail): Promise<void> | undefined {
    if (what === "out") return print(rest);
    this.#hear(what, rest);
    return undefined;
  }

  #hear(what: string, rest: Uint8Array): void {
    switch (what) {
      case "err":
        this.#stderr.add(rest);
        return complain(rest);
      case "started": {
        const [pid, host] = textOf(rest).split(" ");
        this.pid = Number(pid);
        this.host = decodeURIComponent(host!);
        return this.#begin.resolve();
      }
      case "waits": // its agent has ended before it had it
        return this.#begin.resolve();
      case "failed":
        this.#begin.reject(errorOf(textOf(rest)));
        return this.hasCome(1);
      case "exited":
        return this.#end(Number(textOf(rest)));
      case "lost":
        return this.lost("its agent has ended, or was cut off for too long");
    }
  }

  /** It has ended, as far as can be known. */
  lost(why: string): void {
    const { name } = this.#start.identity;
    const where = this.host === null ? "" : ` (pid ${this.pid} on ${this.host})`;
    complain(`${name}${where} is lost: ${why}\n`);
    this.#end(-SIGKILL);
  }

  /** Whether it belongs to a session that has ended. */
  isOf(session: Session): boolean {
    return this.#session === session && this.returncode === null;
  }

  /** The session has ended with which it was started. */
  sessionEnded({ wasLost }: Session): void {
    if (wasLost) this.lost("this process was cut off from the server for too long");
    else this.#end(-SIGKILL);
  }

  #end(returncode: number): void {
    this.#begin.resolve();
    this.hasCome(returncode);
  }

  override hasCome(returncode: number): void {
    requesterOf(this.#base).remove(this);
    super.hasCome(returncode);
  }
}

/** Prints what a process on another machine has printed. */
function print(bytes: Uint8Array): Promise<void> | undefined {
  if (self.parent === null) return output.print(bytes);
  runtime.writeStdoutSync(bytes);
  return undefined;
}

function noAgent({ settings }: Base, where: readonly string[]): ProcessError {
  const labels = where.map((label) => ` --where ${label}`).join("");
  return new ProcessError(
    `no agent of the context ${repr(settings.name)} is at ${repr(where.join(", "))}: ` +
      "start one on the machine that is meant by " +
      `\`npx @pystd/multiprocessing agent URL --name ${settings.name}${labels}\``,
  );
}

function otherVersion({ host, version }: AgentDescription): ProcessError {
  return new ProcessError(
    `the agent on ${host} has the version ${version} of @pystd/multiprocessing, this ` +
      `program ${VERSION}: install the same on both`,
  );
}

/** The error with which an agent could not start a process. */
function errorOf(text: string): Error {
  const { name, message } = JSON.parse(text) as { name: string; message: string };
  if (name === "AuthenticationError") return new AuthenticationError(message);
  const Class = errorClasses.get(name) as (new (text: string) => Error) | undefined;
  return new (Class ?? OSError)(message);
}
