// Children print while others work: argument 1 how many megabytes, argument 2 how many times
// the others are asked something. What the root finds is told on stderr.
import { readFileSync } from "node:fs";
import process from "node:process";
import { Process, Queue } from "../../mod.ts";

const LINE = `${"x".repeat(999)}\n`;

export async function print(megabytes: number, done: Queue<string>): Promise<void> {
  for (let i = 0; i < megabytes * 1000; i++) process.stdout.write(LINE);
  await done.put("printed");
}

export async function echo(questions: Queue<number>, answers: Queue<number>) {
  for (let i = await questions.get(); i >= 0; i = await questions.get()) {
    await answers.put(i);
  }
}

/** The most memory that this process has had, in megabytes; undefined where it is not told. */
function peak(): number | undefined {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1000;
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const [megabytes, count] = process.argv.slice(2).map(Number);
  const [questions, answers, done] = [
    Queue<number>(),
    Queue<number>(),
    Queue<string>(),
  ];
  const printers = [1, 2].map(() =>
    new Process({ target: print, args: [megabytes! / 2, done] })
  );
  const worker = new Process({ target: echo, args: [questions, answers] });
  for (const p of [worker, ...printers]) await p.start();
  for (let i = 0; i < count!; i++) {
    await questions.put(i);
    if (await answers.get() !== i) throw new Error("not what was asked");
  }
  console.error("worked");
  for (const _ of printers) console.error(await done.get());
  await questions.put(-1);
  for (const p of [worker, ...printers]) {
    await p.join();
    console.error(`exit code ${p.exitcode}`);
  }
  console.error(`peak ${peak() ?? 0} MB`);
}
