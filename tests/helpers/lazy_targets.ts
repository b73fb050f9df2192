/**
 * What runs in processes that have used no manager yet. This file imports nothing that
 * would load the managers' parts.
 */
import { Manager, Pool, type Queue } from "../../mod.ts";
import type { Connection } from "../../src/connection/connection.ts";
import type { ListProxy, Namespace, slice } from "../../src/managers.ts";
import { knownGlobal } from "../../src/functions/references.ts";

/** Whether a process had the managers' parts before and after, and what it saw. */
export type Said = [before: boolean, after: boolean, seen: unknown];
export type Answers = Queue<Said>;
export type List = ListProxy<number>;

/** Whether this process has loaded the managers' parts. */
export function hasParts(): boolean {
  return knownGlobal("managers:rebuild") !== undefined;
}

/** For what may be decoded before the function is called. */
const hadParts = hasParts();

async function look(list: List, before: boolean): Promise<Said> {
  return [before, hasParts(), await list._getvalue()];
}

export async function usesNone(answers: Answers): Promise<void> {
  await answers.put([hadParts, hasParts(), null]);
}

export async function fromArguments(answers: Answers, list: List): Promise<void> {
  await answers.put(await look(list, hadParts));
}

export async function fromQueue(answers: Answers, queue: Queue<List>): Promise<void> {
  const before = hasParts();
  await answers.put(await look(await queue.get(), before));
}

export async function fromPipe(
  answers: Answers,
  connection: Connection<List>,
): Promise<void> {
  const before = hasParts();
  await answers.put(await look(await connection.recv(), before));
}

/** Objects of managers that are sent, beside proxies. */
export async function dataFromQueue(
  answers: Answers,
  queue: Queue<[ReturnType<typeof slice>, Namespace, { name: string }]>,
): Promise<void> {
  const before = hasParts();
  const [slice, namespace, type] = await queue.get();
  const seen = [slice.stop, String(namespace), type.name];
  await answers.put([before, hasParts(), seen]);
}

/** A pool's initializer: has this module loaded before the first task comes. */
export function begin(): void {}

/** A task of a pool. */
export function fromTask(list: List): Promise<Said> {
  return look(list, hadParts);
}

let source: Queue<List>;

/** The initializer of a pool. */
export function setSource(queue: Queue<List>): void {
  source = queue;
}
/** Tasks that give, or throw, what the pool's owner has to decode. */
export function takeList(): Promise<List> {
  return source.get();
}
export async function throwList(): Promise<never> {
  throw Object.assign(new TypeError("with a list"), { list: await source.get() });
}

export async function fromResult(
  answers: Answers,
  queue: Queue<List>,
): Promise<void> {
  const before = hasParts();
  const pool = Pool(1, setSource, [queue]);
  await answers.put(await look(await pool.apply(takeList), before));
  pool.close();
  await pool.join();
}

export async function fromError(
  answers: Answers,
  queue: Queue<List>,
): Promise<void> {
  const before = hasParts();
  const pool = Pool(1, setSource, [queue]);
  const error = await pool.apply(throwList).catch((error) => error);
  const [, after, seen] = await look(error.list, before);
  await answers.put([before, after, [error.name, error.cause.name, seen]]);
  pool.close();
  await pool.join();
}

/** An argument for a manager that starts is copied at the call. */
export async function usesManager(answers: Answers): Promise<void> {
  const before = hasParts();
  const manager = Manager();
  const items = [1, 2];
  const making = manager.list(items);
  items.push(3);
  await answers.put(await look(await making, before));
  await manager.shutdown();
}

/** Leaves its manager to the end of the process. */
export async function leavesManager(answers: Answers): Promise<void> {
  const before = hasParts();
  const manager = Manager();
  const { address, _process } = manager;
  await answers.put([before, hasParts(), [typeof address, _process?.name]]);
  await manager.list();
}
