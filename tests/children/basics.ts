// Functions that tests run in other processes.
import process from "node:process";
import { current_process, parent_process, Process, type Queue } from "../../mod.ts";

export function nothing(): void {}

export async function who(answers: Queue): Promise<void> {
  const { name, daemon, pid, authkey } = current_process();
  const parent = parent_process();
  await answers.put({
    name,
    daemon,
    pid,
    authkey: new Uint8Array(authkey),
    parent: parent?.name,
  });
}

export async function echo(from: Queue, to: Queue, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await to.put(await from.get());
}

export async function takeAndHang(queue: Queue, taken: Queue): Promise<void> {
  await taken.put(await queue.get());
  await queue.get({ signal: new AbortController().signal });
}

export class Greeter extends Process {
  greeting = "hello";
  answers: Queue;
  constructor(answers: Queue) {
    super({ name: "greeter" });
    this.answers = answers;
  }
  override async run(): Promise<void> {
    await this.answers.put([this.greeting, this.name, this.constructor.name]);
  }
}

/** Has many gets under way, says what they gave, and waits to be killed. */
export async function takeManyAndHang(
  q: Queue<number>,
  taken: Queue<number[]>,
  count: number,
): Promise<void> {
  await taken.put(await Promise.all(Array.from({ length: count }, () => q.get())));
  await new Promise(() => {});
}

/** Asks for something when there is nothing left to do, and answers one more. */
export function askAtTheEnd(q: Queue<number>, answers: Queue<number>): void {
  process.once("beforeExit", async () => {
    await answers.put(await q.get() + 1);
  });
}
