/** What the tests of the channels have done in workers, which listen too. */
import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics from "node:diagnostics_channel";
import process from "node:process";
import { Process, type Queue } from "../../mod.ts";
import type { TaskMessage } from "../../src/pool.ts";

/** Names of the channels of tasks. */
export const PARTS = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

/** What a worker has heard: the channel and the carrier's text. */
const heard: string[] = [];

/** What a tracer would have bound to a task. */
const current = new AsyncLocalStorage<string>();

/** The channels are held here: Bun loses what listens to one that nobody holds. */
const channels = PARTS.map((part) => {
  const channel = diagnostics.channel(`tracing:pystd.multiprocessing.task:${part}`);
  return { part, channel };
});

/** As the initializer of a pool: what a tracer does in a worker. */
export function listen(): void {
  for (const { part, channel } of channels) {
    channel.subscribe((message) => {
      const { side, carrier, func } = message as TaskMessage;
      if (side === "worker") heard.push(`${part} ${func} ${carrier["mark"]}`);
    });
  }
  // deno-lint-ignore no-explicit-any -- Deno's types lack it
  const start: any = channels[0]!.channel;
  start.bindStore(
    current,
    (message: { carrier: { mark: string } }) => message.carrier.mark,
  );
}

/** All that this worker has heard so far. */
export function allHeard(): string[] {
  return heard.splice(0);
}

/** The text that a tracer has bound to this task. */
export async function mark(_?: unknown): Promise<string | undefined> {
  await Promise.resolve();
  return current.getStore();
}

export function markNow(): string | undefined {
  return current.getStore();
}

export function fail(): never {
  throw new Error("as it must");
}

export async function failLater(): Promise<never> {
  await Promise.resolve();
  throw new Error("as it must, later");
}

export function killSelf(): void {
  process.kill(process.pid, "SIGKILL");
}

export async function forever(): Promise<void> {
  await new Promise(() => {});
}

export function* count(): Generator<number> {
  yield 1;
  yield 2;
}

export function exitWith(code: number): void {
  process.exit(code);
}

/** Starts a child, and says what was told of it in this process. */
export async function startOne(queue: Queue<unknown[]>): Promise<void> {
  const told: unknown[] = [];
  const ended = new Promise<void>((resolve) =>
    diagnostics.subscribe("pystd.multiprocessing:process.exit", (message) => {
      told.push(message);
      resolve();
    })
  );
  diagnostics.subscribe("pystd.multiprocessing:process.start", (message) => {
    told.push(message);
  });
  const child = new Process({ target: exitWith, args: [4] });
  await child.start();
  await child.join();
  await ended;
  await queue.put([process.pid, child.pid, ...told]);
}
