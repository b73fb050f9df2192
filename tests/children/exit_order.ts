// Ends, or has a child of its own end, while a daemon and a worker run. The worker ends
// when the daemon has: nobody else holds what it waits for.
import process from "node:process";
import { current_process, log_to_stderr, Pipe, Process } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";

export async function runForEver(ready: Connection, _held: Connection): Promise<void> {
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

if (import.meta.main) {
  if (process.argv[2] === "root") {
    log_to_stderr("INFO");
    await leaveBoth();
  } else if (process.argv[2] === "join") {
    await joinOne();
  } else {
    const p = new Process({ target: leaveBoth });
    p.start();
    await p.join();
    console.log(`exitcode ${p.exitcode}`);
  }
}
