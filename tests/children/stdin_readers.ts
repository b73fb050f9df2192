// Children start programs with inherited stdin, while messages come to them all the time.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { Process, Queue } from "../../mod.ts";
import { programCommand } from "../helpers/run.ts";

const SUBPROCESSES = 25;
const LONG = "long ".repeat(20_000);

const COMMANDS = [
  ["cat"],
  ["sh", "-c", "while read -r line; do echo line; done"],
  ["dd", "bs=1048576", "status=none"],
];

export async function answer(questions: Queue<unknown>, answers: Queue<unknown>) {
  const readers = Promise.all(Array.from({ length: SUBPROCESSES }, (_, i) => {
    // The runtime itself waits for stdin with its event loop; it takes long to start.
    return i === 0
      ? outputOf(programCommand("tests/children/poll_stdin.ts"))
      : outputOf(COMMANDS[i % COMMANDS.length]!);
  }));
  let isReading = true;
  const read = readers.finally(() => isReading = false);
  let count = 0;
  while (isReading) {
    await answers.put([process.pid, "question"]);
    await questions.get();
    count++;
  }
  const outputs = await read;
  const own = readFileSync(0).length;
  await answers.put([process.pid, "end", outputs.join("").trim(), own, count > 0]);
}

function outputOf([file, ...args]: string[]): Promise<string> {
  const child = spawn(file!, args, { stdio: ["inherit", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (bytes) => output += bytes);
  return new Promise((resolve) => child.on("close", () => resolve(output)));
}

if (import.meta.main) {
  const answers = Queue<unknown[]>();
  const questions = new Map<number, Queue<unknown>>();
  const processes = [];
  for (let i = 0; i < 4; i++) {
    const q = Queue<unknown>();
    const p = new Process({ target: answer, args: [q, answers] });
    await p.start();
    questions.set(p.pid!, q);
    processes.push(p);
  }
  for (let left = 4; left > 0;) {
    const [pid, what, ...rest] = await answers.get();
    if (what === "question") {
      await questions.get(pid as number)!.put(LONG);
      continue;
    }
    left--;
    console.log(JSON.stringify(rest));
  }
  for (const p of processes) {
    await p.join();
    console.log(p.exitcode);
  }
}
