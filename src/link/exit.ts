/**
 * The exit function of a process that has nothing left to do: it ends the daemons, then
 * waits for the other children. Mirrors a part of the exit in `multiprocessing/util.py`.
 *
 * A running child does not keep its parent's event loop alive, whether it is a daemon or
 * not; only to wait for it does. So the loop runs out of work when the program is over
 * except for its children, which is when CPython's programs run their exit function.
 *
 * @module
 */
import { currentPeer } from "./peer.ts";
import { onFirstSystemExit, SystemExit, systemExitStatus } from "../python/errors.ts";
import { onFirstLogger } from "../python/log_calls.ts";
import { formatException } from "../python/traceback.ts";
import { _exit_function, endProcess } from "../python/util.ts";
import { runtime } from "../runtime/mod.ts";

/** The part of a child that the exit of its parent uses. */
interface LivingChild {
  readonly name: string;
  readonly daemon: boolean;
  terminate(): void;
  kill(): void;
  join(): Promise<void>;
}

/** Milliseconds from a daemon's SIGTERM to its SIGKILL. */
const DAEMON_TIME = 1000;

/** The children of this process that may still run. */
export const children: Set<LivingChild> = new Set();

let isInstalled = false;

/** Has this process end its children when it has nothing left to do. */
export function installExitFunction(): void {
  if (isInstalled) return;
  isInstalled = true;
  runtime.onDrained(() => {
    // When it drains again there is nothing to keep it alive for.
    const ending = endProcess(exitingChildren);
    if (ending !== undefined) void currentPeer().refWhile(ending);
  });
}

/** Runs the exit function now. */
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

/** Has an unhandled `SystemExit` end the program, as `sys.exit` does. */
function watchSystemExit(): void {
  runtime.onUnhandled((error) => {
    if (!(error instanceof SystemExit)) return false;
    const { status, text } = systemExitStatus(error);
    if (text !== undefined) complain(`${text}\n`);
    currentPeer().ref(); // for good
    void finishProcess()
      .catch((failure) => complain(formatException(failure)))
      .then(() => runtime.exit(status));
    return true;
  });
}

onFirstSystemExit(watchSystemExit);
onFirstLogger(installExitFunction);

/** Writes something to stderr, unless that is closed. */
export function complain(text: string | Uint8Array): void {
  try {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    runtime.writeStderrSync(bytes);
  } catch {
    // it is closed
  }
}
