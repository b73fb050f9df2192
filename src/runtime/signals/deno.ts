/**
 * The end of a process on Deno: signals, unhandled errors, exit. Part of the adapter.
 *
 * @module
 */
import { own as counts } from "../own.ts";
import { endSignals, signalNumber } from "../posix.ts";
import type { SignalName } from "../types.ts";
import { isIgnored } from "./ignored.ts";

const exitHandlers = new Set<() => void>();
/** The program's own listeners, which Deno does not list. */
const foreign = new Map<string, Set<() => void>>();
const unhandled: ((error: unknown) => boolean)[] = [];
const listeners = new Map<SignalName, Set<() => void>>();

/** Deno's own functions. */
const { addSignalListener, removeSignalListener } = "Deno" in globalThis
  ? countListeners()
  : {} as ReturnType<typeof countListeners>;

function countListeners(): Pick<typeof Deno, `${"add" | "remove"}SignalListener`> {
  const { addSignalListener, removeSignalListener } = Deno;
  Deno.addSignalListener = (name, handler) => {
    addSignalListener(name, handler);
    if (!foreign.has(name)) foreign.set(name, new Set());
    foreign.get(name)!.add(handler);
  };
  Deno.removeSignalListener = (name, handler) => {
    removeSignalListener(name, handler);
    foreign.get(name)?.delete(handler);
  };
  return { addSignalListener, removeSignalListener };
}

function runExitHandlers(): void {
  for (const handler of exitHandlers) handler();
}

/** Handles the event of an unhandled error, before Deno ends the process for it. */
function onError(event: Event): void {
  if (!event.defaultPrevented) runExitHandlers();
}

/** See `Runtime`. */
export function onExit(handler: () => void): void {
  if (exitHandlers.size === 0) globalThis.addEventListener("unload", runExitHandlers);
  exitHandlers.add(handler);
  listenLast();
}

/** Listens to errors behind the program's listeners, which may prevent the end. */
function listenLast(): void {
  for (const type of ["error", "unhandledrejection"]) {
    globalThis.removeEventListener(type, onError);
    globalThis.addEventListener(type, onError);
  }
}

/** See `Runtime`. */
export function onSignal(name: SignalName, handler: () => void): () => void {
  if (shields === undefined) {
    const ignored = endSignals().filter((name) => isIgnored(name));
    shields = ignored.map((name) => listenTo(name, () => {}));
  }
  const stop = listenTo(name, handler);
  return () => {
    stop();
    if (shields === undefined || counts.signals > shields.length) return;
    for (const end of shields) end();
    shields = undefined;
  };
}

/**
 * As soon as there is a listener to one signal, Deno listens to all that end a process: so
 * those that it was started to ignore have listeners that do nothing, as long as there are
 * others. This ends them.
 */
let shields: (() => void)[] | undefined;

function listenTo(name: SignalName, handler: () => void): () => void {
  const own = listeners.get(name) ?? new Set();
  listeners.set(name, own);
  const listen = () => {
    if (!foreign.get(name)?.size) handler();
  };
  try {
    addSignalListener(name, listen);
  } catch (error) {
    // Windows has few signals, and Deno tells only so.
    if (error instanceof TypeError) return () => {};
    throw error;
  }
  own.add(listen);
  counts.signals++;
  return () => {
    if (!own.delete(listen)) return;
    removeSignalListener(name, listen);
    counts.signals--;
  };
}

/** The signals to which the program itself listens, each as often as it does. */
export function foreignSignals(): string[] {
  return [...foreign].flatMap(([name, { size }]) => Array<string>(size).fill(name));
}

/** See `Runtime`. */
export function raise(name: SignalName): void {
  runExitHandlers();
  for (const listen of listeners.get(name) ?? []) removeSignalListener(name, listen);
  listeners.get(name)?.clear();
  try {
    Deno.kill(Deno.pid, name);
  } catch {
    Deno.exit(128 + signalNumber(name)); // that is not permitted
  }
}

/** See `Runtime`. */
export function onUnhandled(handler: (error: unknown) => boolean): void {
  if (unhandled.push(handler) > 1) return;
  const take = (event: Event, error: unknown) => {
    if (event.defaultPrevented) return;
    if (unhandled.some((handler) => handler(error))) event.preventDefault();
  };
  globalThis.addEventListener(
    "unhandledrejection",
    (event) => take(event, event.reason),
  );
  globalThis.addEventListener("error", (event) => take(event, event.error));
  listenLast();
}
