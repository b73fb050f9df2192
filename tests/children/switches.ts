// Prints which mechanisms are off here, in a child and in its child, each started with an
// environment that says something else; with the argument "alone", only here.
import process from "node:process";
import { Process, Queue } from "../../mod.ts";
import { switchedOff } from "../../src/runtime/switches.ts";

type Lines = ReturnType<typeof Queue<string>>;

const say = (name: string) => [`${name}:`, ...switchedOff()].join(" ");

async function startChild(lines: Lines, names: string[]): Promise<void> {
  process.env.MULTIPROCESSING_PLAIN = "";
  process.env.MULTIPROCESSING_WITHOUT = "claims,packing";
  const p = new Process({ target: child, args: [lines, names] });
  await p.start();
  await p.join();
}

export async function child(lines: Lines, names: string[]): Promise<void> {
  await lines.put(say(names[0]!));
  if (names.length > 1) await startChild(lines, names.slice(1));
}

if (import.meta.main) {
  console.log(say("root"));
  if (!process.argv.includes("alone")) {
    const lines = Queue<string>();
    await startChild(lines, ["child", "grandchild"]);
    for (let i = 0; i < 2; i++) console.log(await lines.get());
  }
}
