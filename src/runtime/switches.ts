/**
 * The mechanisms that are there for speed alone, each of which can be turned off: to measure
 * what it gains, to find out whether a fault is its fault, and where it does harm.
 *
 * The environment of the program says so, which all of its processes follow, whatever
 * environment they have themselves:
 *
 * - `MULTIPROCESSING_PLAIN=1` turns off all of them.
 * - `MULTIPROCESSING_WITHOUT=spin,fifo` turns off these; a name that there is not is ignored.
 *
 * Without a mechanism the package does what it does where the mechanism is impossible:
 * nothing is wrong, only slower. A program that may not read these variables has everything
 * on, and is asked for no permission.
 *
 * Each mechanism looks at its switch where it finds out whether it is possible.
 *
 * @module
 */

/** The mechanisms, and what happens without them. */
export const MECHANISMS = {
  /** Files in memory for long messages between the root and a child: they go by the stream. */
  channel: "long messages by shared memory",
  /** Processes stay awake for an answer, and ring a doorbell on Deno: they fall asleep. */
  spin: "adaptive spinning, with its doorbell on Deno",
  /** The root writes to a child by a socket, on Deno: it goes on with the child's stdin. */
  socket: "a socket for what the root writes, on Deno",
  /** A child's stdout is a FIFO, on Bun and Node: it is the socket that these two make. */
  fifo: "a FIFO for a child's stdout, on Bun and Node",
  /** Children keep what Node compiles: each compiles it anew. */
  cache: "the compile cache of children, on Node",
  /** Memory of long messages is used again: it is made anew for each. */
  buffers: "memory of long messages used again",
  /** A process claims in a file what it takes: it sends a message for each thing. */
  claims: "claims in files",
  /** Queues, pipes and pools send ahead to a process: they send what it has asked for. */
  prefetch: "sending ahead",
  /** Lists of numbers are sent as bytes by pools: they are sent as any other value. */
  packing: "lists of numbers packed by pools",
} as const;

/** The name of a mechanism. */
export type Mechanism = keyof typeof MECHANISMS;

/** Whether each mechanism is on. */
export type Switches = Record<Mechanism, boolean>;

const NAMES = Object.keys(MECHANISMS) as Mechanism[];

/** The switches as the values of the two variables set them. */
export function readSwitches(
  plain: string | undefined,
  without: string | undefined,
): Switches {
  const isPlain = plain !== undefined && plain !== "" && plain !== "0";
  const off = new Set((without ?? "").split(",").map((name) => name.trim()));
  return Object.fromEntries(
    NAMES.map((name) => [name, !isPlain && !off.has(name)]),
  ) as Switches;
}

/** A variable of the environment; undefined also where it may not be read. */
function variable(name: string): string | undefined {
  if ("Deno" in globalThis) {
    const { state } = Deno.permissions.querySync({ name: "env", variable: name });
    return state === "granted" ? Deno.env.get(name) : undefined;
  }
  // deno-lint-ignore no-explicit-any -- present on Node and Bun, not in Deno's types
  return (globalThis as any).process.env[name];
}

/** The switches of this process. */
export const switches: Switches = readSwitches(
  variable("MULTIPROCESSING_PLAIN"),
  variable("MULTIPROCESSING_WITHOUT"),
);

/** The mechanisms that are off here; what {@linkcode assumeSwitches} takes in a child. */
export function switchedOff(): Mechanism[] {
  return NAMES.filter((name) => !switches[name]);
}

/** Sets the switches of a child as the root's are, which may have another environment. */
export function assumeSwitches(off: readonly string[]): void {
  for (const name of NAMES) switches[name] = !off.includes(name);
}
