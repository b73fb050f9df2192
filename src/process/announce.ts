/**
 * Tells of the starts and ends of this process's children, to whoever listens to the
 * channels of runtime/channels.ts.
 *
 * @module
 */
import { channelsSoon } from "../runtime/channels.ts";
import { runtime, signalName } from "../runtime/mod.ts";
import type { Launched } from "./popen.ts";

/**
 * What the channels `process.start` and `process.exit` tell: which process has been started
 * by this one, or has ended.
 */
export interface ProcessMessage {
  /** Its number in the system. */
  readonly pid: number | null;
  /** As `Process.name` was when it was started. */
  readonly name: string;
  /** As `Process.daemon`. */
  readonly daemon: boolean;
  /** The name of the host that it is on; null for this machine. */
  readonly host: string | null;
  /** The number of the process that has started it. */
  readonly parent: number;
}

/** What `process.exit` tells besides. */
export interface ExitMessage extends ProcessMessage {
  /** As `Process.exitcode`. */
  readonly exitcode: number;
  /** The name of the signal that has ended it; null for none. */
  readonly signal: string | null;
}

/** Tells of a process once it has been launched, and of its end. */
export function announce(
  { name, daemon }: { readonly name: string; readonly daemon: boolean },
  popen: Launched,
): void {
  const { host } = popen;
  // Both were as they are now, whatever becomes of the object.
  const message = (): ProcessMessage => ({
    ...{ pid: popen.pid, name, daemon, host, parent: runtime.pid },
  });
  const tellOfEnd = (): ExitMessage => {
    const exitcode = popen.returncode!;
    const signal = exitcode < 0 ? signalName(-exitcode) ?? null : null;
    return { ...message(), exitcode, signal };
  };
  popen.launched.then(channelsSoon).then((channels) => {
    channels.tell("process.start", message);
    popen.onExit(() => channels.tell("process.exit", tellOfEnd));
  }).catch(() => {}); // who starts it is told of that
}
