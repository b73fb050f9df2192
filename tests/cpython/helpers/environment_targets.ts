/** Targets of child_environment_test.ts. */
import process from "node:process";
import {
  current_process,
  get_start_method,
  Process,
  type SimpleQueue,
} from "../../../mod.ts";

/** The environment of a process. */
export interface Surroundings {
  script: string | undefined;
  args: string[];
  cwd: string;
  inherited: string | undefined;
  setBeforeStart: string | undefined;
  stdin: string;
  startMethod: string;
  key: string;
  main: boolean;
}

/** Sends {@linkcode Surroundings}, `generations` times, each from a process further down. */
export async function describe(
  q: SimpleQueue<Surroundings>,
  generations: number,
): Promise<void> {
  await q.put({
    script: process.argv[1],
    args: process.argv.slice(2),
    cwd: process.cwd(),
    inherited: process.env["INHERITED"],
    setBeforeStart: process.env["SET_BEFORE_START"],
    stdin: await readAll(),
    startMethod: String(get_start_method()),
    key: Array.from(current_process().authkey).join(),
    main: import.meta.main,
  });
  if (generations < 2) return;
  const child = new Process({ target: describe, args: [q, generations - 1] });
  await child.start();
  await child.join();
}

async function readAll(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  if ("Deno" in globalThis) {
    for await (const chunk of Deno.stdin.readable) text += `${chunk.length} bytes`;
  }
  return text;
}
