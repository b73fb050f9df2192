/** Starts processes in a working directory that is not there any more. */
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { is_main, Manager, Pool, Process, Queue } from "../../mod.ts";

export function nothing(): void {}

const WAYS: Record<string, () => Promise<unknown>> = {
  Process: async () => await new Process({ target: nothing }).start(),
  async Pool() {
    const pool = Pool(1);
    try {
      await pool.apply(nothing, []);
    } finally {
      await pool.terminate();
    }
  },
  Manager: async () => await Manager().dict(),
  async Queue() {
    const q = Queue();
    await q.put(1);
    await q.get();
  },
};

async function main(): Promise<void> {
  const directory = mkdtempSync(`${tmpdir()}/pystd-gone-`);
  process.chdir(directory);
  rmdirSync(directory);
  for (const [name, way] of Object.entries(WAYS)) {
    const said = await way().then(
      () => "works",
      ({ name, message }: Error) => `${name}: ${message}`,
    );
    console.log(name, said);
  }
}

if (is_main(import.meta)) void main();
