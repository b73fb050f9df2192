// Ends as its argument says while children run. A worker that runs beside a daemon ends
// when that has: nobody else holds what it waits for.
import process from "node:process";
import { current_process, log_to_stderr, Pipe, Process, Queue } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";

export async function runForEver(ready: Connection, _held?: Connection): Promise<void> {
  await ready.send(null);
  await new Promise<never>(() => setInterval(() => {}, 60_000));
}

export async function outlive(reader: Connection): Promise<void> {
  try {
    await reader.recv();
  } catch (error) {
    if ((error as Error).name !== "EOFError") throw error;
    console.log("the daemon has ended before the worker");
  }
}

export async function leaveBoth(): Promise<void> {
  const [ready, tell] = Pipe(false);
  const [reader, held] = Pipe(false);
  const daemon = new Process({ target: runForEver, args: [tell, held], daemon: true });
  await daemon.start();
  held.close();
  await new Process({ target: outlive, args: [reader] }).start();
  await ready.recv();
  console.log(`${current_process().name} is done`);
}

export async function echo(conn: Connection): Promise<void> {
  for await (const text of conn) await conn.send(text);
}

export function doNothing(): void {}

/** To wait for a child is not to have nothing left to do. */
async function joinOne(): Promise<void> {
  const [conn, theirs] = Pipe();
  new Process({ target: echo, args: [theirs], daemon: true }).start();
  const p = new Process({ target: doNothing });
  p.start();
  await p.join();
  await conn.send("the daemon runs on");
  console.log(await conn.recv());
}

export async function workOn(gate: Queue<null>): Promise<void> {
  await gate.get();
  console.log("child done");
}

const PROGRAMS: Record<string, () => Promise<void>> = {
  root() {
    log_to_stderr("INFO");
    return leaveBoth();
  },
  async middle() {
    const p = new Process({ target: leaveBoth });
    p.start();
    await p.join();
    console.log(`exitcode ${p.exitcode}`);
  },
  join: joinOne,
  /** Without join while its child is still at work. */
  async waits() {
    const gate = Queue<null>();
    await new Process({ target: workOn, args: [gate] }).start();
    console.log("main done");
    await gate.put(null);
  },
  /** While its daemon runs for ever; by an explicit exit if there is a code. */
  async daemon() {
    const [ready, tell] = Pipe(false);
    const p = new Process({ target: runForEver, args: [tell], daemon: true });
    await p.start();
    await ready.recv();
    console.log(`daemon ${p.pid} runs`);
    if (process.argv[3] !== undefined) process.exit(Number(process.argv[3]));
  },
};

if (import.meta.main) await PROGRAMS[process.argv[2]!]!();
