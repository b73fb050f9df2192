/**
 * Where log lines go, and who writes them.
 *
 * The name of the process is handed in, as this layer lies below processes.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";

/** Gives the name of this process, for `%(processName)s`. */
let nameSource: () => string = () => "MainProcess";

/** Where log lines go. */
let writeLog: (text: string) => void = writeToStderr;

const encoder = new TextEncoder();

function writeToStderr(text: string): void {
  runtime.writeStderrSync(encoder.encode(text));
}

/**
 * Tells the log who we are; called once by the layer that knows processes.
 *
 * @param source Gives the name of the current process.
 *
 * @example
 * ```ts
 * import { setProcessNameSource } from "../logging.ts";
 * setProcessNameSource(() => "Process-1");
 * ```
 */
export function setProcessNameSource(source: () => string): void {
  nameSource = source;
}

/**
 * The name of this process.
 *
 * @returns `MainProcess`, or what the layer that knows processes says.
 *
 * @example
 * ```ts
 * import { processName } from "../logging.ts";
 * console.log(processName()); // MainProcess
 * ```
 */
export function processName(): string {
  return nameSource();
}

/**
 * Sends log lines somewhere else than to stderr.
 *
 * @param write Takes whole lines, with their ends; undefined for stderr again.
 *
 * @example
 * ```ts
 * import { setLogSink } from "../logging.ts";
 * const lines: string[] = [];
 * setLogSink((text) => lines.push(text));
 * setLogSink(undefined);
 * ```
 */
export function setLogSink(write: ((text: string) => void) | undefined): void {
  writeLog = write ?? writeToStderr;
}

/**
 * Writes a text to where log lines go: stderr.
 *
 * @param text Whole lines, with their ends.
 *
 * @example
 * ```ts
 * import { writeToLog } from "../logging.ts";
 * writeToLog("Process Process-1:\n");
 * ```
 */
export function writeToLog(text: string): void {
  writeLog(text);
}
