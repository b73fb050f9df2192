// Prints as JSON what children find as the program's script. Nothing imports `process` here:
// on Deno that would load it before the target is called.
import { is_main, Process, SimpleQueue } from "../../mod.ts";

/** What a child finds; `main` is Deno's main module, which really runs. */
export interface Found {
  script: string | undefined;
  main: string | undefined;
}

interface WithArgv {
  argv: string[];
}

export async function tell(q: SimpleQueue<Found>, isImported: boolean): Promise<void> {
  const { argv } = isImported
    ? (await import("node:process")).default
    : (globalThis as unknown as { process: WithArgv }).process;
  const main = "Deno" in globalThis ? Deno.mainModule : undefined;
  await q.put({ script: argv[1], main });
}

if (is_main(import.meta)) {
  const q = SimpleQueue<Found>();
  const found: Found[] = [];
  for (const isImported of [false, true]) {
    const p = new Process({ target: tell, args: [q, isImported] });
    p.start();
    found.push(await q.get());
    await p.join();
  }
  const { argv } = (await import("node:process")).default;
  console.log(JSON.stringify({ script: argv[1], found }));
}
