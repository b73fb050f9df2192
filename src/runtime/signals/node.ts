/**
 * How a process on Node or Bun ends: signals, errors that nobody handles, exit. Part of
 * the adapter.
 *
 * @module
 */
import type { SignalName } from "../types.ts";

// deno-lint-ignore no-explicit-any -- present on Node and Bun, which alone use this file
const process: any = "Deno" in globalThis ? undefined : (globalThis as any).process;

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
    if (process.listenerCount(name) === own.size + signalExits()) handler();
  };
  own.add(listen);
  process.on(name, listen);
  return () => {
    own.delete(listen);
    process.off(name, listen);
  };
}

/**
 * How many listeners are those of the library signal-exit, which many others use to tidy
 * up: it leaves the end to others where there are some, and that is us.
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
  process.kill(process.pid, name);
}

/** See `Runtime`. */
export function onUnhandled(handler: (error: unknown) => boolean): void {
  if (unhandled.push(handler) > 1) return;
  const take = (event: string, error: unknown) => {
    if (process.listenerCount(event) > 1) return;
    if (unhandled.some((handler) => handler(error))) return;
    process.off("unhandledRejection", onRejection);
    process.off("uncaughtException", onException);
    // For the runtime, which does what it always does. To throw it would make this its
    // place, where Bun is concerned.
    void Promise.reject(error);
  };
  const onRejection = (error: unknown) => take("unhandledRejection", error);
  const onException = (error: unknown) => take("uncaughtException", error);
  process.on("unhandledRejection", onRejection);
  process.on("uncaughtException", onException);
}
