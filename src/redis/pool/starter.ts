/**
 * How the processes of a pool's workers are started: as the context's processes are.
 *
 * @module
 */
import type { Target } from "../../process/arguments.ts";
import { adjustStart, popenOf } from "../../process/base.ts";
import type { WorkerProcess } from "../../pool/worker_link.ts";
import type { Base } from "../base.ts";
import type { RedisPopen } from "../process/popen.ts";
import { processClassOf } from "../process/process.ts";

/** A process that was started. */
export interface StartedProcess {
  /** Its public object: name, pid, exit code, `terminate`, `kill`, `join`. */
  readonly process: WorkerProcess;
  /** The name of the host that it is on; null for this machine. */
  readonly host: string | null;
  /** The last lines that it wrote to stderr, once it has ended. */
  readonly stderrTail: string;
  /** Calls back at its end, or when it could not be started for the reason given. */
  onExit(callback: (reason?: unknown) => void): void;
}

/** Starts processes. */
export interface ProcessStarter {
  /** Starts one that calls an exported function. @throws if that fails at once */
  start(name: string, target: Target, args: unknown[]): StartedProcess;
}

/**
 * Starts them by agents of the context; on this machine if there are none, and `where` is empty.
 *
 * @param where Labels that the agents must have.
 */
export function byAgents(base: Base, where: readonly string[]): ProcessStarter {
  const Process = processClassOf(base) as unknown as new (o: object) => WorkerProcess;
  return {
    start(name, target, args) {
      const process = new Process({ target, args, name, daemon: true, where });
      adjustStart(process, { keepsStderr: true });
      const started = Promise.resolve(process.start());
      const popen = popenOf(process) as unknown as RedisPopen;
      return {
        process,
        get host() {
          return popen.host;
        },
        get stderrTail() {
          return popen.stderrTail;
        },
        onExit(callback) {
          started.catch(() => {}); // told with the end
          popen.onExit(() => void started.then(() => callback(), callback));
        },
      };
    },
  };
}
