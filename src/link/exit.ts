/**
 * How a process ends when it has nothing left to do: its daemons are ended, then its
 * other children waited for. Part of what `multiprocessing/util.py` does at exit.
 *
 * A child that runs does not keep its parent's event loop alive, whether it is a daemon
 * or not; whoever waits for it does. So the loop runs out of work when the program is
 * over but for its children, and that is when CPython's programs come here.
 *
 * @module
 */
import { currentPeer } from "./peer.ts";
import { onFirstSystemExit, SystemExit, systemExitStatus } from "../python/errors.ts";
import { formatException } from "../python/traceback.ts";
import { _exit_function, is_exiting } from "../python/util.ts";
import { runtime } from "../runtime/mod.ts";

/** A child, as far as the end of its parent needs it. */
export interface LivingChild {
  readonly name: string;
  readonly daemon: boolean;
  terminate(): void;
  kill(): void;
  join(): Promise<void>;
}

/** Milliseconds that a daemon has for ending before it is killed. */
const DAEMON_TIME = 1000;

/** The children of this process that may still run. */
export const children: Set<LivingChild> = new Set();

let isInstalled = false;

/** Has the children seen to when this process has nothing left to do. */
export function installExitFunction(): void {
  if (isInstalled) return;
  isInstalled = true;
  runtime.onDrained(() => {
    // The second time there is nothing to be kept alive for.
    if (!is_exiting()) void currentPeer().refWhile(finishProcess());
  });
}

/** Does now what this process does when it has nothing left to do. */
export function finishProcess(): Promise<void> {
  return _exit_function(exitingChildren);
}

function exitingChildren() {
  return [...children].map((child) => ({
    name: child.name,
    daemon: child.daemon,
    terminate() {
      child.terminate();
      runtime.setTimer(() => child.kill(), DAEMON_TIME);
    },
    join: () => child.join(),
  }));
}

/** A `SystemExit` that nobody catches ends the program, as `sys.exit` does. */
function watchSystemExit(): void {
  runtime.onUnhandled((error) => {
    if (!(error instanceof SystemExit)) return false;
    const { status, text } = systemExitStatus(error.code);
    if (text !== undefined) complain(`${text}\n`);
    currentPeer().ref(); // for good
    void finishProcess()
      .catch((failure) => complain(formatException(failure)))
      .then(() => runtime.exit(status));
    return true;
  });
}

onFirstSystemExit(watchSystemExit);

/** Says something on stderr, where there is somebody to hear it. */
export function complain(text: string): void {
  try {
    runtime.writeStderrSync(new TextEncoder().encode(text));
  } catch {
    // it is closed
  }
}
