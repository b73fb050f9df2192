/**
 * Tasks as one worker is told of them: it remembers which functions the worker knows.
 *
 * @module
 */
import { dumps } from "../reduction/mod.ts";
import type { Payload } from "../wire/message.ts";
import type { PoolFunction } from "./functions.ts";
import { NOTHING, type Task } from "./job.ts";
import { pack } from "./packing.ts";
import { Form, Told } from "./protocol.ts";

/** See the file's head. */
export class TellWriter {
  readonly #known = new Set<number>();
  /** Functions that the worker is to forget with the next message. */
  readonly #forgotten: number[] = [];

  /** The worker shall forget a function that is not used any more. */
  forget({ id }: PoolFunction): void {
    if (this.#known.delete(id)) this.#forgotten.push(id);
  }

  /** Numbers and items that hand tasks to the worker. */
  write(tasks: readonly Task[]): { heads: number[]; items: Payload[] } {
    const heads: number[] = [];
    const items: Payload[] = [];
    for (const id of this.#forgotten.splice(0)) heads.push(Told.Forget, id);
    for (let at = 0; at < tasks.length;) {
      const task = tasks[at]!;
      const { func, mode } = task.job.settings;
      if (!this.#known.has(func.id)) {
        this.#known.add(func.id);
        heads.push(Told.Define, func.id);
        items.push(func.payload!);
      }
      if (task.scalar === NOTHING) {
        heads.push(Told.Task, func.id, mode, task.form, task.ticks);
        items.push(task.payload!);
        at++;
      } else {
        at += writeRun(heads, items, func, scalarsFrom(tasks, at));
      }
    }
    return { heads, items };
  }
}

/** Writes tasks that are told of together; gives how many they are. */
function writeRun(
  heads: number[],
  items: Payload[],
  func: PoolFunction,
  scalars: unknown[],
): number {
  const { length } = scalars;
  const [first] = scalars;
  if (length === 1 && typeof first === "number") {
    heads.push(Told.Run, func.id, Form.Head, 1, first);
  } else {
    const { form, bytes } = pack(scalars) ?? packAny(scalars);
    heads.push(Told.Run, func.id, form, length);
    items.push(bytes);
  }
  return length;
}

/** The arguments of the tasks from `at` on that can be told of together. */
function scalarsFrom(tasks: readonly Task[], at: number): unknown[] {
  const { func } = tasks[at]!.job.settings;
  const scalars: unknown[] = [];
  for (let i = at; i < tasks.length; i++) {
    const { scalar, job } = tasks[i]!;
    if (scalar === NOTHING || job.settings.func !== func) break;
    scalars.push(scalar);
  }
  return scalars;
}

/** Texts and other things that always can be sent. */
function packAny(scalars: unknown[]): { form: Form; bytes: Payload } {
  return { form: Form.Payload, bytes: dumps(scalars) as Payload };
}
