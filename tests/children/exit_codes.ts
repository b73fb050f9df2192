// Children and main end in ways that set an exit code; exit handlers say what they see.
import process from "node:process";
import { Pool, Process, SystemExit } from "../../mod.ts";
import { square } from "../helpers/pool_work.ts";

function listen(): void {
  process.on("exit", (code) => console.log("exit handler:", code));
}

export function sets(): void {
  process.exitCode = 7;
}

export function returns(): void {
  listen();
}

export function leaves(): never {
  listen();
  throw new SystemExit(3);
}

export function fails(): never {
  listen();
  throw new Error("on purpose");
}

export function leavesLate(): void {
  listen();
  setTimeout(() => {
    throw new SystemExit(4);
  });
}

export function initialize(): void {
  process.on("exit", (code) => console.log("worker's exit handler:", code));
}

if (import.meta.main) {
  for (const target of [sets, returns, leaves, fails, leavesLate]) {
    const p = new Process({ target });
    p.start();
    await p.join();
    console.log(target.name, p.exitcode);
  }
  const pool = Pool(1, { initializer: initialize });
  console.log(await pool.map(square, [2]));
  pool.close();
  await pool.join();
  const last = new Process({ target: returns });
  last.start();
  throw new SystemExit(process.argv[2] ?? 3);
}
