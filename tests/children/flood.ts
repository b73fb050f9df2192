// A child prints 10 MB from four sources while it sends big messages through a queue.
import { spawn } from "node:child_process";
import process from "node:process";
import { setImmediate } from "node:timers";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { Process, Queue } from "../../mod.ts";
import { line } from "./flood_lines.ts";

const LINES = import.meta.resolve("./flood_lines.ts");

/**
 * Prints `lines` lines by each of console.log (A), raw writes (B), a Worker thread (C)
 * and a subprocess (D), and puts `messages` messages of 1 MB meanwhile.
 */
export async function flood(
  q: Queue<Uint8Array>,
  messages: number,
  lines: number,
): Promise<void> {
  const others = [runWorker(lines), runSubprocess(lines)];
  for (let i = 0; i < lines; i++) {
    console.log(line("A", i));
    writeRaw(`${line("B", i)}\n`);
    if (i % (lines / messages) === 0) await q.put(message(i / (lines / messages)));
    // Lets the worker's lines through, where they come by way of this thread.
    if (i % 10 === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  await Promise.all(others);
}

function message(i: number): Uint8Array {
  return new Uint8Array(1_000_000).map((_, at) => at * i & 255);
}

function writeRaw(text: string): void {
  if (!("Deno" in globalThis)) return void process.stdout.write(text);
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

function runWorker(lines: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(LINES), { workerData: ["C", String(lines)] });
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}

function runSubprocess(lines: number): Promise<void> {
  const flags = "Deno" in globalThis ? ["run", "-A"] : [];
  const child = spawn(
    process.execPath,
    [...flags, fileURLToPath(LINES), "D", String(lines)],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => resolve());
  });
}

if (import.meta.main) {
  const q = Queue<Uint8Array>(2);
  const p = new Process({ target: flood, args: [q, 20, 2500] });
  await p.start();
  let whole = 0;
  for (let i = 0; i < 20; i++) {
    const bytes = await q.get(true, 40);
    if (
      bytes.length === 1_000_000 && bytes.every((byte, at) => byte === (at * i & 255))
    ) {
      whole++;
    }
  }
  await p.join();
  console.error(`${whole} whole messages, exitcode ${p.exitcode}`);
}
