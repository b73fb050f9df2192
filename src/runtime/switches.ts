/**
 * Switches of the mechanisms that are for speed alone: to measure what each gains, to find
 * out whether it causes a fault, and to turn it off where it does harm.
 *
 * The environment of the program sets them for all of its processes, whatever environment
 * these have themselves:
 *
 * - `MULTIPROCESSING_PLAIN=1` turns off all of them.
 * - `MULTIPROCESSING_WITHOUT=spin,fifo` turns off these; an unknown name is ignored.
 *
 * Without a mechanism the package works as where the mechanism is impossible, only slower.
 * In a program that may not read these variables everything is on, and no permission is
 * requested. Each mechanism reads its switch where it checks whether it is possible.
 *
 * @module
 */

/** The names of the mechanisms. */
export const MECHANISMS = [
  // Files in memory for long messages of a link. Without: these go by the stream.
  "channel",
  // Processes stay awake for an answer, and ring a doorbell on Deno. Without: they sleep.
  "spin",
  // The root writes to a child by a socket, on Deno. Without: by the child's stdin.
  "socket",
  // A child's stdout is a FIFO, on Bun and Node. Without: the socket that these two make.
  "fifo",
  // Processes share the code that Node has compiled. Without: each compiles all of it.
  "cache",
  // Memory of long messages is used again. Without: it is made anew for each.
  "buffers",
  // A process claims items in a file. Without: it sends a message for each.
  "claims",
  // Queues, pipes and pools prefetch. Without: they send what a process has asked for.
  "prefetch",
  // Pools send lists of numbers as bytes. Without: as any other value.
  "packing",
  // Shared memory is mapped. Without: it is read and written at positions, as a file.
  "mapping",
  // Locks, semaphores and events lie in mapped memory. Without: each call asks the hub.
  "words",
] as const;

/** The name of a mechanism. */
export type Mechanism = typeof MECHANISMS[number];

/** Whether each mechanism is on. */
export type Switches = Record<Mechanism, boolean>;

/** The switches as the values of the two variables set them. */
export function readSwitches(
  plain: string | undefined,
  without: string | undefined,
): Switches {
  const isPlain = plain !== undefined && plain !== "" && plain !== "0";
  const off = new Set((without ?? "").split(",").map((name) => name.trim()));
  return Object.fromEntries(
    MECHANISMS.map((name) => [name, !isPlain && !off.has(name)]),
  ) as Switches;
}

/** A variable of the environment; undefined if it is not set, or may not be read. */
function variable(name: string): string | undefined {
  if ("Deno" in globalThis) {
    const { state } = Deno.permissions.querySync({ name: "env", variable: name });
    return state === "granted" ? Deno.env.get(name) : undefined;
  }
  // deno-lint-ignore no-explicit-any -- present on Node and Bun, not in Deno's types
  return (globalThis as any).process.env[name];
}

/** What the environment of the program asks to be shown of it. */
export interface Requests {
  /** `MULTIPROCESSING_INSPECT=1`: a page that shows the program. */
  readonly page: boolean;
  /** `MULTIPROCESSING_DEADLOCKS=1`: warnings of deadlocks. */
  readonly deadlocks: boolean;
  /** `MULTIPROCESSING_TRACE=file`: a trace of the program. */
  readonly trace: string | null;
}

/** What is asked for; undefined if that is nothing. */
export function readRequests(): Requests | undefined {
  const isSet = (value: string | undefined) =>
    value !== undefined && value !== "" && value !== "0";
  const page = isSet(variable("MULTIPROCESSING_INSPECT"));
  const deadlocks = isSet(variable("MULTIPROCESSING_DEADLOCKS"));
  const trace = variable("MULTIPROCESSING_TRACE") || null;
  return page || deadlocks || trace !== null ? { page, deadlocks, trace } : undefined;
}

/**
 * Where the environment asks for what the program does to be written when SIGUSR2 comes:
 * `MULTIPROCESSING_DUMP=1`, on stderr; any other value is the file to whose end it is
 * written. Null if it does not.
 */
export function readDumpRequest(): { readonly file: string | null } | null {
  const value = variable("MULTIPROCESSING_DUMP");
  if (value === undefined || value === "" || value === "0") return null;
  return { file: value === "1" ? null : value };
}

/** The switches of this process. */
export const switches: Switches = readSwitches(
  variable("MULTIPROCESSING_PLAIN"),
  variable("MULTIPROCESSING_WITHOUT"),
);

/** The mechanisms that are off in this process, for {@linkcode assumeSwitches} in a child. */
export function switchedOff(): Mechanism[] {
  return MECHANISMS.filter((name) => !switches[name]);
}

/** Sets the switches of a child to the root's, which may have another environment. */
export function assumeSwitches(off: readonly string[]): void {
  for (const name of MECHANISMS) switches[name] = !off.includes(name);
}
