/**
 * The processes that an agent has: each is the package's own, started with the request of a
 * process elsewhere, and what it prints goes there.
 *
 * @module
 */
import { readReferences } from "../../codec/codec.ts";
import { type Sink, sinks } from "../../link/output.ts";
import { adjustStart, popenOf } from "../../process/base.ts";
import { Process } from "../../process/classes.ts";
import { isPlain } from "../../python/repr.ts";
import { AuthenticationError, UnpicklingError } from "../../python/errors.ts";
import { isError, isUint8Array } from "../../runtime/brands.ts";
import { runtime } from "../../runtime/mod.ts";
import type { Base } from "../base.ts";
import { Payloads } from "../payloads.ts";
import { tellToEnd } from "../process/drain.ts";
import { inheritedFrom, type Project } from "../process/inherited.ts";
import { type Request, signedName } from "../process/popen.ts";
import { checkPlaces } from "../process/references.ts";
import { runWork } from "../process/run.ts";
import { vouchFor } from "../process/vouching.ts";
import type { Settings } from "../settings.ts";

const SIGKILL = 9;
const SIGTERM = 15;

/** Bytes of output that are sent at once. */
const MOST_BYTES = 65536;

/** Bytes of its stderr that may wait to be sent; what is more is left out. */
const MOST_WAITING = 2 ** 20;

/** What a job tells. */
export interface JobEvents {
  started(pid: number): void;
  /** It could not be started. */
  failed(error: { name: string; message: string }): void;
  /** Its last event. A promise of `output` is awaited before. */
  exited(code: number): void;
  /** Settles when more may come. */
  output(stream: "out" | "err", bytes: Uint8Array): Promise<void>;
}

/** What all jobs of an agent have in common. */
export interface Jobsite {
  readonly settings: Settings;
  /** The folder of the program here. */
  readonly root: string;
  /** URLs of the modules that requests may name; null for all in that folder. */
  readonly modules: readonly string[] | null;
}

/** One process. */
export class Job {
  readonly key: string;
  readonly #base: Base;
  readonly #events: JobEvents;
  #process: Process | undefined;
  /** Settles when what it wrote to stderr has been sent. */
  #complaints: Promise<void> | undefined;
  /** Bytes that wait for that, and that were left out. */
  #waiting = 0;
  #omitted = 0;
  #isOver = false;
  #isAbandoned = false;

  /** @param base The context of the agent. */
  constructor(key: string, base: Base, events: JobEvents) {
    this.key = key;
    this.#base = base;
    this.#events = events;
  }

  /** Whether nobody wants it any more. */
  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** The name of the process, and its pid, for logs. */
  get text(): string {
    const { name = this.key, pid = null } = this.#process ?? {};
    return `${name} (pid ${pid})`;
  }

  /** Starts it with a request as it has come. */
  async start(request: Uint8Array, site: Jobsite): Promise<void> {
    try {
      const process = this.#process = this.#make(
        readRequest(this.key, request, site),
        site,
      );
      const started = process.start();
      const popen = popenOf(process)!;
      sinks.set(popen.id, this.#sink());
      vouchFor(popen, this.#base);
      popen.onExit(() => void this.#end(popen.returncode!));
      await started;
      if (!this.#isOver) this.#events.started(process.pid!);
    } catch (error) {
      if (this.#isOver) return;
      this.#isOver = true;
      this.#events.failed(describe(error));
    }
  }

  #make({ work, name, daemon, root, logging }: Request, site: Jobsite): Process {
    const { settings, modules } = site;
    const project: Project = { there: root, here: site.root };
    if (modules === null) checkPlaces(readReferences(work) ?? [], project);
    const rest = { modules, logging, isOfAgent: true };
    const inherited = inheritedFrom(settings, project, rest);
    const process = new Process({
      ...{ target: runWork, args: [inherited, work] as never, name, daemon },
    });
    return adjustStart(process, { keepsStderr: true, staysHere: true });
  }

  #sink(): Sink {
    return {
      onText: (bytes) => this.#send("out", bytes),
      onStderr: (bytes) => this.#complain(bytes.slice()), // the memory is used again
    };
  }

  /** Its stderr cannot be held back. */
  #complain(bytes: Uint8Array): void {
    if (this.#waiting > MOST_WAITING) {
      this.#omitted += bytes.length;
      return;
    }
    this.#waiting += bytes.length;
    this.#complaints = Promise.resolve(this.#complaints).then(async () => {
      await this.#send("err", bytes);
      this.#waiting -= bytes.length;
      if (this.#omitted === 0) return;
      const text = `\n(${this.#omitted} bytes of stderr are left out)\n`;
      this.#omitted = 0;
      await this.#send("err", new TextEncoder().encode(text));
    });
  }

  async #send(stream: "out" | "err", bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#isAbandoned; at += MOST_BYTES) {
      await this.#events.output(stream, bytes.slice(at, at + MOST_BYTES));
    }
  }

  async #end(code: number): Promise<void> {
    await this.#complaints;
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.exited(code);
  }

  /** Sends it a signal. */
  signal(signal: number): void {
    const process = this.#process;
    if (process !== undefined) popenOf(process)?.signal(signal);
  }

  /** Lets it know that it may end as soon as it is between two tasks. */
  drain(): void {
    if (this.#process !== undefined) tellToEnd(this.#process);
  }

  /** Asks it to end. */
  terminate(): void {
    this.signal(SIGTERM);
  }

  /** Nobody wants it any more: it is killed, and what it prints is dropped. */
  abandon(): void {
    this.#isAbandoned = true;
    this.signal(SIGKILL);
  }
}

/** @throws {AuthenticationError | UnpicklingError} if it is not from one of ours */
function readRequest(key: string, bytes: Uint8Array, { settings }: Jobsite): Request {
  const payloads = new Payloads(settings.authkey, signedName(key));
  const request = payloads.load(bytes) as Partial<Request> | null | undefined;
  const isRight = isPlain(request) && isUint8Array(request.work) &&
    typeof request.name === "string" && typeof request.daemon === "boolean" &&
    typeof request.root === "string" && isPlain(request.logging);
  if (isRight) return request as Request;
  throw new UnpicklingError("a request that is none");
}

function describe(error: unknown): { name: string; message: string } {
  if (!isError(error)) return { name: "OSError", message: String(error) };
  const { name } = error;
  const message = error instanceof AuthenticationError
    ? `the agent has another authkey than this program: ${error.message}`
    : error.message;
  return { name, message: `${message} (on ${runtime.title})` };
}
