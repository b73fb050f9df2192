/**
 * The program of a child process, which the root starts. Mirrors `spawn_main` of
 * `multiprocessing/spawn.py` and `BaseProcess._bootstrap`.
 *
 * The first message is read synchronously, so that the process has its identity before any
 * of the user's modules run. Then stdin is read by the event loop; its end means that the
 * root is gone, and this process ends too.
 *
 * The process ends when its event loop is empty, as any program does: a pending timer or
 * server keeps it alive, as a non-daemon thread does in Python.
 *
 * @module
 */
import "./deferred.ts";
import { ChildEnd, ORPHANED } from "../link/child_end.ts";
import { SystemExit, systemExitStatus } from "../python/errors.ts";
import { interruptWaits } from "../link/waiting.ts";
import { openControlChannel } from "../link/control_channel.ts";
import "../managers/run_server.ts"; // the start of a manager's server
import type { PreloadConfig } from "../link/launch.ts";
import { whenObserved } from "../link/observed.ts";
import { currentPeer, Peer, setPeerFactory } from "../link/peer.ts";
import type { Work } from "../process/arguments.ts";
import { type BaseProcess, processToRun } from "../process/base.ts";
import { takeWork } from "../process/current.ts";
import { complain, finishProcess, installExitFunction } from "../link/exit.ts";
import {
  assumeIdentity,
  awaitIdentity,
  identity,
  type InitConfig,
} from "../process/identity.ts";
import { parent_process } from "../process/parent.ts";
import { rehearsalMessages } from "../process/rehearsal.ts";
import { loadModule, loads } from "../reduction/mod.ts";
import { endEvaluation, outside } from "../runtime/evaluation.ts";
import { runtime } from "../runtime/mod.ts";
import { dieWithParent } from "../runtime/orphan.ts";
import { joinProgram, removeShared } from "../runtime/program_folder.ts";
import { assumeSwitches } from "../runtime/switches.ts";
import { formatException } from "../python/traceback.ts";
import "../pool/worker_main.ts"; // most children are workers of a pool
import { info, type LoggingState } from "../python/log_calls.ts";
import { decode, encode } from "../codec/codec.ts";
import {
  type Init,
  Kind,
  type Message,
  type Payload,
  type Preload,
} from "../wire/message.ts";
import { RootStreamDecoder } from "../wire/root_stream.ts";

/** Bytes that are read at once for the first message. */
const READ_SIZE = 65536;

/** The messages that arrived before the process was ready for them. */
const early: Message[] = [];
let handle = (message: Message): void => void early.push(message);
/** Whether it is known that this is a child. */
let isPrepared = false;

const decoder = new RootStreamDecoder((message) => handle(message));

/** Reads the next message synchronously; messages behind it wait in `early`. */
function readNext(): Init | Preload {
  const buffer = new Uint8Array(READ_SIZE);
  while (early.length === 0) {
    const length = runtime.readStdinSync(buffer);
    if (length === 0) runtime.exit(ORPHANED);
    decoder.push(buffer.slice(0, length));
  }
  const message = early.shift()!;
  if (message[0] === Kind.Preload && !isPrepared) return message;
  if (message[0] !== Kind.Init) runtime.exit(ORPHANED);
  return message as Init;
}

/** Gives this process its identity, and its link to the hub, by default its stdout. */
function connect(
  [, id, idRange, mark, payload, folder]: Init,
  write?: (bytes: Uint8Array) => void,
) {
  const config = decode(payload) as InitConfig;
  assumeSwitches(config.without); // before anything reads them
  const link = new ChildEnd(mark, folder, decoder, write);
  const peer = new Peer(id, idRange, link);
  setPeerFactory(() => peer);
  prepare();
  assumeIdentity(config);
  return { peer, link, logging: config.logging };
}

/** What makes this process a child, whichever it is to be. */
function prepare(): void {
  if (isPrepared) return;
  isPrepared = true;
  runtime.becomeChild();
  runtime.permissions.assume(undefined);
}

function become(peer: Peer, folder: string): void {
  // A process on another host shares nothing, and removes by itself what it has made.
  if (folder !== "") joinProgram(folder);
  else runtime.onExit(removeShared);
  runtime.permissions.onDrop(() => {
    peer.post([Kind.Holds, peer.id, encode(runtime.permissions.held() ?? null)]);
  });
  parent_process(); // watches the parent's end from now on
  runtime.onSignal("SIGINT", interrupt);
  installExitFunction();
}

/** Ctrl-C rejects the pending waits, or else ends the process. */
function interrupt(): void {
  if (identity.ignoresInterrupt || interruptWaits()) return;
  complain(`Process ${identity.current.name}:\nKeyboardInterrupt\n`);
  runtime.exit(1);
}

/** Logs as this process's parent does; the logger is loaded only if that has one. */
async function logAsParent(logging: LoggingState): Promise<void> {
  if (logging.level === null && !logging.stderr) return;
  (await import("../python/inherited_log.ts")).restoreLoggingState(logging);
}

/**
 * Loads the work, runs it, and sets the exit code.
 *
 * @param evaluated Settles when a program that is its own child may begin; true if that is to
 * end with its work.
 */
async function run(
  payload: Payload,
  logging: LoggingState,
  evaluated?: Promise<boolean>,
): Promise<void> {
  const isFrozen = await evaluated;
  await whenObserved();
  endEvaluation();
  let work: Work;
  try {
    await logAsParent(logging);
    const loading = loads(payload, { fromParent: true });
    dieWithParent(); // while the module is being read
    work = await loading as Work;
  } catch (error) {
    complain(formatException(error));
    runtime.exit(1);
  }
  const process = takeWork(work);
  info("child process calling self.run()");
  const status = await outside(() => runToStatus(process));
  info("process exiting with exitcode %d", status);
  // An exit code that the program has set counts unless it has failed.
  runtime.setExitCode(status === 0 ? undefined : status);
  if (isFrozen) await finishProcess().then(() => runtime.exit());
}

async function runToStatus(process: BaseProcess): Promise<number> {
  try {
    await process.run();
    return 0;
  } catch (error) {
    if (!(error instanceof SystemExit)) {
      complain(`Process ${process.name}:\n${formatException(error)}`);
      return 1;
    }
    const { status, text } = systemExitStatus(error);
    if (text !== undefined) complain(`${text}\n`);
    return status;
  }
}

/** Runs the program; for `evaluated` see {@linkcode run}. */
export function runChild(evaluated?: Promise<boolean>): void {
  const first = readNext();
  if (first[0] === Kind.Init) begin(first, evaluated);
  else wait(first, evaluated);
}

/**
 * A process that was started ahead: imports what it was told, and then waits for `Init` as
 * others do, by blocking. It does so before, if one of the modules asks which process this is.
 * A program that is its own child waits at once: its modules are evaluated by themselves.
 */
function wait([, payload]: Preload, evaluated?: Promise<boolean>): void {
  const { modules, without } = decode(payload) as PreloadConfig;
  assumeSwitches(without);
  prepare();
  dieWithParent(); // also while a module computes
  if (evaluated === undefined) rehearse();
  let hasBegun = false;
  const beginOnce = () => {
    if (hasBegun) return;
    hasBegun = true;
    runtime.beforeWaiting();
    begin(readNext() as Init, evaluated);
  };
  awaitIdentity(beginOnce);
  setPeerFactory(() => {
    beginOnce();
    return currentPeer();
  });
  if (evaluated !== undefined) beginOnce();
  else void preload(modules).then(() => runtime.nextTurn(beginOnce));
}

/**
 * Goes the way of the first messages with some that mean nothing, so that the engine has
 * compiled what the real ones need. What it sets is set anew by those, or by `awaitIdentity`.
 */
function rehearse(): void {
  const [init, boot] = rehearsalMessages();
  const { peer, link } = connect(init, () => {});
  runtime.onSignal("SIGINT", interrupt)(); // to listen for the first time takes Deno a while
  peer.listen(peer.id, () => {});
  peer.post([Kind.Ready, peer.id]);
  link.start(peer, (payload) => {
    const work = loads(payload, { fromParent: true }) as Work;
    void runToStatus(processToRun(identity.current, work));
  });
  link.receive(boot);
}

/** A module that fails is told of; the process that needs it fails then. */
async function preload(modules: string[]): Promise<void> {
  for (const module of modules) {
    try {
      await loadModule(module);
    } catch (error) {
      complain(
        `set_forkserver_preload: cannot import ${module}\n${formatException(error)}`,
      );
    }
  }
}

/** The process is this one from now on. */
function begin(init: Init, evaluated?: Promise<boolean>): void {
  const { peer, link, logging } = connect(init);
  become(peer, init[5]);
  runtime.readStdin((chunk) => outside(() => link.push(chunk)), () => link.end());
  // Keeps the process alive until the work arrives.
  peer.ref();
  handle = (message) => link.receive(message);
  link.start(
    peer,
    (payload) => void run(payload, logging, evaluated).finally(() => peer.unref()),
  );
  openControlChannel();
  peer.post([Kind.Ready, peer.id]);
  for (const message of early.splice(0)) handle(message);
}
