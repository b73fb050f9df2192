/**
 * The end of a process on Node or Bun: signals, unhandled errors, exit. Part of the adapter.
 *
 * @module
 */
import { nodeProcess as process, signalNumber } from "../posix.ts";
import type { SignalName } from "../types.ts";

const exitHandlers = new Set<() => void>();
const unhandled: ((error: unknown) => boolean)[] = [];
const listeners = new Map<SignalName, Set<() => void>>();

/** See `Runtime`. */
export function onExit(handler: () => void): void {
  if (exitHandlers.size === 0) process.on("exit", runExitHandlers);
  exitHandlers.add(handler);
}

function runExitHandlers(): void {
  for (const handler of exitHandlers) handler();
}

/** See `Runtime`. */
export function onSignal(name: SignalName, handler: () => void): () => void {
  const own = listeners.get(name) ?? new Set();
  listeners.set(name, own);
  const listen = () => {
    const others = signalExits() + reporters(name);
    if (process.listenerCount(name) === own.size + others) handler();
  };
  own.add(listen);
  process.on(name, listen);
  return () => {
    own.delete(listen);
    process.off(name, listen);
  };
}

/** The signals to which the program itself listens. */
export function foreignSignals(): string[] {
  return process.eventNames().filter((name: unknown) =>
    typeof name === "string" && name.startsWith("SIG") &&
    process.listenerCount(name) >
      (listeners.get(name as SignalName)?.size ?? 0) + reporters(name)
  );
}

/**
 * The number of Node's own listeners to a signal: one with --report-on-signal, which its test
 * runner hands on to children.
 */
function reporters(name: string): number {
  const { report } = process;
  return report?.reportOnSignal && report.signal === name ? 1 : 0;
}

/**
 * The number of listeners of the library signal-exit, which many others use to tidy up: it
 * leaves the end of the process to other listeners, which are those of this package.
 */
function signalExits(): number {
  const emitters = [
    // deno-lint-ignore no-explicit-any -- as its versions 4 and 3 have it
    (globalThis as any)[Symbol.for("signal-exit emitter")],
    process.__signal_exit_emitter__,
  ];
  return emitters.reduce((sum, emitter) => sum + (Number(emitter?.count) || 0), 0);
}

/** See `Runtime`. */
export function raise(name: SignalName): void {
  runExitHandlers();
  for (const listen of listeners.get(name) ?? []) process.off(name, listen);
  try {
    process.kill(process.pid, name);
  } catch {
    process.exit(128 + signalNumber(name)); // Windows knows few signals
  }
}

/** See `Runtime`. */
export function onUnhandled(handler: (error: unknown) => boolean): void {
  if (unhandled.push(handler) > 1) return;
  const take = (event: string, error: unknown) => {
    if (process.listenerCount(event) > 1) return;
    if (unhandled.some((handler) => handler(error))) return;
    process.off("unhandledRejection", onRejection);
    process.off("uncaughtException", onException);
    // The runtime reports it as always. A `throw` would make this its place on Bun.
    void Promise.reject(error);
  };
  const onRejection = (error: unknown) => take("unhandledRejection", error);
  const onException = (error: unknown) => take("uncaughtException", error);
  process.on("unhandledRejection", onRejection);
  process.on("uncaughtException", onException);
}
