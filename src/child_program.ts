/**
 * What a child process runs: the program that the root starts, and only that. Mirrors
 * `spawn_main` of `multiprocessing/spawn.py` and `BaseProcess._bootstrap`.
 *
 * The first message is read blocking, so that the process knows who it is before any
 * of the user's modules run. From then on stdin is read as the event loop turns; its
 * end means that the root is gone, and then this process ends too.
 *
 * The process ends when nothing is left to do, as a program of this runtime does: a
 * pending timer or server keeps it alive, as a thread that is no daemon does in Python.
 *
 * @module
 */
import { Attention } from "./attention.ts";
import { acceptBypass, type BypassEnd, unlinkBypass } from "./bypass.ts";
import { acceptClaims } from "./claim_files.ts";
import "./families.ts";
import type { ClaimLog } from "./hub/claims.ts";
import { interruptWaits } from "./link/waiting.ts";
import { openMailbox } from "./mailbox.ts";
import { SystemExit, systemExitStatus } from "./python/errors.ts";
import "./managers/run_server.ts"; // what a manager's server begins by
import { type Link, Peer, setPeerFactory } from "./peer.ts";
import { _ParentProcess, setParentProcess } from "./parent_process.ts";
import { type BaseProcess, children, processOf } from "./process_base.ts";
import { setCurrentProcess } from "./process_current.ts";
import { installExitFunction } from "./process_exit.ts";
import { assumeIdentity, identity } from "./process_identity.ts";
import type { Work } from "./process_options.ts";
import "./process_standard.ts";
import { loads } from "./reduction.ts";
import { checkGrants, runtime } from "./runtime/mod.ts";
import { dieWithParent } from "./runtime/orphan.ts";
import { type InitConfig, set_executable } from "./spawn.ts";
import { fixStartMethod } from "./start_method.ts";
import { formatException } from "./python/traceback.ts";
import "./pool/worker.ts"; // most children are some pool's
import { info, restoreLoggingState } from "./python/util.ts";
import { waitHere } from "./link/waiting.ts";
import { decode, encode } from "./wire/codec.ts";
import { FrameWriter } from "./wire/frame.ts";
import {
  type Bypass,
  type ClaimsOffered,
  type Init,
  Kind,
  type Message,
  type Payload,
  type ToHub,
  type ToPeer,
} from "./wire/message.ts";
import { RootStreamDecoder } from "./wire/root_stream.ts";

/** How many bytes are read at once before the process knows who it is. */
const READ_SIZE = 65536;

/** Exit status of a child whose root is gone. */
const ORPHANED = 1;

/** A child's way to the hub: frames on stdout, written before the call returns. */
class FrameLink implements Link {
  readonly copies = true;
  readonly #folder: string;
  readonly #writer: FrameWriter;
  readonly #attention = new Attention();
  #bypass: BypassEnd | undefined;
  ownClaims: ClaimLog | undefined;
  voided = 0;
  isVoid = false;

  /**
   * @param mark What our frames are known by.
   * @param folder Where the files for long messages are, or will be.
   */
  constructor(mark: number, folder: string) {
    this.#folder = folder;
    this.#writer = new FrameWriter(mark, (bytes) => {
      this.#attention.writing();
      try {
        runtime.writeStdoutSync(bytes);
        this.#attention.written();
      } catch {
        this.end(); // nobody reads any more
      }
    });
  }

  /** Takes what the root has sent. */
  push(chunk: Uint8Array): void {
    this.#attention.heard();
    decoder.push(chunk);
  }

  /** The root is gone. */
  end(): never {
    unlinkBypass(this.#folder);
    runtime.exit(ORPHANED);
  }

  post(message: ToHub): void {
    this.#writer.send(message);
  }

  repeat(message: ToHub): () => void {
    const frame = this.#writer.prepare(message);
    return () => this.#writer.sendPrepared(frame);
  }

  takeNow(_queue: number): undefined {}

  /** What a message says; undefined if it was for this link alone. */
  unwrap(message: Message): Message | undefined {
    switch (message[0]) {
      case Kind.Bypass:
        return void this.#acceptBypass(message);
      case Kind.Bypassed:
        return this.#bypass!.reader.take(message);
      case Kind.Claims:
        return void this.#acceptClaims(message);
    }
    return message;
  }

  endClaims(): void {
    if (this.ownClaims === undefined) return;
    this.ownClaims.close();
    this.ownClaims = undefined;
    this.voided++;
    this.isVoid = true;
    this.#writer.send([Kind.ClaimsOpened, false]);
  }

  #acceptClaims([, first, second]: ClaimsOffered): void {
    if (first === "") return void (this.isVoid = false);
    this.ownClaims = acceptClaims([first, second]);
    this.#writer.send([Kind.ClaimsOpened, this.ownClaims !== undefined]);
  }

  #acceptBypass(message: Bypass): void {
    const bypass = this.#bypass = acceptBypass(message);
    unlinkBypass(this.#folder);
    this.#writer.send([Kind.BypassOpened, bypass !== undefined]);
    if (bypass === undefined) return;
    this.#attention.useBypass(bypass);
    this.#writer.bypasser = (runs, parts) => bypass.writer.put(runs, parts);
  }
}

/** The messages that came while nobody was there to take them. */
const early: Message[] = [];
let handle = (message: Message): void => void early.push(message);
const decoder = new RootStreamDecoder((message) => handle(message));

function readInit(): Init {
  const buffer = new Uint8Array(READ_SIZE);
  while (early.length === 0) {
    const length = runtime.readStdinSync(buffer);
    if (length === 0) runtime.exit(ORPHANED);
    decoder.push(buffer.slice(0, length));
  }
  const message = early.shift()!;
  if (message[0] !== Kind.Init) runtime.exit(ORPHANED);
  return message as Init;
}

/** Makes this process what it was told to be; gives its way to the hub. */
function initialize(): { peer: Peer; link: FrameLink } {
  const [, id, space, mark, payload, folder] = readInit();
  const config = decode(payload) as InitConfig;
  const link = new FrameLink(mark, folder);
  const peer = new Peer(id, space, link);
  setPeerFactory(() => peer);
  runtime.becomeChild();
  runtime.permissions.assume(undefined);
  runtime.permissions.onDrop(() => {
    peer.post([Kind.Holds, id, encode(runtime.permissions.held() ?? null)]);
  });
  if (config.script !== null) runtime.setScript(config.script);
  set_executable(config.executable);
  fixStartMethod();
  assumeIdentity(config);
  identity.isBootstrapping = true;
  restoreLoggingState(config.logging);
  watchParent(peer, config.parent);
  setCurrentProcess(processOf(identity.current));
  runtime.onSignal("SIGINT", interrupt);
  installExitFunction(() => [...children]);
  return { peer, link };
}

/** Ctrl-C ends what is waited for, or else the process. */
function interrupt(): void {
  if (identity.ignoresInterrupt || interruptWaits()) return;
  writeError(`Process ${identity.current.name}:\nKeyboardInterrupt\n`);
  runtime.exit(1);
}

/** The hub tells a process of its parent's end; the root's is the end of stdin. */
function watchParent(peer: Peer, { id, pid, name }: InitConfig["parent"]): void {
  const watchers = new Set<() => void>();
  const parent: ConstructorParameters<typeof _ParentProcess>[2] = {
    returncode: null,
    wait: (limit) =>
      parent.returncode !== null ? Promise.resolve(true) : waitHere<boolean>(
        peer,
        limit,
        ({ resolve }) => {
          const watcher = () => resolve(true);
          watchers.add(watcher);
          return () => watchers.delete(watcher);
        },
        () => false,
      ),
  };
  peer.listen(id, (message) => {
    if (message[0] !== Kind.Exited) return;
    parent.returncode = message[2];
    for (const watcher of watchers) watcher();
  });
  setParentProcess(new _ParentProcess(name, pid, parent));
}

function writeError(text: string): void {
  try {
    runtime.writeStderrSync(new TextEncoder().encode(text));
  } catch {
    // stderr is closed: there is nobody to tell
  }
}

/** Finds what to run, runs it, and says how it went. */
async function run(payload: Payload): Promise<void> {
  let work: Work;
  try {
    const loading = loads(payload, { fromParent: true });
    dieWithParent(); // while the module is read
    work = await loading as Work;
  } catch (error) {
    writeError(formatException(error));
    runtime.exit(1);
  }
  identity.isBootstrapping = false;
  const process = processOf(identity.current, work);
  setCurrentProcess(process);
  info("child process calling self.run()");
  const status = await runToStatus(process);
  info("process exiting with exitcode %d", status);
  // What the program has set counts where it has not failed.
  runtime.setExitCode(status === 0 ? undefined : status);
}

async function runToStatus(process: BaseProcess): Promise<number> {
  try {
    await process.run();
    return 0;
  } catch (error) {
    if (!(error instanceof SystemExit)) {
      writeError(`Process ${process.name}:\n${formatException(error)}`);
      return 1;
    }
    const { status, text } = systemExitStatus(error.code);
    if (text !== undefined) writeError(`${text}\n`);
    return status;
  }
}

/** Runs the program. */
export function runChild(): void {
  const { peer, link } = initialize();
  runtime.readStdin((chunk) => link.push(chunk), () => link.end());
  // Until the work has come there is nothing to do, and yet the process shall wait.
  peer.retain();
  handle = (received) => {
    const message = link.unwrap(received);
    if (message === undefined) return;
    if (message[0] === Kind.Holds) {
      return runtime.permissions.assume(checkGrants(decode(message[2])));
    }
    if (message[0] !== Kind.Boot) return peer.receive(message as ToPeer);
    void run(message[3]).finally(() => peer.release());
  };
  openMailbox();
  peer.post([Kind.Ready, peer.id]);
  for (const message of early.splice(0)) handle(message);
}
